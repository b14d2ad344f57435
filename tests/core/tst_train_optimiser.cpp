// Optimisers and schedules: PyTorch's parameters after five steps, rates at their corners.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimiser.h"
#include "core/train/schedule.h"

#include "tests/support/golden.h"
#include "tests/support/json_fixture.h"
#include "tests/support/naive.h"

using namespace fovea;
using namespace fovea::test;
using train::OptimiserOptions;
using train::Schedule;

namespace {

using Rule = OptimiserOptions::Rule;

const Manifest manifest{{"blocks.0.mlp.fc1.weight", {6, 5}, {}}, {"blocks.0.mlp.fc1.bias", {6}, {}},
    {"cls_token", {1, 1, 5}, {}}};

OptimiserOptions sgd(double momentum, bool isNesterov, double decay)
{
    OptimiserOptions options;
    options.rule = Rule::Sgd;
    options.momentum = momentum;
    options.isNesterov = isNesterov;
    options.weightDecay = decay;
    return options;
}

OptimiserOptions adam(Rule rule, double beta1, double beta2, double eps, double decay)
{
    OptimiserOptions options;
    options.rule = rule;
    options.beta1 = beta1;
    options.beta2 = beta2;
    options.eps = eps;
    options.weightDecay = decay;
    return options;
}

NamedTensors ruleTensors(const std::string& prefix)
{
    NamedTensors tensors;
    for (const ParameterInfo& info : manifest)
        tensors.set(info.name, ruleInput(info.shape, prefix + info.name));
    return tensors;
}

/// Made-up moments of one parameter "p".
NamedTensors momentsOf(const Shape& shape)
{
    Tensor second = noise(shape, "second");
    for (float& v : second.writable())
        v = 0.1F + v * v;
    NamedTensors moments;
    moments.set("first.p", noise(shape, "first"));
    moments.set("second.p", second);
    return moments;
}

/// Five steps as tools/make_train_goldens.py makes them.
train::Optimised afterFiveSteps(
    const OptimiserOptions& options, double rate, double clip = 0, int threads = 1)
{
    const Weights none = weightsOf({});
    RunOptions means;
    means.pool = std::make_shared<Pool>(threads);
    Run run(none, means);
    train::Optimised state{ruleTensors({}), startMoments(options, manifest)};
    for (int step = 0; step < 5; ++step) {
        const NamedTensors gradients = ruleTensors("gradient." + std::to_string(step) + ".");
        const double norm = train::gradientNorm(run, gradients);
        state = optimise(run, options, {step + 1, rate, train::clippingScale(norm, clip)}, state, gradients);
    }
    return state;
}

}

class TestTrainOptimiser : public QObject {
    Q_OBJECT

private slots:
    void fiveStepsArePyTorchs_data()
    {
        QTest::addColumn<OptimiserOptions>("options");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("clip");
        QTest::newRow("sgd") << sgd(0, false, 0) << 0.1 << 0.0;
        QTest::newRow("sgd_momentum") << sgd(0.9, false, 0.01) << 0.1 << 0.0;
        QTest::newRow("sgd_nesterov") << sgd(0.9, true, 0.01) << 0.1 << 0.0;
        QTest::newRow("sgd_clipped") << sgd(0, false, 0) << 0.1 << 1.5;
        QTest::newRow("adam") << adam(Rule::Adam, 0.9, 0.99, 1e-8, 0.02) << 0.01 << 0.0;
        QTest::newRow("adamw") << adam(Rule::AdamW, 0.8, 0.999, 1e-6, 0.1) << 0.01 << 0.0;
    }
    void fiveStepsArePyTorchs()
    {
        QFETCH(const OptimiserOptions, options);
        QFETCH(const double, rate);
        QFETCH(const double, clip);
        const QJsonObject expected
            = fixture("train/optimisers.json")[QTest::currentDataTag()].toObject()["parameters"].toObject();
        const auto found = afterFiveSteps(options, rate, clip).parameters;
        for (const auto& [name, value] : found) {
            const auto golden = numbersOf(expected[QString::fromStdString(name)]);
            QCOMPARE(golden.size(), static_cast<std::size_t>(value.count()));
            QCOMPARE_LT(relativeDifference(value.toDoubles(), golden), 1e-6);
        }
    }

    // of a tensor larger than what is done at a time, with a rest
    void manyNumbersAreUpdatedAsInALoop()
    {
        const Weights none = weightsOf({});
        Run run(none);
        const Shape shape{3, 1500};
        const NamedTensors parameters = named({{"p", shape}}), moments = momentsOf(shape);
        NamedTensors gradients;
        gradients.set("p", noise(shape, "gradient"));
        const OptimiserOptions options = adam(Rule::AdamW, 0.8, 0.99, 1e-6, 0.1);
        const train::Optimised after
            = optimise(run, options, {2, 0.01, 0.5}, {parameters, moments}, gradients);
        const Doubles p = parameters["p"].toDoubles(), g = gradients["p"].toDoubles(),
                      m = moments["first.p"].toDoubles(), v = moments["second.p"].toDoubles();
        Doubles first, second, expected;
        for (std::size_t i = 0; i < p.size(); ++i) {
            const double clipped = 0.5 * g[i];
            first.push_back(0.8 * m[i] + 0.2 * clipped);
            second.push_back(0.99 * v[i] + 0.01 * clipped * clipped);
            const double root = std::sqrt(second[i] / (1 - 0.99 * 0.99)) + 1e-6;
            expected.push_back(p[i] * (1 - 0.01 * 0.1) - 0.01 * first[i] / (1 - 0.8 * 0.8) / root);
        }
        QCOMPARE_LT(relativeDifference(after.parameters["p"].toDoubles(), expected), 1e-6);
        QCOMPARE_LT(relativeDifference(after.moments["first.p"].toDoubles(), first), 1e-6);
        QCOMPARE_LT(relativeDifference(after.moments["second.p"].toDoubles(), second), 1e-6);
    }

    void theNormIsPyTorchs()
    {
        const Weights none = weightsOf({});
        Run run(none);
        const auto norms = numbersOf(fixture("train/optimisers.json")["sgd_clipped"].toObject()["norms"]);
        QCOMPARE(norms.size(), std::size_t{5});
        for (std::size_t step = 0; step < norms.size(); ++step) {
            const auto gradients = ruleTensors("gradient." + std::to_string(step) + ".");
            QCOMPARE_LT(std::abs(train::gradientNorm(run, gradients) / norms[step] - 1), 1e-6);
        }
        QCOMPARE(train::clippingScale(0.5, 1), 1.0);
        QCOMPARE(train::clippingScale(3, 0), 1.0);
    }

    // of tensors larger than a piece, with a rest
    void theNormOfManyNumbersIsThatOfALoop()
    {
        const Weights none = weightsOf({});
        RunOptions means;
        means.pool = std::make_shared<Pool>(2);
        Run run(none, means), alone(none);
        NamedTensors gradients;
        gradients.set("a", noise({40'003}, "a"));
        gradients.set("b", noise({7, 5}, "b", 100));
        double square = 0;
        for (const auto& [name, gradient] : gradients)
            for (const double v : gradient.toDoubles())
                square += v * v;
        const double norm = train::gradientNorm(run, gradients);
        QCOMPARE_LT(std::abs(norm / std::sqrt(square) - 1), 1e-12);
        QCOMPARE(train::gradientNorm(alone, gradients), norm);
    }

    void vectorsTokensAndPositionsDoNotDecay()
    {
        OptimiserOptions options = adam(Rule::AdamW, 0.9, 0.999, 1e-8, 0.5);
        options.decaysAll = false;
        QVERIFY(
            !isDecayed(options, {8}) && !isDecayed(options, {1, 1, 8}) && !isDecayed(options, {1, 17, 8}));
        QVERIFY(isDecayed(options, {8, 8}) && isDecayed(options, {8, 3, 4, 4}) && isDecayed(options, {1, 8}));
        const auto some = afterFiveSteps(options, 0.1).parameters;
        options.decaysAll = true;
        const auto all = afterFiveSteps(options, 0.1).parameters;
        QVERIFY(some["blocks.0.mlp.fc1.weight"].identical(all["blocks.0.mlp.fc1.weight"]));
        for (const char* name : {"blocks.0.mlp.fc1.bias", "cls_token"})
            QVERIFY(!some[name].identical(all[name]));
        options.weightDecay = 0;
        const auto none = afterFiveSteps(options, 0.1).parameters;
        for (const char* name : {"blocks.0.mlp.fc1.bias", "cls_token"})
            QVERIFY(some[name].identical(none[name]));
    }

    void whatHasNoGradientStays()
    {
        const Weights none = weightsOf({});
        Run run(none);
        const OptimiserOptions options = adam(Rule::AdamW, 0.9, 0.999, 1e-8, 0.5);
        const train::Optimised before{ruleTensors({}), startMoments(options, manifest)};
        NamedTensors gradients;
        gradients.set("cls_token", ruleInput({1, 1, 5}, "g"));
        const train::Optimised after = optimise(run, options, {1, 0.1, 1}, before, gradients);
        QVERIFY(!after.parameters["cls_token"].identical(before.parameters["cls_token"]));
        QVERIFY(!after.moments["second.cls_token"].identical(before.moments["second.cls_token"]));
        const char* other = "blocks.0.mlp.fc1.weight";
        QVERIFY(after.parameters[other].same(before.parameters[other]));
        QVERIFY(
            after.moments[std::string("first.") + other].same(before.moments[std::string("first.") + other]));
    }

    /// The first pattern that fits counts; the others learn at the step's rate.
    void someParametersLearnFaster()
    {
        const Weights none = weightsOf({});
        Run run(none);
        OptimiserOptions options = sgd(0, false, 0);
        options.rates = {{"*.bias", 0.5}, {"blocks.*", 3}, {"*", 1}};
        const train::Optimised before{ruleTensors({}), {}};
        const NamedTensors gradients = ruleTensors("gradient.");
        const train::Optimised after = optimise(run, options, {1, 0.25, 1}, before, gradients);
        for (const auto& [name, factor] : {std::pair<std::string, float>{"blocks.0.mlp.fc1.weight", 3},
                 {"blocks.0.mlp.fc1.bias", 0.5F}, {"cls_token", 1}})
            for (Index i = 0; i < before.parameters[name].count(); ++i)
                QCOMPARE(after.parameters[name].data()[i],
                    before.parameters[name].data()[i] - 0.25F * factor * gradients[name].data()[i]);
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        const OptimiserOptions options = adam(Rule::AdamW, 0.9, 0.999, 1e-8, 0.1);
        const auto one = afterFiveSteps(options, 0.1, 1.0, 1), three = afterFiveSteps(options, 0.1, 1.0, 3);
        for (const auto& [name, value] : one.parameters)
            QVERIFY(value.identical(three.parameters[name]));
        for (const auto& [name, value] : one.moments)
            QVERIFY(value.identical(three.moments[name]));
    }

    void ratesWarmUpAndFall()
    {
        const Schedule cosine{Schedule::Form::Cosine, 0.8, 4, 104};
        QCOMPARE(cosine.at(0), 0.2);
        QCOMPARE(cosine.at(3), 0.8);
        QCOMPARE(cosine.at(4), 0.8); // t = 0
        QCOMPARE_LT(std::abs(cosine.at(54) - 0.4), 1e-15); // half way
        QCOMPARE_LT(std::abs(cosine.at(29) - 0.4 * (1 + std::sqrt(0.5))), 1e-15); // a quarter
        QVERIFY(cosine.at(103) > 0 && cosine.at(103) < 1e-3);
        const Schedule constant{Schedule::Form::Constant, 0.8, 2, 104};
        QCOMPARE(constant.at(0), 0.4);
        QCOMPARE(constant.at(103), 0.8);
        const Schedule epochs{Schedule::Form::Epochs, 0.8, 0, 104, 10, 0.5};
        QCOMPARE(epochs.at(9), 0.8);
        QCOMPARE(epochs.at(10), 0.4);
        QCOMPARE(epochs.at(39), 0.1);
    }
};

QTEST_APPLESS_MAIN(TestTrainOptimiser)
#include "tst_train_optimiser.moc"
