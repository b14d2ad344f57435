// Which band a filter's channel is of, and orders of channels, against filters whose answer is known.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/filter_bands.h"

#include "tests/support/test.h"

#include <complex>
#include <functional>

using namespace fovea;
using namespace fovea::analysis;

namespace {

/// Real responses of(ky, kx), in cycles per token, symmetric, over n x n; a channel each.
using Response = std::function<double(double, double)>;
Record filterOf(Index n, const std::vector<Response>& channels)
{
    Record record;
    record.info.path = "f.weight";
    record.info.kind = Kind::Filter;
    record.info.domain = "half-spectrum";
    record.queries = TokenLayout::image(
        static_cast<int>(n), static_cast<int>(n), static_cast<double>(n), static_cast<double>(n));
    record.value = Tensor({static_cast<Index>(channels.size()), n, n / 2 + 1}, DType::C64);
    auto out = record.value.writable<std::complex<float>>().begin();
    for (const Response& response : channels)
        for (Index y = 0; y < n; ++y)
            for (Index x = 0; x < n / 2 + 1; ++x)
                *out++ = static_cast<float>(
                    response(static_cast<double>(2 * y > n ? y - n : y) / static_cast<double>(n),
                        static_cast<double>(x) / static_cast<double>(n)));
    return record;
}

const Response flat = [](double, double) { return 1.0; },
               dot = [](double y, double x) { return y == 0 && x == 0 ? 5.0 : 0.0; },
               disc = [](double y, double x) { return std::hypot(y, x) < 0.25 ? 1.0 : 0.0; },
               hole = [](double y, double x) { return std::hypot(y, x) < 0.25 ? 0.0 : 1.0; },
               upright = [](double y, double) { return y == 0 ? 1.0 : 0.0; },
               lying = [](double, double x) { return x == 0 ? 1.0 : 0.0; },
               cross = [](double y, double x) { return (x == 0) != (y == 0) ? 1.0 : 0.0; },
               nothing = [](double, double) { return 0.0; };

}

class TestFilterBands : public QObject {
    Q_OBJECT
private slots:
    void knownFiltersAreNamed()
    {
        for (const Index n : {7, 8, 14}) {
            const auto bands = filterBands(filterOf(n, {flat, dot, disc, hole, upright, lying, nothing}));
            const std::vector<Band> expected{Band::Other, Band::LowPass, Band::LowPass, Band::HighPass,
                Band::Oriented, Band::Oriented, Band::Other};
            for (std::size_t c = 0; c < expected.size(); ++c)
                QVERIFY2(bands[c].band == expected[c], qPrintable(QString("%1: channel %2").arg(n).arg(c)));
            QVERIFY(std::abs(bands[0].low - 0.5) < 1e-6 && bands[0].orientation < 1e-6);
            QVERIFY(std::abs(bands[1].low - 1) < 1e-6 && std::abs(bands[3].low) < 1e-6);
            // a line through frequency 0: all but that, which has no direction; a row of n
            QVERIFY(
                std::abs(bands[4].orientation - static_cast<double>(n - 1) / static_cast<double>(n)) < 1e-6);
            QVERIFY(bands[4].angle >= 0 && bands[4].angle < 1e-4); // 180 is 0
            QVERIFY(std::abs(bands[5].angle - 90) < 1e-4);
            QVERIFY(std::isnan(bands[6].low));
        }
    }

    void twoDirectionsAtRightAnglesAreNone()
    {
        const auto bands = filterBands(filterOf(9, {cross}));
        QVERIFY(bands[0].orientation < 1e-6);
        QVERIFY(bands[0].band != Band::Oriented);
    }

    void theThresholdsAreWhereTheyAreSaid()
    {
        const auto ofLow = [](double inner) { // low = inner^2 / (inner^2 + 1)
            return filterBands(
                filterOf(8, {[=](double y, double x) { return std::hypot(y, x) < 0.25 ? inner : 1.0; }}))[0];
        };
        QVERIFY(std::abs(ofLow(2).low - 0.8) < 1e-6);
        QVERIFY(ofLow(std::sqrt(2.02)).band == Band::LowPass && ofLow(std::sqrt(1.98)).band == Band::Other);
        QVERIFY(ofLow(std::sqrt(0.49)).band == Band::HighPass && ofLow(std::sqrt(0.51)).band == Band::Other);
    }

    void sharesCountChannels()
    {
        const auto shares = bandShares(filterBands(filterOf(8, {flat, dot, disc, upright})));
        QCOMPARE(shares, (std::array<double, bandCount>{0.5, 0.25, 0, 0.25}));
        QCOMPARE(QString(bandName(Band::HighPass)), QString("high-pass"));
    }

    void bandsComeInTheirOrder()
    {
        const auto bands = filterBands(filterOf(8, {flat, lying, hole, nothing, disc, upright, dot}));
        const std::vector<int> order = orderByBand(bands);
        // disc and dot both have low = 1, the upright varies at 0 degrees, the lying one at 90
        QCOMPARE(order.front() + order[1], 4 + 6);
        QCOMPARE(std::vector<int>(order.begin() + 2, order.end()), (std::vector<int>{5, 1, 2, 0, 3}));
    }

    void likeChannelsAreNeighbours()
    {
        const auto louder = [](double y, double x) { return 3 * hole(y, x); };
        const auto nearly = [](double y, double x) { return disc(y, x) + 0.05 * hole(y, x); };
        // distances: disc - nearly small, hole - louder 0; dot is nearer to discs than to holes
        const std::vector<int> order
            = orderByLikeness(filterOf(8, {disc, hole, dot, louder, nearly, upright}));
        QCOMPARE(order.size(), 6U);
        const auto at = [&](int channel) { return std::ranges::find(order, channel) - order.begin(); };
        QCOMPARE(std::abs(at(1) - at(3)), 1);
        QCOMPARE(std::abs(at(0) - at(4)), 1);
        QCOMPARE(orderByLikeness(filterOf(8, {dot})), std::vector<int>{0});
    }

    void averageLinkageIsWhatJoins() // against the definition: all pairs of members, the nearest groups first
    {
        std::vector<Response> channels;
        for (int c = 0; c < 24; ++c)
            channels.push_back([c](double y, double x) {
                const double wave = std::sin(1.0 + 1.7 * c + 13 * y * y + (3.1 + 0.9 * c) * x * x * 16);
                return wave * wave;
            });
        const Record filter = filterOf(8, channels);
        std::vector<std::vector<double>> units; // over the whole plane, each of norm 1
        for (const Response& channel : channels) {
            std::vector<double> unit;
            double square = 0;
            for (int y = -3; y <= 4; ++y)
                for (int x = -3; x <= 4; ++x) {
                    unit.push_back(channel(y / 8.0, x / 8.0));
                    square += unit.back() * unit.back();
                }
            for (double& value : unit)
                value /= std::sqrt(square);
            units.push_back(unit);
        }
        std::vector<std::vector<int>> groups;
        for (int c = 0; c < 24; ++c)
            groups.push_back({c});
        const auto apart = [&](const std::vector<int>& a, const std::vector<int>& b) {
            double sum = 0;
            for (const int i : a)
                for (const int j : b) {
                    double square = 0;
                    for (std::size_t k = 0; k < units[0].size(); ++k) {
                        const double d
                            = units[static_cast<std::size_t>(i)][k] - units[static_cast<std::size_t>(j)][k];
                        square += d * d;
                    }
                    sum += std::sqrt(square);
                }
            return sum / static_cast<double>(a.size() * b.size());
        };
        while (groups.size() > 1) {
            std::size_t first = 0, second = 1;
            for (std::size_t a = 0; a < groups.size(); ++a)
                for (std::size_t b = a + 1; b < groups.size(); ++b)
                    if (apart(groups[a], groups[b]) < apart(groups[first], groups[second]))
                        std::tie(first, second) = std::pair(a, b);
            if (groups[second].front() < groups[first].front())
                std::swap(groups[first], groups[second]);
            groups[first].insert(groups[first].end(), groups[second].begin(), groups[second].end());
            groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(second));
        }
        QCOMPARE(orderByLikeness(filter), groups.front());
    }
};

QTEST_APPLESS_MAIN(TestFilterBands)
#include "tst_filter_bands.moc"
