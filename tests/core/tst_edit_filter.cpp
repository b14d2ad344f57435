// Frequencies of a filter, and the verbs that cut some of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit.h"
#include "core/trace/frequency.h"

#include "tests/support/test.h"
#include "tests/support/toy_runs.h"

#include <complex>

using namespace fovea;
using namespace fovea::test;

namespace {

using Complex = std::complex<float>;

/// What an edit leaves of [1, 2, rows, bins] ones, for a filter of that domain on a grid.
std::vector<int> kept(const char* edit, Index rows, Index bins, const char* domain, int cols)
{
    SignalInfo info;
    info.path = "blocks.0.filter.weight";
    info.kind = Kind::Filter;
    info.block = "blocks.0";
    info.domain = domain;
    SignalInfo out = info;
    out.path = "blocks.0.filter.out";
    out.kind = Kind::Tokens;
    EditPlan plan({Edit::parse(edit)}, {info, out}, {"blocks.0"});
    Tensor ones({1, 2, rows, bins}, DType::C64);
    std::ranges::fill(ones.writable<Complex>(), Complex(1, 1));
    Shown shown{.path = info.path};
    if (cols > 0)
        shown.queries = TokenLayout::image(static_cast<int>(rows), cols, 64, 64);
    std::vector<int> left;
    for (const Complex& value : plan.apply(shown, ones).values<Complex>())
        left.push_back(value == Complex(1, 1) ? 1 : value == Complex() ? 0 : -1);
    return left;
}

std::vector<int> twice(std::vector<int> channel)
{
    const std::vector<int> copy = channel;
    channel.insert(channel.end(), copy.begin(), copy.end());
    return channel;
}

}

class TestEditFilter : public QObject {
    Q_OBJECT
private slots:
    void aBinIsItsFrequencyInCyclesPerToken()
    {
        QCOMPARE(cyclesPerToken(0, 7), 0.0);
        QCOMPARE(cyclesPerToken(3, 7), 3.0 / 7);
        QCOMPARE(cyclesPerToken(4, 7), -3.0 / 7);
        QCOMPARE(cyclesPerToken(4, 8), 0.5);
        QCOMPARE(cyclesPerToken(5, 8), -0.375);
        QCOMPARE(cyclesPerToken(0, 1), 0.0);
    }

    void aHalfSpectrumHasTheWidthOfItsGrid()
    {
        QCOMPARE(planeWidth("half-spectrum", 4, TokenLayout::image(7, 7, 7, 7).get()), Index{7});
        QCOMPARE(planeWidth("half-spectrum", 4, TokenLayout::image(6, 6, 6, 6).get()), Index{6});
        QCOMPARE(planeWidth("half-spectrum", 4, nullptr), Index{6});
        QCOMPARE(planeWidth("half-spectrum", 1, nullptr), Index{1});
        QCOMPARE(planeWidth("spectrum", 4, nullptr), Index{4});
    }

    void lowpassKeepsTheDisc()
    {
        // ky of 4 rows: 0, .25, .5, -.25; kx of a half of 4 columns: 0, .25, .5
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0.25", 4, 3, "half-spectrum", 4),
            twice({1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0}));
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0.36", 4, 3, "half-spectrum", 4),
            twice({1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0}));
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0", 2, 2, "half-spectrum", 2), twice({1, 0, 0, 0}));
        // the same bins of 5 columns: 0, .2, .4
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0.4", 1, 3, "half-spectrum", 5), twice({1, 1, 1}));
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0.4", 1, 3, "half-spectrum", 4), twice({1, 1, 0}));
        // a full spectrum: 0, 1/3, -1/3
        QCOMPARE(kept("blocks.0.filter.weight=lowpass:0.3", 1, 3, "spectrum", 0), twice({1, 0, 0}));
    }

    void aModuleMeansItsFilterAndIndicesItsChannels()
    {
        QCOMPARE(kept("blocks.0.filter=lowpass:0", 1, 2, "half-spectrum", 2), twice({1, 0}));
        QCOMPARE(kept("blocks.0.filter.1=lowpass:0", 1, 2, "half-spectrum", 2), (std::vector{1, 1, 1, 0}));
        QCOMPARE(kept("blocks.0.filter.weight.*.0.1=lowpass:0", 1, 2, "half-spectrum", 2), twice({1, 0}));
    }

    void otherThingsHaveNoLowpass()
    {
        FOVEA_THROWS(kept("blocks.0.filter=lowpass:0.1", 1, 2, "space", 2), UsageError, "frequency domain");
        FOVEA_THROWS(kept("blocks.9.filter=lowpass:0.1", 1, 2, "half-spectrum", 2), UsageError,
            "nearest: 'blocks.0.filter'");
        FOVEA_THROWS(
            kept("blocks.0.filter.out=lowpass:0.1", 1, 2, "half-spectrum", 2), UsageError, "lowpass is for");
        FOVEA_THROWS(kept("blocks.0=lowpass:0.1", 1, 2, "half-spectrum", 2), UsageError, "whole block");
    }

    void aRunIsCutAndSaysItsFrequencies()
    {
        const TracePtr plain = runToy("toy_filter", {}, toys::toyInput(toy("toy_filter")));
        const TracePtr cut = runToy(
            "toy_filter", withEdit("blocks.0.filter=lowpass:0.3"), toys::toyInput(toy("toy_filter")));
        const Record &before = *plain->find("blocks.0.filter.weight"),
                     &after = *cut->find("blocks.0.filter.weight");
        QVERIFY(after.edited);
        QCOMPARE(QString::fromStdString(before.axes[1].unit), QString("cycles/token"));
        QCOMPARE(before.axes[1].values[7], -0.125);
        QCOMPARE(before.axes[2].values[4], 0.5);
        const auto old = before.value.values<Complex>(), now = after.value.values<Complex>();
        for (std::size_t i = 0; i < now.size(); ++i) {
            const double radius = std::hypot(before.axes[1].values[i / 5 % 8], before.axes[2].values[i % 5]);
            QCOMPARE(now[i], radius > 0.3 ? Complex() : old[i]);
        }
        QVERIFY(!plain->output.identical(cut->output));
    }
};

QTEST_APPLESS_MAIN(TestEditFilter)
#include "tst_edit_filter.moc"
