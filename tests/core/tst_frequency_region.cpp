// Regions of the frequency plane: which bins they hold, and which are drawn in their place.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/frequency_region.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

using Coefficients = std::vector<std::complex<float>>;

FrequencyPlane half(Index rows, Index cols) { return {rows, cols, cols / 2 + 1}; }

/// 4 rows, 4 columns of which 3 are stored: ky is 0, .25, .5, -.25 and kx 0, .25, .5.
std::vector<int> ofFour(const char* text)
{
    const Bins bins = FrequencyRegion::parse(text).bins(half(4, 4));
    return {bins.begin(), bins.end()};
}

Coefficients noisy(const FrequencyPlane& plane, const char* name)
{
    const Tensor values = noise({plane.count(), 2}, name);
    Coefficients all;
    for (Index i = 0; i < plane.count(); ++i)
        all.emplace_back(values.data()[2 * i], values.data()[2 * i + 1]);
    return all;
}

/// Sum of |fft2(irfft2(K))|^2 with sums in double precision.
double naiveEnergy(const Coefficients& filter, const FrequencyPlane& plane)
{
    const Doubles kernel = naiveHalfInverse(Complexes(filter.begin(), filter.end()), plane.rows, plane.cols);
    double energy = 0;
    for (const auto& r : naiveDft2(Complexes(kernel.begin(), kernel.end()), plane.rows, plane.cols, -1))
        energy += std::norm(r / static_cast<double>(plane.rows * plane.cols));
    return energy;
}

/// Only the bins of a region, the others 0.
Coefficients within(Coefficients filter, const Bins& bins)
{
    for (std::size_t i = 0; i < bins.size(); ++i)
        if (!bins[i])
            filter[i] = 0;
    return filter;
}

Index countAlone(const FrequencyPlane& plane, const Bins& bins)
{
    Index alone = 0;
    for (Index bin = 0; bin < plane.count(); ++bin)
        alone += bins[static_cast<std::size_t>(bin)] && plane.mirror(bin) == bin;
    return alone;
}

}

class TestFrequencyRegion : public QObject {
    Q_OBJECT
private slots:
    void shapesHoldTheirBins()
    {
        QCOMPARE(ofFour("all"), std::vector<int>(12, 1));
        QCOMPARE(ofFour("ring:0..0.25"), (std::vector{1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0}));
        QCOMPARE(ofFour("ring:0.25..0.36"), (std::vector{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0}));
        QCOMPARE(ofFour("ring:0..0"), (std::vector{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(ofFour("wedge:-10..10"), (std::vector{0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(ofFour("wedge:90..100"), (std::vector{0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0}));
        // (-1/2, 1/2) is (1/2, 1/2), so that bin 8 is on both diagonals
        QCOMPARE(ofFour("wedge:45..50"), (std::vector{0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}));
        QCOMPARE(ofFour("wedge:-50..-40"), (std::vector{0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0}));
        QCOMPARE(ofFour("wedge:40..45"), std::vector<int>(12, 0));
        QCOMPARE(ofFour("wedge:20..200"), std::vector<int>(12, 1));
        QCOMPARE(ofFour("box:0.25..0.3,0.2..0.3"), (std::vector{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(ofFour("box:0.2..0.3,-0.1..0.1"), (std::vector{0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0}));
        QCOMPARE(ofFour("mask:840"), (std::vector{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1})); // (1, 2) and (3, 2)
        QCOMPARE(ofFour("mask:100"), (std::vector{0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0}));
    }

    void aHalfTurnIsThePlaneWhateverItsDecimals()
    {
        const FrequencyPlane plane = half(14, 14);
        for (int i = 0; i < 3600; ++i) { // in decimals, B - A misses 180 by a rounding to either side
            const auto rounded = [](double angle) { return std::round(angle * 1e4) / 1e4; };
            const double from = rounded(-180 + 0.0977 * i);
            FrequencyRegion region;
            region.shape = FrequencyRegion::Shape::Wedge;
            region.edges = {from, rounded(from + 180)};
            const Bins bins = FrequencyRegion::parse(region.text()).bins(plane);
            QCOMPARE(std::ranges::count(bins, 1), plane.count());
        }
        FOVEA_THROWS(FrequencyRegion::parse("wedge:0..180.001"), UsageError, "180");
    }

    void everyRegionHoldsTheMirrorOfWhatItHolds()
    {
        for (const FrequencyPlane& plane :
            {half(4, 4), half(5, 4), half(4, 5), half(7, 7), FrequencyPlane{6, 5, 5}})
            for (const char* text :
                {"ring:0.1..0.3", "wedge:10..60", "wedge:95..130", "box:0.1..0.5,-0.2..0.5",
                    "equal-number:3:wedge:10..60", "equal-energy:3:ring:0.1..0.3"}) {
                const Bins bins = FrequencyRegion::parse(text).bins(plane, noisy(plane, "k"), "p", 1);
                for (Index bin = 0; bin < plane.count(); ++bin)
                    if (const Index other = plane.mirror(bin); other >= 0)
                        QCOMPARE(bins[static_cast<std::size_t>(bin)], bins[static_cast<std::size_t>(other)]);
            }
    }

    /// Frequency 0 holds nine tenths: nothing without it is as strong, and not all of the plane is.
    void aDominantFrequencyIsAmongTheEquallyStrong()
    {
        const FrequencyPlane plane{14, 14, 8};
        std::vector<std::complex<float>> filter(static_cast<std::size_t>(plane.count()), 0.03F);
        filter.front() = std::sqrt(9 * 195 * 0.0009F);
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            FrequencyRegion region = FrequencyRegion::parse("ring:0..0.01");
            const double wanted = tallyOf(plane, filter, region.bins(plane)).energy;
            region.draw = FrequencyRegion::Draw::EqualEnergy;
            region.seed = seed;
            const Bins drawn = region.bins(plane, filter, "f", 0);
            const BinTally tally = tallyOf(plane, filter, drawn);
            QVERIFY(drawn.front() != 0);
            QVERIFY2(std::abs(tally.energy / wanted - 1) < 0.12,
                qPrintable(QString::number(tally.energy / wanted)));
            QVERIFY(tally.frequencies < 196);
        }
    }

    void energyIsThatOfTheResponseOnTheWholePlane()
    {
        for (const FrequencyPlane& plane : {half(4, 4), half(5, 4), half(6, 7), half(14, 14)})
            for (const char* text : {"all", "ring:0.2..0.4", "wedge:30..120", "ring:0..0.3"}) {
                const Coefficients filter = noisy(plane, "k");
                const Bins bins = FrequencyRegion::parse(text).bins(plane);
                const double expected = naiveEnergy(within(filter, bins), plane);
                QVERIFY(std::abs(tallyOf(plane, filter, bins).energy - expected) < 1e-9 * expected);
            }
        QCOMPARE(tallyOf(half(14, 14), noisy(half(14, 14), "k"), Bins(112, 1)).frequencies, Index{196});
    }

    void asManyAreDrawnOfEachSort()
    {
        const FrequencyPlane plane = half(6, 6);
        const Coefficients filter = noisy(plane, "k");
        Bins all(static_cast<std::size_t>(plane.count()));
        for (const char* shape : {"ring:0..0.2", "ring:0.2..0.8", "wedge:80..100", "all"})
            for (std::uint64_t seed = 0; seed < 64; ++seed) {
                FrequencyRegion region = FrequencyRegion::parse(shape);
                const Bins own = region.bins(plane);
                region.draw = FrequencyRegion::Draw::EqualNumber;
                region.seed = seed;
                const Bins drawn = region.bins(plane, filter, "blocks.0.filter.weight", 2);
                QCOMPARE(tallyOf(plane, filter, drawn).frequencies, tallyOf(plane, filter, own).frequencies);
                QCOMPARE(countAlone(plane, drawn), countAlone(plane, own));
                QCOMPARE(drawn, region.bins(plane, filter, "blocks.0.filter.weight", 2));
                for (std::size_t i = 0; i < all.size() && shape == std::string("wedge:80..100"); ++i)
                    all[i] = all[i] || drawn[i];
            }
        QVERIFY(std::ranges::count(all, 1) > 3 * plane.count() / 4); // from everywhere
    }

    void drawsDependOnSeedPathAndChannel()
    {
        const FrequencyPlane plane = half(14, 14);
        const Coefficients filter = noisy(plane, "k");
        const FrequencyRegion one = FrequencyRegion::parse("equal-number:1:ring:0.1..0.3"),
                              two = FrequencyRegion::parse("equal-number:2:ring:0.1..0.3");
        const Bins drawn = one.bins(plane, filter, "a", 0);
        QVERIFY(drawn != two.bins(plane, filter, "a", 0));
        QVERIFY(drawn != one.bins(plane, filter, "b", 0));
        QVERIFY(drawn != one.bins(plane, filter, "a", 1));
    }

    void asMuchEnergyIsDrawn()
    {
        const FrequencyPlane plane = half(14, 14);
        Coefficients filter = noisy(plane, "k");
        for (const float dominant : {0.0F, 100.0F}) {
            filter[0] += dominant; // the mean holds nearly all
            for (const char* shape : {"ring:0..0.01", "ring:0..0.2", "wedge:20..40"})
                for (std::uint64_t seed = 0; seed < 20; ++seed) {
                    FrequencyRegion region = FrequencyRegion::parse(shape);
                    const double wanted = naiveEnergy(within(filter, region.bins(plane)), plane);
                    region.draw = FrequencyRegion::Draw::EqualEnergy;
                    region.seed = seed;
                    const Bins drawn = region.bins(plane, filter, "p", 0);
                    const double found = naiveEnergy(within(filter, drawn), plane);
                    // one frequency of many that are alike has no sum of others to match with
                    const double slack = wanted < 10 ? 0.3 : 0.05;
                    QVERIFY2(
                        std::abs(found / wanted - 1) < slack, qPrintable(QString::number(found / wanted)));
                }
        }
    }

    void textsAreReadAndWritten()
    {
        for (const char* text : {"all", "ring:0.1..0.25", "wedge:-10..30", "box:-0.5..0.5,0..0.25",
                 "mask:0f80", "equal-number:7:ring:0..0.3", "equal-energy:18446744073709551615:wedge:0..90"})
            QCOMPARE(QString::fromStdString(FrequencyRegion::parse(text).text()), QString(text));
        Bins bins(12);
        bins[0] = bins[5] = bins[11] = 1;
        QCOMPARE(FrequencyRegion::ofBins(half(4, 4), bins).text(), std::string("mask:841"));
        QCOMPARE(FrequencyRegion::parse("mask:841").bins(half(4, 4)), bins);
    }

    void badTextsSayWhatIsAllowed()
    {
        const auto read = [](const char* text) { return FrequencyRegion::parse(text); };
        FOVEA_THROWS(read("disc:0.3"), UsageError, "'disc' is no region", "ring:A..B", "mask:HEX");
        FOVEA_THROWS(read(""), UsageError, "no region");
        FOVEA_THROWS(read("ring:0.3"), UsageError, "ring:A..B", "0 <= A <= B");
        FOVEA_THROWS(read("ring:0.3..0.1"), UsageError, "0 <= A <= B");
        FOVEA_THROWS(read("ring:-0.3..0.1"), UsageError, "0 <= A <= B");
        FOVEA_THROWS(read("ring:0.3..nan"), UsageError, "0 <= A <= B");
        FOVEA_THROWS(read("wedge:0..200"), UsageError, "degrees");
        FOVEA_THROWS(read("box:0..1"), UsageError, "box:Y0..Y1,X0..X1");
        FOVEA_THROWS(read("mask:12g4"), UsageError, "hexadecimal");
        FOVEA_THROWS(read("all:1"), UsageError, "takes nothing");
        FOVEA_THROWS(read("equal-number:x:all"), UsageError, "equal-number:SEED:REGION");
        FOVEA_THROWS(read("equal-energy:1"), UsageError, "equal-energy:SEED:REGION");
        FOVEA_THROWS(read("equal-energy:1:equal-number:1:all"), UsageError, "no region");
        FOVEA_THROWS(read("mask:84").bins(half(4, 4)), UsageError, "4 x 3 bins take 3");
    }
};

QTEST_APPLESS_MAIN(TestFrequencyRegion)
#include "tst_frequency_region.moc"
