// A model learns from another one's answers: the loss and its slope by their formula, and what does not fit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/train/trainer.h"

#include "tests/support/golden.h"
#include "tests/support/naive.h"
#include "tests/support/striped_data.h"
#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;
constexpr double share = 0.3, temperature = 2.5;
constexpr Index pictures = 6, classes = 4;

Config tiny(const train::DataSet& data, const char* dim = "24")
{
    return fittedConfig(vit, vit.tinyConfig(), data, {{"patch_size", "4"}, {"depth", "1"}, {"dim", dim}});
}

Preprocess pixels(float mean, float std)
{
    Preprocess preprocess;
    preprocess.mean = {mean, mean + 0.1F, mean + 0.2F};
    preprocess.std = {std, std + 0.1F, std + 0.2F};
    return preprocess;
}

/// Wider than its pupil, of other numbers, and used to other pixels.
WeightsPtr teacherOn(const train::DataSet& data)
{
    Weights::Parts parts = ruleWeights(vit, tiny(data, "48"))->parts();
    parts.preprocess = pixels(0.2F, 0.4F);
    parts.hash = "teacher";
    return std::make_shared<const Weights>(std::move(parts));
}

train::TrainingTask taskOn(const train::DataSetPtr& data, const train::Teacher& teacher)
{
    Config settings(train::trainingSchema());
    for (const auto& [name, value] : {std::pair{"optimizer", "sgd"}, {"lr", "1"}, {"momentum", "0"},
             {"clip", "0"}, {"schedule", "constant"}, {"warmup", "0"}, {"label_smoothing", "0.1"}})
        settings.setText(name, value);
    return {&vit, tiny(*data), pixels(0.5F, 0.25F), data, train::TrainingSettings(settings), 5, teacher};
}

train::Batch batchOf(const train::DataSet& data, const Preprocess& preprocess)
{
    Pool pool(1);
    const std::vector<Index> numbers{0, 1, 2, 3, 4, 5};
    return makeBatch(pool, data, train::Split::Train, numbers, {preprocess, {}, {}});
}

Doubles logitsOf(const Weights& weights, const Tensor& input)
{
    Run run(weights);
    return vit.forward(run, weights.config(), input).toDoubles();
}

Doubles dividedBy(Doubles z, double by)
{
    for (double& v : z)
        v /= by;
    return z;
}

/// (1 - s) CE + s T^2 KL of the pupil's logits, in double precision.
double naiveLoss(const Doubles& pupil, const Doubles& teacher, const Tensor& labels)
{
    const Doubles p = naiveSoftmax(pupil, classes),
                  cool = naiveSoftmax(dividedBy(pupil, temperature), classes),
                  target = naiveSoftmax(dividedBy(teacher, temperature), classes);
    double own = 0, other = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const auto label = static_cast<std::size_t>(labels.values<std::int32_t>()[i / classes]);
        own -= ((i % classes == label ? 0.9 : 0) + 0.1 / classes) * std::log(p[i]);
        other += target[i] * std::log(target[i] / cool[i]);
    }
    return ((1 - share) * own + share * temperature * temperature * other) / pictures;
}

}

class TestVitTeacher : public QObject {
    Q_OBJECT

    const train::DataSetPtr data_ = std::make_shared<StripedData>(3, 16, classes, 40, 20);
    const train::Teacher teacher_{&vit, teacherOn(*data_), share, temperature};
    const train::Trainer trainer_{taskOn(data_, teacher_)};
    const train::Batch batch_ = batchOf(*data_, trainer_.task().preprocess);
    const Doubles answer_
        = logitsOf(*teacher_.weights, batchOf(*data_, teacher_.weights->parts().preprocess).input);

    train::TrainState state() const
    {
        train::TrainState state = trainer_.start();
        for (const ParameterInfo& info : vit.manifest(trainer_.task().config))
            state.parameters.set(info.name, ruleParameter(info.name, info.shape));
        return state;
    }
    /// The loss with `by` added to an element of the head's bias.
    double lossAt(Index element, float by) const
    {
        NamedTensors parameters = state().parameters;
        Tensor bias = parameters["head.bias"].clone();
        bias.writable()[static_cast<std::size_t>(element)] += by;
        parameters.set("head.bias", bias);
        const Weights weights(trainer_.partsWith(parameters));
        return naiveLoss(logitsOf(weights, batch_.input), answer_, batch_.labels);
    }

private slots:
    void theLossIsThatOfItsFormula()
    {
        const double expected = lossAt(0, 0), found = trainer_.stepOn(state(), batch_, {}).loss;
        QCOMPARE_LT(std::abs(found / expected - 1), 1e-5);
        const train::Trainer alone(taskOn(data_, {}));
        QCOMPARE_GT(std::abs(found / alone.stepOn(state(), batch_, {}).loss - 1), 1e-3);
    }

    void aStepGoesDownItsSlope()
    {
        const train::TrainState before = state();
        const train::TrainState after = trainer_.stepOn(before, batch_, {}).state; // one whole gradient
        for (Index i = 0; i < classes; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const double gradient = before.parameters["head.bias"].toDoubles()[at]
                - after.parameters["head.bias"].toDoubles()[at];
            const float h = 1.0F / 64;
            const double slope = (lossAt(i, h) - lossAt(i, -h)) / (2 * static_cast<double>(h));
            QCOMPARE_LT(std::abs(gradient - slope), 1e-4);
        }
    }

    void theAccuracyAsksTheLabelsAlone()
    {
        const train::Trainer alone(taskOn(data_, {}));
        const auto parameters = state().parameters;
        QCOMPARE(trainer_.evaluate(parameters, train::Split::Test, {}).loss,
            alone.evaluate(parameters, train::Split::Test, {}).loss);
    }

    void whatDoesNotFitIsNamed()
    {
        const auto bigger = std::make_shared<StripedData>(3, 32, classes, 40, 20);
        FOVEA_THROWS(train::Trainer(taskOn(bigger, teacher_)), Error, "teacher: takes [3, 16, 16]");
        const auto more = std::make_shared<StripedData>(3, 16, 6, 40, 20);
        const train::Trainer trainer(taskOn(more, teacher_));
        const train::StepMeans means;
        FOVEA_THROWS(trainer.step(trainer.start(), means), Error, "teacher: its output is [40, 4]");
    }
};

QTEST_APPLESS_MAIN(TestVitTeacher)
#include "tst_vit_teacher.moc"
