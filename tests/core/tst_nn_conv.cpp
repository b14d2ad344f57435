// Convolution and batch normalisation against naive loops and central differences.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/batch_norm.h"
#include "core/nn/conv.h"
#include "core/nn/tokens.h"

#include "tests/support/gradient.h"

using namespace fovea;
using namespace fovea::test;

namespace {

/// A convolution of x [B, rows, cols, C] to `outputs` channels.
struct ConvCase {
    const char* name;
    Index batch, rows, cols, channels, outputs, kernel;
    nn::ConvOptions options;
    bool hasBias = true;

    Index extent(Index n) const { return (n + 2 * options.padding - kernel) / options.stride + 1; }
};
// Kernels of one pixel and of more than the picture, borders, odd extents, more columns than a task has
// panels, patches whole pages apart, more pixels than are gathered at once; groups of many sizes.
const ConvCase convCases[] = {
    {"one pixel", 1, 1, 1, 1, 1, 1, {}},
    {"3 x 3", 2, 5, 4, 3, 7, 3, {1, 1, 1}},
    {"3 x 3, stride 2", 2, 7, 6, 5, 4, 3, {2, 1, 1}, false},
    {"7 x 7, stride 2", 1, 12, 9, 3, 33, 7, {2, 3, 1}, false},
    {"kernel beyond the picture", 1, 2, 3, 2, 3, 5, {1, 2, 1}},
    {"no padding, stride 3", 1, 11, 8, 2, 5, 2, {3, 0, 1}},
    {"wide", 1, 3, 3, 4, 530, 3, {1, 1, 1}},
    {"whole pages", 1, 2, 2, 1024, 3, 1, {}},
    {"many pixels", 2, 31, 20, 16, 3, 3, {1, 1, 1}},
    {"two groups", 1, 5, 5, 6, 4, 3, {1, 1, 2}},
    {"groups of one and two", 2, 6, 5, 3, 6, 3, {2, 1, 3}},
    {"depthwise", 2, 6, 5, 37, 37, 3, {1, 1, 37}},
    {"depthwise, stride 2", 1, 9, 8, 4, 4, 5, {2, 2, 4}, false},
    {"depthwise, many rows", 3, 33, 6, 5, 5, 3, {1, 1, 5}},
};

Doubles naiveConv(const ConvCase& c, const Doubles& x, const Doubles& w, const Doubles* bias)
{
    const Index rows = c.extent(c.rows), cols = c.extent(c.cols), groups = c.options.groups;
    const Index inputs = c.channels / groups, outputs = c.outputs / groups;
    Doubles y;
    for (Index b = 0; b < c.batch; ++b)
        for (Index i = 0; i < rows; ++i)
            for (Index j = 0; j < cols; ++j)
                for (Index o = 0; o < c.outputs; ++o) {
                    double sum = bias ? (*bias)[static_cast<std::size_t>(o)] : 0;
                    for (Index n = 0; n < inputs * c.kernel * c.kernel; ++n) { // (channel, row, column)
                        const Index in = n / c.kernel / c.kernel + o / outputs * inputs;
                        const Index row = i * c.options.stride + n / c.kernel % c.kernel - c.options.padding;
                        const Index col = j * c.options.stride + n % c.kernel - c.options.padding;
                        if (row >= 0 && row < c.rows && col >= 0 && col < c.cols)
                            sum += w[static_cast<std::size_t>(o * inputs * c.kernel * c.kernel + n)]
                                * x[static_cast<std::size_t>(
                                    ((b * c.rows + row) * c.cols + col) * c.channels + in)];
                    }
                    y.push_back(sum);
                }
    return y;
}

Differentiated convCase(const ConvCase& c)
{
    Differentiated d;
    d.inputs = named({{"x", {c.batch, c.rows, c.cols, c.channels}}});
    d.parameters = named({{"conv.weight", {c.outputs, c.channels / c.options.groups, c.kernel, c.kernel}}});
    if (c.hasBias)
        d.parameters.set("conv.bias", noise({c.outputs}, "conv.bias"));
    d.run = [c](Run& run, const NamedTensors& t) { return nn::conv2d(run, t["x"], "conv", c.options); };
    d.naive = [c](const DoublesByName& t) {
        return naiveConv(c, t.at("x"), t.at("conv.weight"), c.hasBias ? &t.at("conv.bias") : nullptr);
    };
    return d;
}

constexpr double eps = 1e-3;

/// x [rows, n]; in training with the statistics of its rows, which running ones do not enter.
Doubles naiveBatchNorm(const DoublesByName& t, bool isTraining)
{
    const Doubles &x = t.at("x"), &w = t.at("bn.weight"), &b = t.at("bn.bias");
    const std::size_t n = w.size(), rows = x.size() / n;
    Doubles y(x.size());
    for (std::size_t c = 0; c < n; ++c) {
        double mean = isTraining ? 0 : t.at("bn.running_mean")[c];
        double variance = isTraining ? 0 : t.at("bn.running_var")[c];
        for (std::size_t i = c; isTraining && i < x.size(); i += n)
            mean += x[i] / static_cast<double>(rows);
        for (std::size_t i = c; isTraining && i < x.size(); i += n)
            variance += (x[i] - mean) * (x[i] - mean) / static_cast<double>(rows);
        for (std::size_t i = c; i < x.size(); i += n)
            y[i] = (x[i] - mean) / std::sqrt(variance + eps) * w[c] + b[c];
    }
    return y;
}

NamedTensors batchNormParameters(Index n)
{
    NamedTensors all = named({{"bn.weight", {n}}, {"bn.bias", {n}}, {"bn.running_mean", {n}}});
    Tensor variance = noise({n}, "bn.running_var", 0.5);
    for (float& v : variance.writable())
        v += 1;
    all.set("bn.running_var", variance);
    return all;
}

/// Weight and bias have gradients, running statistics none: those are given apart.
Differentiated batchNormCase(Index rows, Index n, bool isTraining)
{
    Differentiated d;
    d.inputs = named({{"x", {rows, n}}});
    const NamedTensors all = batchNormParameters(n);
    d.parameters.set("bn.weight", all["bn.weight"]);
    d.parameters.set("bn.bias", all["bn.bias"]);
    d.run = [](Run& run, const NamedTensors& t) { return nn::batchNorm(run, t["x"], "bn", {eps, 0.1}); };
    d.naive = [all, isTraining](DoublesByName t) {
        for (const char* name : {"bn.running_mean", "bn.running_var"})
            t[name] = all[name].toDoubles();
        return naiveBatchNorm(t, isTraining);
    };
    d.fixed.set("bn.running_mean", all["bn.running_mean"]);
    d.fixed.set("bn.running_var", all["bn.running_var"]);
    d.isTraining = isTraining;
    return d;
}

}

class TestNnConv : public QObject {
    Q_OBJECT
private slots:
    void convolutionsEqualTheNaiveLoop_data() { addConvCases(); }
    void convolutionsEqualTheNaiveLoop()
    {
        const ConvCase c = chosenConv();
        const Differentiated d = convCase(c);
        DoublesByName values;
        for (const NamedTensors* all : {&d.inputs, &d.parameters})
            for (const auto& [name, tensor] : *all)
                values[name] = tensor.toDoubles();
        const Weights weights = weightsOf(d.parameters);
        Run run(weights);
        const Tensor y = d.run(run, d.inputs);
        QCOMPARE(text(y.shape()), text({c.batch, c.extent(c.rows), c.extent(c.cols), c.outputs}));
        QVERIFY(relativeDifference(y.toDoubles(), d.naive(values)) < 2.5e-6);
        QVERIFY(d.run(run, d.inputs).identical(y)); // with the kernels that were packed before
    }

    void convolutionsAgreeWithCentralDifferences_data() { addConvCases(); }
    void convolutionsAgreeWithCentralDifferences()
    {
        Differentiated d = convCase(chosenConv());
        FOVEA_GRADIENTS_AGREE(d);
        d.isTraining = true; // nothing is kept packed
        FOVEA_GRADIENTS_AGREE(d);
    }

    void gradientsOfOneOperandAloneAreTheSame()
    {
        for (const int index : {1, 11}) {
            const Differentiated d = convCase(convCases[index]);
            const EngineGradients all = engineGradients(d);
            const Weights weights = weightsOf(d.parameters);
            for (const char* asked : {"conv.weight", "conv.bias"}) {
                Tape tape({{asked}, {}});
                RunOptions options;
                options.tape = &tape;
                Run run(weights, options);
                tape.backward(run, d.run(run, d.inputs), all.cotangent);
                QVERIFY(tape.parameterGradients()[asked].identical(all.gradients[asked]));
            }
        }
    }

    void batchNormsAgreeWithCentralDifferences()
    {
        for (const auto& [rows, n] : {std::pair<Index, Index>{2, 1}, {7, 5}, {9, 37}, {530, 3}})
            for (const bool isTraining : {false, true})
                FOVEA_GRADIENTS_AGREE(batchNormCase(rows, n, isTraining));
    }

    /// As PyTorch does: a tenth of the batch's numbers, the variance unbiased. By hand: 1, 2, 6 have mean 3,
    /// variance 14 / 3, unbiased 7.
    void trainingKeepsRunningStatistics()
    {
        NamedTensors tensors;
        for (const char* name : {"bn.weight", "bn.running_var"})
            tensors.set(name, Tensor::full({1}, 1));
        tensors.set("bn.bias", Tensor::zeros({1}));
        tensors.set("bn.running_mean", Tensor::full({1}, 2));
        const Weights weights = weightsOf(tensors);
        const Tensor x = Tensor::of<float>({3, 1}, std::vector<float>{1, 2, 6});
        NamedTensors kept;
        RunOptions options;
        options.kept = &kept;
        {
            Run run(weights, options);
            nn::batchNorm(run, x, "bn");
            QVERIFY(kept.empty()); // in training alone
        }
        options.isTraining = true;
        Run run(weights, options);
        const auto scope = run.in("");
        nn::batchNorm(run, x, "bn");
        QVERIFY(std::abs(kept["bn.running_mean"].data()[0] - (0.9F * 2 + 0.1F * 3)) < 1e-6F);
        QVERIFY(std::abs(kept["bn.running_var"].data()[0] - (0.9F * 1 + 0.1F * 7)) < 1e-6F);
        QCOMPARE(weights.find("bn.running_mean")->data()[0], 2.0F);
    }

    void keptStatisticsHaveTheirFullNames()
    {
        NamedTensors tensors;
        for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
            tensors.set(std::string("stem.conv.1.") + leaf, Tensor::full({2}, 1));
        const Weights weights = weightsOf(tensors);
        NamedTensors kept;
        RunOptions options;
        options.kept = &kept;
        options.isTraining = true;
        Run run(weights, options);
        const auto scope = run.in("stem");
        nn::batchNorm(run, noise({5, 2}, "x"), "conv.1");
        QVERIFY(kept.find("stem.conv.1.running_mean") && kept.find("stem.conv.1.running_var"));
    }

    void missingStatisticsAreNamed()
    {
        const Weights weights = weightsOf(named({{"stem.bn.weight", {2}}, {"stem.bn.bias", {2}}}));
        Run run(weights);
        const auto scope = run.in("stem");
        FOVEA_THROWS(nn::batchNorm(run, noise({5, 2}, "x"), "bn"), Error, "stem.bn.running_mean");
    }

    void channelsComeLast()
    {
        FOVEA_GRADIENTS_AGREE(ofX(
            {2, 3, 4, 5}, [](Run& run, const Tensor& x) { return nn::channelsLast(run, x); },
            [](const Doubles& x) {
                Doubles y(x.size());
                for (std::size_t i = 0; i < x.size(); ++i)
                    y[(i / 60 * 20 + i % 20) * 3 + i / 20 % 3] = x[i];
                return y;
            }));
    }

    void threadsChangeNoBit()
    {
        for (Differentiated d : {convCase(convCases[6]), convCase(convCases[8]), convCase(convCases[9]),
                 convCase(convCases[13]), batchNormCase(530, 3, true), batchNormCase(530, 3, false)}) {
            const EngineGradients alone = engineGradients(d);
            for (const int threads : {2, 3}) {
                d.threads = threads;
                const EngineGradients team = engineGradients(d);
                QVERIFY(team.output.identical(alone.output));
                for (const auto& [name, gradient] : alone.gradients)
                    QVERIFY2(gradient.identical(team.gradients[name]), name.c_str());
            }
        }
    }

    /// What a convolution takes for itself stays small, however large its input is.
    void patchesAreMadeInParts()
    {
        const ConvCase c{"large", 1, 96, 96, 16, 8, 3, {1, 1, 1}};
        const Differentiated d = convCase(c);
        const Weights weights = weightsOf(d.parameters);
        RunOptions options;
        Run run(weights, options);
        const Tensor y = d.run(run, d.inputs);
        const std::size_t all = 96 * 96 * 9 * 16 * sizeof(float);
        QVERIFY(run.options().workspace.idleBytes() < all / 8);
    }

private:
    static void addConvCases()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < std::size(convCases); ++i)
            QTest::newRow(convCases[i].name) << static_cast<int>(i);
    }
    static ConvCase chosenConv()
    {
        QFETCH(const int, index);
        return convCases[index];
    }
};

QTEST_APPLESS_MAIN(TestNnConv)
#include "tst_nn_conv.moc"
