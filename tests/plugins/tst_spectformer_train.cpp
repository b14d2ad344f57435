// What a SpectFormer learns from: gradients of both forms, and that a step of training makes it better.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"
#include "core/train/trainer.h"

#include "tests/plugins/spectformer_room.h"
#include "tests/support/striped_data.h"

using namespace fovea;
using namespace fovea::test;

namespace {

/// All that it learns from, of a batch of two, with a cotangent of noise; and the sum that it differentiates.
struct Differentiated {
    NamedTensors gradients, kept;
    double sum = 0;
};
Differentiated differentiated(const Config& config, const NamedTensors& parameters, bool isTraining)
{
    Weights::Parts parts;
    parts.config = config;
    parts.parameters = parameters;
    const Weights weights(std::move(parts));
    Tape tape({{"*"}, {}});
    Differentiated result;
    RunOptions options;
    options.tape = &tape;
    options.isTraining = isTraining;
    options.kept = &result.kept;
    Run run(weights, options);
    const Tensor output = spectformer.forward(run, config, input(config, 2));
    const Tensor cotangent = ruleInput(output.shape(), "cotangent");
    for (std::size_t i = 0; i < static_cast<std::size_t>(output.count()); ++i)
        result.sum += static_cast<double>(output.data()[i]) * static_cast<double>(cotangent.data()[i]);
    tape.backward(run, output, cotangent);
    result.gradients = tape.parameterGradients();
    return result;
}

}

class TestSpectformerTrain : public QObject {
    Q_OBJECT
private slots:
    void allThatIsLearnedHasAGradient_data() { addForms(); }
    void allThatIsLearnedHasAGradient()
    {
        const Config config = chosenForm();
        for (const bool isTraining : {false, true}) {
            const NamedTensors parameters = ruleWeights(spectformer, config)->parts().parameters;
            const Differentiated all = differentiated(config, parameters, isTraining);
            for (const ParameterInfo& info : spectformer.manifest(config))
                if (info.role == ParameterRole::Parameter) {
                    const Tensor* gradient = all.gradients.find(info.name);
                    QVERIFY2(gradient && allFinite(*gradient), info.name.c_str());
                    // a shift of all keys changes no softmax
                    const bool isShift
                        = info.name.ends_with("attn.q.bias") || info.name.ends_with(".kv.bias");
                    const auto values = gradient->values<float>();
                    QVERIFY2(isShift || std::ranges::any_of(values, [](float g) { return g != 0; }),
                        info.name.c_str());
                } else {
                    QCOMPARE(all.kept.find(info.name) != nullptr, isTraining);
                }
        }
    }

    /// Along a direction in which every parameter moves a little.
    void gradientsAgreeWithDifferencesOfTheWhole_data() { addForms(); }
    void gradientsAgreeWithDifferencesOfTheWhole()
    {
        const Config config = chosenForm();
        const NamedTensors parameters = ruleWeights(spectformer, config)->parts().parameters;
        for (const bool isTraining : {false, true}) {
            const NamedTensors gradients = differentiated(config, parameters, isTraining).gradients;
            double expected = 0;
            const auto moved = [&](float step) {
                NamedTensors all = parameters;
                for (const auto& [name, gradient] : gradients) {
                    Tensor value = parameters[name].clone();
                    const Tensor direction = ruleInput(value.shape(), "direction of " + name);
                    for (std::size_t i = 0; i < value.writable().size(); ++i)
                        value.writable()[i] += step * direction.data()[i];
                    all.set(name, value);
                }
                return differentiated(config, all, isTraining).sum;
            };
            for (const auto& [name, gradient] : gradients) {
                const Tensor direction = ruleInput(gradient.shape(), "direction of " + name);
                for (std::size_t i = 0; i < static_cast<std::size_t>(gradient.count()); ++i)
                    expected
                        += static_cast<double>(gradient.data()[i]) * static_cast<double>(direction.data()[i]);
            }
            constexpr float step = 5e-5F; // larger ones step over kinks of the stem's ReLU
            const double found = (moved(step) - moved(-step)) / (2 * static_cast<double>(step));
            QVERIFY2(std::abs(found - expected) < 0.01 * std::abs(expected) + 0.01,
                qPrintable(QString("%1 by differences, %2 by the tape").arg(found).arg(expected)));
        }
    }

    void bothFormsLearn_data() { addForms(); }
    void bothFormsLearn()
    {
        const Config chosen = with(chosenForm(), {{"drop_path", "0.1"}, {"init", "glorot"}});
        const auto data = std::make_shared<StripedData>(3, chosen.count("image_size"), 4, 40, 8);
        const Config config = with(chosen, {{"classes", "4"}});
        Config settings(train::trainingSchema());
        settings.setText("batch", "10");
        settings.setText("lr", "0.003");
        train::TrainingTask task{&spectformer, config, {}, data, train::TrainingSettings(settings), 5};
        const train::Trainer trainer(task);
        train::TrainState state = trainer.start();
        std::vector<double> losses;
        for (int i = 0; i < 24; ++i) {
            train::StepResult result = trainer.step(state, {});
            losses.push_back(result.loss);
            state = std::move(result.state);
        }
        const auto mean = [&](int first) {
            return std::accumulate(losses.begin() + first, losses.begin() + first + 4, 0.0) / 4;
        };
        QVERIFY2(mean(20) < 0.9 * mean(0), qPrintable(QString("%1 -> %2").arg(mean(0)).arg(mean(20))));
        for (const ParameterInfo& info : spectformer.manifest(config))
            if (info.role == ParameterRole::State) { // it moved, and the evaluation uses it
                const auto values = state.parameters[info.name].values<float>();
                QVERIFY(std::ranges::any_of(
                    values, [&](float v) { return v != (info.name.ends_with("var") ? 1 : 0); }));
            }
        QVERIFY(std::isfinite(trainer.evaluate(state.parameters, train::Split::Test, {}).loss));
    }
};

QTEST_APPLESS_MAIN(TestSpectformerTrain)
#include "tst_spectformer_train.moc"
