// A forward and backward pass over all parameters against the forward pass alone, as a ratio of the medians
// of alternating runs, one thread. A training step against PyTorch is bench_train's.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "tests/bench/peer.h"
#include "tests/support/golden.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

/// One model and a batch for it.
struct Model {
    Model(const std::string& preset, Index size, int threads)
        : weights(ruleWeights(vit, presetConfig(vit, preset)))
        , x(ruleInput({size, 3, 224, 224}))
        , cotangent(ruleInput({size, 1000}, "cotangent"))
    {
        options.pool = std::make_shared<Pool>(threads);
    }
    void forward() const
    {
        Run run(*weights, options);
        vit.forward(run, weights->config(), x);
    }
    void forwardAndBackward() const
    {
        Tape tape({{"*"}, {}});
        RunOptions taped = options;
        taped.tape = &tape;
        Run run(*weights, taped);
        tape.backward(run, vit.forward(run, weights->config(), x), cotangent);
    }

    WeightsPtr weights;
    Tensor x, cotangent;
    RunOptions options;
};

}

class BenchBackward : public QObject {
    Q_OBJECT
private slots:
    void bothPassesAreAtMostThreeForwards_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("batch");
        QTest::newRow("deit_tiny, batch 32") << "deit_tiny_patch16_224" << 32;
        QTest::newRow("deit_small, batch 8") << "deit_small_patch16_224" << 8;
    }
    void bothPassesAreAtMostThreeForwards()
    {
        QFETCH(const QString, preset);
        QFETCH(const int, batch);
        const Model model(preset.toStdString(), batch, 1);
        model.forwardAndBackward();
        std::vector<double> forward, both;
        for (int i = 0; i < 7; ++i) {
            forward.push_back(milliseconds([&] { model.forward(); }));
            both.push_back(milliseconds([&] { model.forwardAndBackward(); }));
        }
        const double ratio = median(both) / median(forward);
        qInfo("forward %.0f ms, both %.0f ms, ratio %.2f", median(forward), median(both), ratio);
        QVERIFY(ratio <= 3.4);
    }
};

QTEST_APPLESS_MAIN(BenchBackward)
#include "bench_backward.moc"
