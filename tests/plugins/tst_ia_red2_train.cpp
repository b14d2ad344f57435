// An IA-RED² learns: what moves in which phase, the gradient of the reward, and that it earns more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "core/train/trainer.h"

#include "tests/support/striped_data.h"
#include "tests/support/test.h"

#include <cmath>
#include <set>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::ia_red2::IaRed2 iaRed2;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// 16 x 16 pixels in 4 x 4 patches, two groups of a block each.
train::Trainer trainerOf(const Answers& model, const Fields& settings)
{
    const auto data = std::make_shared<StripedData>(3, 16, 4, 240, 40);
    Answers fields{{"patch_size", "4"}, {"start_score", "0.9"}};
    for (const auto& [name, value] : model)
        fields[name] = value;
    Config all(train::trainingSchema());
    for (const auto& [name, value] : settings)
        all.setText(name, value);
    train::TrainingTask task{&iaRed2, fittedConfig(iaRed2, iaRed2.tinyConfig(), *data, fields), {}, data,
        train::TrainingSettings(all), 3};
    task.preprocess.mean = task.preprocess.std = {0.5F, 0.5F, 0.5F};
    return train::Trainer(std::move(task));
}

bool isOfInterpreter(const std::string& name, int group)
{
    return name.starts_with("groups." + std::to_string(group) + ".agent.");
}

}

class TestIaRed2Train : public QObject {
    Q_OBJECT
private slots:
    /// Interpreter 0, blocks, interpreter 1, blocks; a third of a group's steps is its interpreter's.
    void eachPhaseMovesItsOwn()
    {
        const train::Trainer trainer
            = trainerOf({}, {{"steps", "12"}, {"batch", "8"}, {"weight_decay", "0"}});
        QCOMPARE(trainer.steps(), 12);
        train::TrainState state = trainer.start();
        const std::set<Index> ofInterpreters{0, 1, 6, 7};
        for (Index step = 0; step < 12; ++step) {
            const train::StepResult result = trainer.step(state, {});
            QVERIFY(result.reward.has_value());
            const int group = step < 6 ? 0 : 1;
            for (const auto& [name, value] : result.state.parameters) {
                const bool moved = !value.identical(state.parameters[name]);
                const bool isInterpreter = name.find(".agent.") != std::string::npos;
                if (ofInterpreters.contains(step))
                    QVERIFY2(!moved || isOfInterpreter(name, group), name.c_str());
                else
                    QVERIFY2(!moved || !isInterpreter, name.c_str());
                if (name == "blocks.0.mlp.fc1.weight" && !ofInterpreters.contains(step))
                    QVERIFY(moved);
            }
            state = result.state;
        }
    }

    /// The step's gradient is that of sum over samples of (R(greedy) - R(drawn)) log pi(drawn) / B: log pi by
    /// central differences, under draws that so small a change leaves as they are.
    void theGradientIsThatOfTheReward()
    {
        const Fields settings{{"steps", "100"}, {"batch", "8"}, {"optimizer", "sgd"}, {"momentum", "0"},
            {"lr", "1"}, {"warmup", "0"}, {"clip", "0"}, {"schedule", "constant"}};
        const train::Trainer trainer = trainerOf({{"interpreter_rate", "1"}, {"tau", "2"}}, settings);
        const train::TrainState before = trainer.start();
        const train::StepResult after = trainer.step(before, {});
        const Config drawn = trainer.phaseAt(0).phase.config, greedy = trainer.phaseAt(0).phase.greedy;
        Pool pool(1);
        const train::Batch batch = train::makeBatch(pool, *trainer.task().data, train::Split::Train,
            trainer.samplesOf(0), {trainer.task().preprocess, {}, {}});
        const auto told
            = [&](const NamedTensors& parameters, const Config& config, bool isTraining, Tensor& logits) {
                  const Weights weights(trainer.partsWith(parameters));
                  NamedTensors all;
                  RunOptions options;
                  options.told = &all;
                  options.isTraining = isTraining;
                  options.seed = trainer.task().seed;
                  Run run(weights, options);
                  logits = iaRed2.forward(run, config, batch.input);
                  return all;
              };
        const auto rewards = [&](const Tensor& logits, const NamedTensors& all) {
            std::vector<double> values;
            for (Index b = 0; b < 8; ++b) {
                const std::vector<double> row = logits.at(b).toDoubles();
                const bool isRight = std::ranges::max_element(row) - row.begin()
                    == batch.labels.values<std::int32_t>()[static_cast<std::size_t>(b)];
                const double kept = all["kept"].toDoubles()[static_cast<std::size_t>(b)];
                values.push_back(isRight ? 1 - kept * kept : -2);
            }
            return values;
        };
        Tensor logits;
        const NamedTensors ofDrawn = told(before.parameters, drawn, true, logits);
        const std::vector<double> own = rewards(logits, ofDrawn);
        const NamedTensors ofGreedy = told(before.parameters, greedy, false, logits);
        const std::vector<double> baseline = rewards(logits, ofGreedy);
        QVERIFY(own != baseline);
        const std::string name = "groups.0.agent.qk.bias";
        std::vector<double> expected, found;
        for (const Index element : {0, 5, 11, 20, 23}) { // of the queries
            double gradient = 0;
            for (const double sign : {1.0, -1.0}) {
                NamedTensors changed = before.parameters;
                Tensor bias = changed[name].clone();
                bias.writable()[static_cast<std::size_t>(element)] += static_cast<float>(sign * 0.01);
                changed.set(name, bias);
                const std::vector<double> likelihood
                    = told(changed, drawn, true, logits)["log_probability"].toDoubles();
                for (std::size_t b = 0; b < 8; ++b)
                    gradient += sign * (baseline[b] - own[b]) * likelihood[b] / 8 / 0.02;
            }
            expected.push_back(gradient);
            found.push_back(static_cast<double>(before.parameters[name].data()[element])
                - static_cast<double>(after.state.parameters[name].data()[element]));
        }
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(found[i] - expected[i]) < 0.02 * (std::abs(expected[i]) + 0.01),
                qPrintable(QString("%1: %2, expected %3").arg(i).arg(found[i]).arg(expected[i])));
    }

    /// Where a wrong answer costs nothing more than no reward, less is kept and more is earned.
    void moreIsEarnedByKeepingLess()
    {
        const train::Trainer trainer
            = trainerOf({{"interpreter_share", "1"}, {"tau", "0"}, {"interpreter_rate", "1"}},
                {{"steps", "120"}, {"batch", "24"}, {"lr", "0.01"}, {"clip", "0"}});
        train::TrainState state = trainer.start();
        double first = 0, last = 0, keptFirst = 0, keptLast = 0;
        for (Index step = 0; step < 60; ++step) { // interpreter 0
            const train::StepResult result = trainer.step(state, {});
            (step < 10 ? first : last) += step < 10 || step >= 50 ? result.reward->drawn / 10 : 0;
            (step < 10 ? keptFirst : keptLast) += step < 10 || step >= 50 ? result.reward->kept / 10 : 0;
            state = result.state;
        }
        QVERIFY2(keptFirst > 0.65, qPrintable(QString::number(keptFirst)));
        QVERIFY2(keptLast < 0.6 * keptFirst, qPrintable(QString::number(keptLast)));
        QVERIFY2(last > first + 0.03, qPrintable(QString("%1 then %2").arg(first).arg(last)));
    }

    void otherRulesTrainTheBlocksAlone()
    {
        QVERIFY(iaRed2
                    .learningPhases(
                        configWith(iaRed2, iaRed2.tinyConfig(), {{"rule", "random"}, {"keep", ".5,.2"}}))
                    .empty());
        const train::Trainer trainer
            = trainerOf({{"rule", "top"}, {"keep", "0.5,0.25"}}, {{"steps", "2"}, {"batch", "8"}});
        const train::TrainState before = trainer.start();
        const train::StepResult after = trainer.step(before, {});
        const std::string interpreter = "groups.1.agent.qk.weight", block = "blocks.1.attn.qkv.weight";
        QVERIFY(after.state.parameters[interpreter].identical(before.parameters[interpreter]));
        QVERIFY(!after.state.parameters[block].identical(before.parameters[block]));
    }

    void threadsDoNotMatter()
    {
        const train::Trainer trainer = trainerOf({}, {{"steps", "6"}, {"batch", "8"}});
        train::StepMeans two;
        two.pool = std::make_shared<Pool>(2);
        train::TrainState one = trainer.start(), other = one;
        for (int i = 0; i < 5; ++i) {
            one = trainer.step(one, {}).state;
            other = trainer.step(other, two).state;
        }
        for (const auto& [name, value] : one.parameters)
            QVERIFY2(value.identical(other.parameters[name]), name.c_str());
    }
};

QTEST_APPLESS_MAIN(TestIaRed2Train)
#include "tst_ia_red2_train.moc"
