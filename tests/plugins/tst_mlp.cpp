// The baselines against plain loops in double precision.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/mlp/mlp.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/naive.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::mlp::Mlp mlp;

/// W x + b of one picture, then the activation.
Doubles layer(const Doubles& x, const Weights& weights, const std::string& name, double (*activation)(double))
{
    const Tensor &w = *weights.find(name + ".weight"), &b = *weights.find(name + ".bias");
    Doubles y(static_cast<std::size_t>(w.dim(0)));
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = static_cast<double>(b.data()[i]);
        for (std::size_t j = 0; j < x.size(); ++j)
            y[i] += static_cast<double>(w.data()[i * x.size() + j]) * x[j];
        if (activation)
            y[i] = activation(y[i]);
    }
    return y;
}

}

class TestMlp : public QObject {
    Q_OBJECT
private slots:
    void theLinearModelHasOneMatrix()
    {
        const Manifest manifest = mlp.manifest(presetConfig(mlp, "linear"));
        QCOMPARE(manifest.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(manifest[0].name), "head.weight");
        QCOMPARE(test::text(manifest[0].shape), "[10, 12288]");
        QVERIFY(mlp.blocks(presetConfig(mlp, "linear")) == std::vector<std::string>{"head"});
    }

    void everySignalIsThatOfPlainLoops_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("activation");
        QTest::newRow("linear") << "linear"
                                << "relu";
        QTest::newRow("mlp") << "mlp"
                             << "relu";
        QTest::newRow("mlp with GELU") << "mlp"
                                       << "gelu";
    }
    void everySignalIsThatOfPlainLoops()
    {
        QFETCH(QString, preset);
        QFETCH(QString, activation);
        Config config = presetConfig(mlp, preset.toStdString());
        config.set("image_size", std::int64_t{12});
        config.set("activation", activation.toStdString());
        const WeightsPtr weights = ruleWeights(mlp, config);
        const Tensor input = ruleInput({1, 3, 12, 12});
        const TracePtr trace = execute(mlp, *weights, input, {});
        Doubles x = input.toDoubles();
        if (preset != "linear")
            for (const std::string name : {"layers.0", "layers.1"}) {
                x = layer(x, *weights, name, activation == "relu" ? naiveRelu : naiveGelu);
                QVERIFY(relativeDifference(trace->find(name + ".out")->value.toDoubles(), x) < 1e-5);
            }
        x = layer(x, *weights, "head", nullptr);
        QVERIFY(relativeDifference(trace->find("logits")->value.toDoubles(), x) < 1e-5);
    }
};

QTEST_APPLESS_MAIN(TestMlp)
#include "tst_mlp.moc"
