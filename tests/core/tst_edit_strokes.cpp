// Verbs on a region of a filter: what they make of the response that acts, and their gradients.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/edit.h"
#include "core/trace/frequency_region.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

using Complex = std::complex<float>;
constexpr const char* path = "blocks.0.filter.weight";

std::vector<SignalInfo> infos()
{
    std::vector<SignalInfo> all;
    for (const char* block : {"blocks.0", "blocks.1"}) {
        SignalInfo weight;
        weight.path = std::string(block) + ".filter.weight";
        weight.kind = Kind::Filter;
        weight.block = block;
        weight.domain = "half-spectrum";
        all.push_back(weight);
    }
    SignalInfo out;
    out.path = "blocks.2.out";
    out.block = "blocks.2";
    all.push_back(out);
    return all;
}

EditPlan planOf(const std::string& edit, const EditPlan::FilterSource& filters = {})
{
    return EditPlan({Edit::parse(edit)}, infos(), {"blocks.0", "blocks.1", "blocks.2"}, {}, filters);
}

Tensor filterOf(Index channels, Index rows, Index cols, const char* name)
{
    const Tensor pairs = noise({1, channels, rows, cols / 2 + 1, 2}, name);
    Tensor filter({1, channels, rows, cols / 2 + 1}, DType::C64);
    const auto to = filter.writable<Complex>();
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = {pairs.data()[2 * i], pairs.data()[2 * i + 1]};
    return filter;
}

Shown shownOn(Index rows, Index cols)
{
    return {
        .path = path, .queries = TokenLayout::image(static_cast<int>(rows), static_cast<int>(cols), 64, 64)};
}

Tensor edited(const std::string& edit, const Tensor& filter, Index cols)
{
    return planOf(edit).apply(shownOn(filter.dim(2), cols), filter);
}

/// fft2(irfft2(K)) of a channel, by sums: the rule of a non-Hermitian irfft2.
Complexes responseOf(const Tensor& filter, Index channel, Index cols)
{
    const Index rows = filter.dim(2), count = rows * filter.dim(3);
    const auto values = filter.values<Complex>().subspan(
        static_cast<std::size_t>(channel * count), static_cast<std::size_t>(count));
    const Doubles kernel = naiveHalfInverse(Complexes(values.begin(), values.end()), rows, cols);
    Complexes response = naiveDft2(Complexes(kernel.begin(), kernel.end()), rows, cols, -1);
    for (auto& r : response)
        r /= static_cast<double>(rows * cols);
    return response;
}

bool isRing(Index y, Index x, Index rows, Index cols)
{
    const auto signedShare = [](Index i, Index n) {
        return static_cast<double>(2 * i > n ? i - n : i) / static_cast<double>(n);
    };
    const double radius = std::hypot(signedShare(y, rows), signedShare(x, cols));
    return radius > 0.2 && radius < 0.46;
}

/// Compares the response after an edit of ring:0.2..0.46 with fn(before, after) inside and no change outside.
template <class Fn>
void compareResponses(const std::string& verb, Fn expected)
{
    for (const auto& [rows, cols] : {std::pair<Index, Index>{4, 4}, {5, 4}, {6, 7}, {7, 7}, {14, 14}}) {
        const Tensor before = filterOf(2, rows, cols, "k");
        const Tensor after = edited("blocks.0.filter.1=" + verb + ":ring:0.2..0.46", before, cols);
        const Complexes old = responseOf(before, 1, cols), now = responseOf(after, 1, cols);
        for (Index i = 0; i < rows * cols; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const std::complex<double> wanted
                = isRing(i / cols, i % cols, rows, cols) ? expected(old[at], now[at]) : old[at];
            QVERIFY(std::abs(now[at] - wanted) < 1e-6 * (1 + std::abs(wanted)));
        }
        const Complexes untouched = responseOf(after, 0, cols), first = responseOf(before, 0, cols);
        for (std::size_t i = 0; i < first.size(); ++i)
            QCOMPARE(untouched[i], first[i]);
    }
}

/// sum Re(conj(w) K') after the edit.
double lossOf(EditPlan& plan, const Shown& shown, const Tensor& filter, const Tensor& w)
{
    const Tensor after = plan.apply(shown, filter);
    const auto a = after.values<Complex>(), b = w.values<Complex>();
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i].real()) * static_cast<double>(b[i].real())
            + static_cast<double>(a[i].imag()) * static_cast<double>(b[i].imag());
    return sum;
}

}

class TestEditStrokes : public QObject {
    Q_OBJECT
private slots:
    void zeroTakesTheResponseAway()
    {
        compareResponses("zero", [](auto, auto) { return 0.0; });
    }

    void gainMultipliesTheResponse()
    {
        compareResponses("gain:-1.5", [](auto before, auto) { return before * -1.5; });
    }

    void magnitudeLeavesTheResponsesMagnitude()
    {
        compareResponses("magnitude", [](auto before, auto) { return std::abs(before); });
    }

    void phaseTurnsTheResponseAndKeepsItsMagnitude()
    {
        compareResponses(
            "phase:3", [](auto before, auto after) { return after * std::abs(before) / std::abs(after); });
        const Tensor filter = filterOf(1, 14, 14, "k");
        const Tensor one = edited("blocks.0.filter=phase:3", filter, 14),
                     other = edited("blocks.0.filter=phase:4", filter, 14);
        double resultant = 0; // of turns at random: about sqrt(n)
        std::complex<double> sum, difference;
        for (std::size_t i = 0; i < 112; ++i) {
            const std::complex<double> k(filter.values<Complex>()[i]);
            sum += std::complex<double>(one.values<Complex>()[i]) / k;
            difference += std::complex<double>(one.values<Complex>()[i])
                / std::complex<double>(other.values<Complex>()[i]);
        }
        resultant = std::abs(sum);
        QVERIFY2(resultant < 35, qPrintable(QString::number(resultant)));
        QVERIFY(std::abs(difference) < 35);
    }

    void drawnBinsAreZeroed()
    {
        const Tensor filter = filterOf(2, 6, 6, "k");
        const Tensor after = edited("blocks.0.filter=zero:equal-number:5:ring:0.2..0.46", filter, 6);
        const FrequencyPlane plane{6, 6, 4};
        Index zeros[2] = {};
        for (Index i = 0; i < 2 * plane.count(); ++i)
            if (after.values<Complex>()[static_cast<std::size_t>(i)] == Complex())
                zeros[i / plane.count()] += plane.weight(i % plane.count());
        Index wanted = 0;
        for (Index i = 0; i < 36; ++i)
            wanted += isRing(i / 6, i % 6, 6, 6);
        QCOMPARE(zeros[0], wanted);
        QCOMPARE(zeros[1], wanted);
    }

    void fromTakesTheOtherBlocksFilter()
    {
        const Tensor mine = filterOf(2, 4, 4, "mine"), theirs = filterOf(2, 4, 4, "theirs");
        const auto source = [&](const std::string& signal) {
            return signal == "blocks.1.filter.weight" ? theirs.at(0) : Tensor();
        };
        EditPlan all = planOf("blocks.0.filter=from:blocks.1", source);
        QVERIFY(all.apply(shownOn(4, 4), mine).identical(theirs));
        EditPlan some = planOf("blocks.0.filter.1=from:blocks.1:ring:0..0", source);
        const Tensor mixed = some.apply(shownOn(4, 4), mine);
        for (std::size_t i = 0; i < 24; ++i)
            QCOMPARE(mixed.values<Complex>()[i], (i == 12 ? theirs : mine).values<Complex>()[i]);
        EditPlan wrong = planOf("blocks.0.filter=from:blocks.1", source);
        FOVEA_THROWS(wrong.apply(shownOn(6, 6), filterOf(2, 6, 6, "k")), UsageError, "[2, 6, 4]", "[2, 4, 3]",
            "blocks.1");
        FOVEA_THROWS(planOf("blocks.0.filter=from:blocks.2", source), UsageError, "'blocks.2' has no filter",
            "blocks.0, blocks.1");
        FOVEA_THROWS(planOf("blocks.1.filter=from:blocks.0", source), UsageError, "blocks.0.filter.weight");
    }

    void gradientsEqualCentralDifferences_data()
    {
        QTest::addColumn<QString>("verb");
        for (const char* verb : {"lowpass:0.3", "zero:ring:0.2..0.46", "gain:1.5:wedge:20..100",
                 "phase:3:box:-0.3..0.3,-0.5..0.2", "magnitude:ring:0..0.46", "magnitude",
                 "from:blocks.1:ring:0..0.3", "zero:equal-number:2:ring:0..0.3"})
            QTest::addRow("%s", verb) << verb;
    }
    void gradientsEqualCentralDifferences()
    {
        QFETCH(const QString, verb);
        const Tensor theirs = filterOf(2, 5, 4, "theirs");
        EditPlan plan = planOf(
            "blocks.0.filter=" + verb.toStdString(), [&](const std::string&) { return theirs.at(0); });
        for (const auto& [rows, cols] : {std::pair<Index, Index>{5, 4}, {5, 5}}) {
            const Shown shown = shownOn(rows, cols);
            const Tensor filter = filterOf(2, rows, cols, "k"), w = filterOf(2, rows, cols, "w");
            const Tensor found = plan.pullBack(shown, filter, w);
            for (std::size_t i = 0; i < filter.values<Complex>().size(); ++i)
                for (const Complex step : {Complex(1, 0), Complex(0, 1)}) {
                    constexpr float size = 1 / 256.0F;
                    Tensor up = filter.clone(), down = filter.clone();
                    up.writable<Complex>()[i] += step * size;
                    down.writable<Complex>()[i] -= step * size;
                    const double slope = (lossOf(plan, shown, up, w) - lossOf(plan, shown, down, w))
                        / (2 * static_cast<double>(size));
                    const Complex g = found.values<Complex>()[i];
                    const double mine = static_cast<double>(step.real() != 0 ? g.real() : g.imag());
                    QVERIFY2(std::abs(slope - mine) < 3e-3,
                        qPrintable(QString("%1: %2, %3").arg(i).arg(slope).arg(mine)));
                }
        }
    }

    void argumentsThatDoNotFitAreRefused()
    {
        FOVEA_THROWS(planOf("blocks.0.filter=zero:disc:1"), UsageError, "blocks.0.filter=zero:disc:1",
            "'disc' is no region", "wedge:A..B");
        FOVEA_THROWS(planOf("blocks.0.filter=gain"), UsageError, "gain:NUMBER[:REGION]");
        FOVEA_THROWS(planOf("blocks.0.filter=gain:x:all"), UsageError, "gain:NUMBER[:REGION]", "ring:A..B");
        FOVEA_THROWS(planOf("blocks.0.filter=phase:-1"), UsageError, "phase:SEED[:REGION]");
        FOVEA_THROWS(planOf("blocks.0.filter=from:"), UsageError, "from:BLOCK[:REGION]");
        FOVEA_THROWS(planOf("blocks.2=zero"), UsageError, "whole block");
        FOVEA_THROWS(planOf("blocks.2.out=zero"), UsageError, "filters in the frequency domain");
    }

    void aMaskOfAnotherPlaneIsSaidOfEditAndSignal()
    {
        FOVEA_THROWS(edited("blocks.0.filter=zero:mask:84", filterOf(1, 4, 4, "k"), 4), UsageError,
            "blocks.0.filter=zero:mask:84", "'blocks.0.filter.weight'", "4 x 3 bins take 3");
    }

    void asMuchEnergyAsNanIsRefused()
    {
        Tensor filter = filterOf(2, 4, 4, "k");
        filter.writable<Complex>()[15] = {NAN, 0}; // of channel 1
        FOVEA_THROWS(edited("blocks.0.filter=zero:equal-energy:0:ring:0..0.3", filter, 4), UsageError,
            "blocks.0.filter=zero:equal-energy:0:ring:0..0.3", "'blocks.0.filter.weight'", "channel 1");
        edited("blocks.0.filter.0=zero:equal-energy:0:ring:0..0.3", filter, 4); // the other channel
        edited("blocks.0.filter=zero:equal-number:0:ring:0..0.3", filter, 4);
    }
};

QTEST_APPLESS_MAIN(TestEditStrokes)
#include "tst_edit_strokes.moc"
