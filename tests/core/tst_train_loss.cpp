// Losses and their gradients: PyTorch's values, central differences, labels that there are not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"

#include "tests/support/golden.h"
#include "tests/support/json_fixture.h"
#include "tests/support/naive.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const Shape shape{5, 7};

Tensor labelsOf(const std::vector<std::int32_t>& labels)
{
    return Tensor::of<std::int32_t>({static_cast<Index>(labels.size())}, labels);
}

Tensor scaledInput(const Shape& s, const std::string& name, float factor)
{
    Tensor tensor = ruleInput(s, name).clone();
    for (float& v : tensor.writable())
        v *= factor;
    return tensor;
}

/// The mean cross entropy of double logits, as its formula says.
double naiveCrossEntropy(const Doubles& z, const std::vector<std::int32_t>& labels, double smoothing)
{
    const std::size_t rows = labels.size(), n = z.size() / rows;
    const Doubles p = naiveSoftmax(z, n);
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t c = 0; c < n; ++c) {
            const bool isLabel = static_cast<std::int32_t>(c) == labels[row];
            const double q = (isLabel ? 1 - smoothing : 0) + smoothing / static_cast<double>(n);
            sum -= q * std::log(p[row * n + c]);
        }
    return sum / static_cast<double>(rows);
}

}

class TestTrainLoss : public QObject {
    Q_OBJECT

    const Weights none_ = weightsOf({});
    const QJsonObject golden_ = fixture("train/losses.json");
    const Tensor logits_ = scaledInput(shape, "logits", 3);

    train::Loss lossOf(Run& run, const QString& name) const
    {
        const Tensor target = tensorOf(shape, numbersOf(golden_["target"]));
        if (name == "kl")
            return train::klDivergence(run, logits_, target);
        if (name == "mse")
            return train::meanSquaredError(run, logits_, target);
        return train::crossEntropy(
            run, logits_, labelsOf({3, 0, 6, 3, 1}), name == "cross_entropy_smooth" ? 0.1 : 0.0);
    }

private slots:
    void valuesAndGradientsArePyTorchs_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"cross_entropy", "cross_entropy_smooth", "kl", "mse"})
            QTest::newRow(name) << name;
    }
    void valuesAndGradientsArePyTorchs()
    {
        QFETCH(const QString, name);
        Run run(none_);
        const train::Loss loss = lossOf(run, name);
        const QJsonObject expected = golden_["cases"].toObject()[name].toObject();
        QVERIFY(!expected.isEmpty());
        QCOMPARE_LT(std::abs(loss.value / expected["value"].toDouble() - 1), 1e-6);
        QCOMPARE_LT(relativeDifference(loss.gradient.toDoubles(), numbersOf(expected["gradient"])), 1e-6);
    }

    void theGradientIsTheSlopeOfTheFormula()
    {
        const std::vector<std::int32_t> labels{3, 0, 6, 3, 1};
        Run run(none_);
        const train::Loss loss = train::crossEntropy(run, logits_, labelsOf(labels), 0.2);
        Doubles z = logits_.toDoubles(), slopes;
        QCOMPARE_LT(std::abs(loss.value - naiveCrossEntropy(z, labels, 0.2)), 1e-12);
        for (double& v : z) {
            const double at = v, h = 1e-6;
            v = at + h;
            const double above = naiveCrossEntropy(z, labels, 0.2);
            v = at - h;
            slopes.push_back((above - naiveCrossEntropy(z, labels, 0.2)) / (2 * h));
            v = at;
        }
        QCOMPARE_LT(relativeDifference(loss.gradient.toDoubles(), slopes), 1e-6);
    }

    void rightRowsAreCounted()
    {
        Run run(none_);
        const Tensor logits = Tensor::of<float>({3, 2}, std::vector<float>{1, 2, 5, 4, 0, 0});
        QCOMPARE(train::crossEntropy(run, logits, labelsOf({1, 1, 0})).right, 2); // of equal ones the first
    }

    // scores far apart: no overflow, and the loss is their distance
    void hugeScoresStayFinite()
    {
        Run run(none_);
        const Tensor logits = Tensor::of<float>({1, 2}, std::vector<float>{3000, -3000});
        const train::Loss loss = train::crossEntropy(run, logits, labelsOf({1}));
        QCOMPARE(loss.value, 6000.0);
        QCOMPARE(loss.gradient.data()[0], 1.0F);
        QCOMPARE(loss.gradient.data()[1], -1.0F);
    }

    void aLabelOutOfRangeIsRefused()
    {
        Run run(none_);
        FOVEA_THROWS(train::crossEntropy(run, logits_, labelsOf({0, 1, 7, 2, 3})), Error, "label 7",
            "sample 2", "0 to 6");
        FOVEA_THROWS(train::crossEntropy(run, logits_, labelsOf({0, -1, 0, 2, 3})), Error, "label -1");
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        const Tensor logits = noise({200, 33}, "many", 4);
        std::vector<std::int32_t> labels;
        for (std::int32_t i = 0; i < 200; ++i)
            labels.push_back(i % 33);
        std::vector<train::Loss> losses;
        for (const int threads : {1, 3}) {
            RunOptions options;
            options.pool = std::make_shared<Pool>(threads);
            Run run(none_, options);
            losses.push_back(train::crossEntropy(run, logits, labelsOf(labels), 0.1));
        }
        QCOMPARE(losses[0].value, losses[1].value);
        QVERIFY(losses[0].gradient.identical(losses[1].gradient));
    }
};

QTEST_APPLESS_MAIN(TestTrainLoss)
#include "tst_train_loss.moc"
