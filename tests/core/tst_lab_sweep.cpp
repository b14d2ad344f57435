// Sweeps of a lab: every run is a run of its own, a stopped sweep goes on where it was.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/lab_sweep.h"
#include "core/source/execute.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::analysis;

namespace {

const Lab& toyLab() { return *toys::toys().lab("toy_lab"); }

LabSweep noisySweep()
{
    LabSweep sweep{&toyLab(), {}, {3, 5, 8, 9}, 7, {"loss", "x"}};
    for (const double rate : {.1, .2, .4}) {
        Config config(toyLab().schema());
        config.set("rate", rate);
        config.set("noise", .1);
        sweep.cells.push_back(config);
    }
    return sweep;
}

/// Fails at some seeds.
class Failing final : public Lab {
public:
    Identity identity() const override { return {"failing", "Failing", "", "", {}, ""}; }
    Schema schema() const override { return {}; }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"x", Kind::Scalar, "x", -1, ""}};
    }
    NamedTensors start(const Config&, std::uint64_t seed) const override
    {
        NamedTensors state;
        state.set("x", Tensor::full({1}, static_cast<float>(seed)));
        return state;
    }
    NamedTensors advance(Run& run, const Config&, const NamedTensors& state) const override
    {
        if (state["x"].values<float>()[0] > 2)
            throw Error("seed too large");
        run.show("x", state["x"]);
        return state;
    }
};

bool equal(const std::vector<SweepRun>& a, const std::vector<SweepRun>& b)
{
    return std::ranges::equal(a, b, [](const SweepRun& x, const SweepRun& y) {
        return x.cell == y.cell && x.seed == y.seed && x.values == y.values && x.problem == y.problem;
    });
}

}

class TestLabSweep : public QObject {
    Q_OBJECT
private slots:
    void everyRunIsOneOfItsOwn()
    {
        const LabSweep sweep = noisySweep();
        SweepMeans means;
        means.pool = std::make_shared<Pool>(3);
        std::vector<double> shares;
        means.progress = [&](double share) { shares.push_back(share); };
        const std::vector<SweepRun> runs = sweepLab(sweep, means);
        QCOMPARE(runs.size(), std::size_t{12});
        for (const SweepRun& run : runs) {
            const TracePtr alone = executeLab(toyLab(), sweep.cells[run.cell], 8, 1, [&] {
                ExecuteOptions options;
                options.seed = sweep.seeds[run.seed];
                return options;
            }());
            QCOMPARE(run.values[0], alone->steps[7]->find("loss")->value.toDoubles());
            QCOMPARE(run.values[1], alone->steps[7]->find("x")->value.toDoubles());
        }
        QCOMPARE(shares.size(), std::size_t{12});
        QVERIFY(std::ranges::is_sorted(shares));
        QCOMPARE(shares.back(), 1.0);
        QVERIFY(equal(runs, sweepLab(sweep)));
    }

    void aStoppedSweepGoesOnWhereItWas()
    {
        const LabSweep sweep = noisySweep();
        std::vector<SweepRun> kept;
        SweepMeans means;
        means.done = [&](const SweepRun& run) {
            kept.push_back(run);
            if (kept.size() == 5)
                means.stop.stop();
        };
        bool isCancelled = false;
        try {
            sweepLab(sweep, means);
        } catch (const Cancelled&) {
            isCancelled = true;
        }
        QVERIFY(isCancelled);
        QCOMPARE(kept.size(), std::size_t{5});
        std::size_t made = 0;
        SweepMeans again;
        again.done = [&](const SweepRun&) { ++made; };
        const std::vector<SweepRun> all = sweepLab(sweep, again, kept);
        QCOMPARE(made, std::size_t{7});
        QVERIFY(equal(all, sweepLab(sweep)));
    }

    void tablesTellMeanAndDeviation()
    {
        LabSweep sweep = noisySweep();
        sweep.cells.resize(2);
        const std::vector<SweepRun> runs{{0, 0, {{1}, {0, 2}}, ""}, {0, 1, {{2}, {0, 4}}, ""},
            {0, 2, {}, "diverged"}, {0, 3, {{6}, {0, 9}}, ""}, {1, 0, {{5}, {0, 1}}, ""}};
        const Record table = sweepTable(sweep, runs, 0);
        QCOMPARE(table.kind(), Kind::Points);
        const std::vector<double> found = table.value.toDoubles();
        QCOMPARE(found[0], 3.0);
        QCOMPARE(found[1], 3.0);
        QCOMPARE(found[2], std::sqrt(7.0)); // (4 + 1 + 9) / 2
        QCOMPARE(found[3], 3 - std::sqrt(7.0));
        QCOMPARE(found[4], 3 + std::sqrt(7.0));
        QCOMPARE(found[6], 5.0);
        QVERIFY(std::isnan(found[7]) && !table.finite); // of one run there is no deviation
        QCOMPARE(sweepTable(sweep, runs, 1, 1).value.toDoubles()[1], 5.0);
    }

    void aRunThatFailsSaysWhyAndTheOthersGoOn()
    {
        const Failing lab;
        const std::vector<SweepRun> runs = sweepLab({&lab, {Config(lab.schema())}, {1, 9, 2}, 3, {"x"}});
        QVERIFY(runs[0].problem.empty() && runs[2].problem.empty());
        QCOMPARE(runs[1].problem, std::string("seed too large"));
        QVERIFY(runs[1].values.empty());
        QCOMPARE(runs[2].values[0][0], 2.0);
        const std::vector<SweepRun> unknown = sweepLab({&lab, {Config(lab.schema())}, {1}, 3, {"y"}});
        QVERIFY(QString::fromStdString(unknown[0].problem).contains("no record 'y'"));
    }
};

QTEST_APPLESS_MAIN(TestLabSweep)
#include "tst_lab_sweep.moc"
