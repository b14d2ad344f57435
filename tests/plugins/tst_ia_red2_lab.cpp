// An IA-RED² in the training lab: its reward and what it keeps are curves, its masks change while it learns,
// and it begins with weights that were trained before.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "core/io/weights_file.h"
#include "core/source/contract.h"
#include "core/source/recording.h"
#include "core/train/training_lab.h"

#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace fovea;

namespace {

const Registry& registry()
{
    static const Registry& all = []() -> const Registry& {
        static Registry sources;
        sources.add(std::make_unique<plugin::ia_red2::IaRed2>());
        train::addTrainingLab(sources);
        return sources;
    }();
    return all;
}

const Lab& lab() { return *registry().lab("train"); }

Config config(const Answers& fields = {})
{
    Config made(lab().schema());
    made.setText("architecture", "ia_red2");
    made.setText("data", "shapes:size=16");
    made.setText("model",
        "patch_size=4,dim=12,depth=2,heads=2,groups=1,1,policy_heads=2,interpreter_share=0.5,start_score="
        "0.9");
    made.setText("batch", "8");
    made.setText("test_samples", "0");
    made.setText("schedule_steps", "8");
    for (const auto& [name, value] : fields)
        made.setText(name, value);
    return made;
}

LabRunPtr walked(const Config& with, Index to)
{
    const RecordingOptions options;
    LabWalk walk(startRun(lab(), with, 3, options), options);
    while (walk.done() < to)
        walk.step();
    return walk.run();
}

double at(const LabRun& run, const char* path, std::size_t step)
{
    return run.trace->find(path, step)->value.values<double>()[0];
}

}

class TestIaRed2Lab : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private slots:
    void itKeepsTheContractOfLabs()
    {
        for (const Finding& finding : checkContract(lab()))
            QFAIL((finding.rule + ": " + finding.problem).c_str());
    }

    void rewardAndKeptAreCurvesAndMasksFollow()
    {
        const LabRunPtr run = walked(config(), 6);
        for (std::size_t step = 0; step < 6; ++step) {
            const double kept = at(*run, "kept", step);
            QVERIFY(kept > 0 && kept <= 1);
            QVERIFY(at(*run, "reward", step) <= 1 - kept * kept + 1);
            const bool isDrawn = step < 2 || (step >= 4 && step < 6); // the interpreters' own steps
            QVERIFY(isDrawn || at(*run, "reward", step) == at(*run, "greedy_reward", step));
            const RecordPtr keep = run->trace->find("stages.1.keep", step);
            QVERIFY(keep);
            QCOMPARE(keep->value.shape(), (Shape{17, 2}));
        }
        QVERIFY(!run->trace->find("stages.0.keep", 0)
                     ->value.identical(run->trace->find("stages.0.keep", 5)->value));
    }

    void itBeginsWithTrainedWeights()
    {
        const LabRunPtr first = walked(config(), 3);
        Weights::Parts parts;
        parts.architecture = "ia_red2";
        const Architecture& architecture = registry().requireArchitecture("ia_red2");
        parts.config = configWith(architecture, Config(architecture.schema()),
            {{"image_size", "16"}, {"patch_size", "4"}, {"dim", "12"}, {"depth", "2"}, {"heads", "2"},
                {"groups", "1,1"}, {"policy_heads", "2"}, {"classes", "8"}, {"interpreter_share", "0.5"},
                {"start_score", "0.9"}});
        for (const auto& [name, tensor] : *first->state)
            if (name.starts_with("parameter."))
                parts.parameters.set(name.substr(10), tensor);
        const std::string file = folder_.filePath("w.h5").toStdString();
        io::writeWeights(file, Weights(std::move(parts)), io::StoredType::F32);
        const LabRunPtr next = walked(config({{"init", file}}), 0);
        for (const auto& [name, tensor] : *first->state)
            if (name.starts_with("parameter."))
                QVERIFY2((*next->state)[name].identical(tensor), name.c_str());
        FOVEA_THROWS(
            walked(config({{"init", folder_.filePath("none.h5").toStdString()}}), 0), Error, "none.h5");
    }
};

QTEST_GUILESS_MAIN(TestIaRed2Lab)
#include "tst_ia_red2_lab.moc"
