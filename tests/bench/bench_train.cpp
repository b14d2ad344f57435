// A training step (forward, loss, backward, clipping, AdamW) against PyTorch's on the same model and
// pictures: the ratio of the medians of alternating steps. Debian's PyTorch is a weak peer: the line names
// it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/train/loss.h"
#include "core/train/trainer.h"

#include "tests/bench/peer.h"
#include "tests/support/golden.h"
#include "tests/support/striped_data.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;
constexpr Index batchSize = 32;

Peer pyTorch(const Config& config, int threads)
{
    return {"/usr/bin/python3",
        {FOVEA_SOURCE_DIR "/tests/bench/torch_step.py", QString::number(config.count("dim")),
            QString::number(config.count("heads")), QString::number(batchSize), QString::number(threads)}};
}

/// Our side.
class Ours {
public:
    Ours(const Config& config, int threads)
        : trainer_(taskFor(config))
        , state_(trainer_.start())
    {
        means_.pool = std::make_shared<Pool>(threads);
        for (const ParameterInfo& info : vit.manifest(config))
            state_.parameters.set(info.name, ruleParameter(info.name, info.shape));
        batch_.input = ruleInput({batchSize, 3, 224, 224});
        std::vector<std::int32_t> labels(batchSize);
        for (std::size_t i = 0; i < labels.size(); ++i)
            labels[i] = static_cast<std::int32_t>(i);
        batch_.labels = Tensor::of<std::int32_t>({batchSize}, labels);
    }
    double step()
    {
        return milliseconds([&] {
            result_ = trainer_.stepOn(state_, batch_, means_);
            keep();
        });
    }
    double loss() const { return result_.loss; }
    /// Of what is neither forward nor backward: loss, norm, optimiser.
    double besides() const
    {
        RunOptions options;
        options.pool = means_.pool;
        options.workspace = means_.workspace;
        const Weights weights(trainer_.partsWith(state_.parameters));
        Run run(weights, options);
        const Tensor logits = ruleInput({batchSize, 1000}, "logits");
        return milliseconds([&] {
            train::crossEntropy(run, logits, batch_.labels);
            const double scale = train::clippingScale(train::gradientNorm(run, state_.parameters), 1);
            optimise(run, trainer_.task().settings.optimiser, {1, 1e-3, scale},
                {state_.parameters, state_.moments}, state_.parameters);
        });
    }

private:
    static train::TrainingTask taskFor(const Config& config)
    {
        const auto data = std::make_shared<StripedData>(3, 224, 1000, batchSize, 0);
        return {&vit, config, {}, data, train::TrainingSettings(Config(train::trainingSchema())), 0};
    }
    void keep() { state_ = result_.state; }

    train::Trainer trainer_;
    train::TrainState state_;
    train::StepMeans means_;
    train::Batch batch_;
    train::StepResult result_;
};

}

class BenchTrain : public QObject {
    Q_OBJECT
private slots:
    void atMostHalfTheTimeOfPyTorch_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("rounds");
        for (const int threads : {1, 2}) {
            QTest::addRow("deit_tiny, threads: %d", threads) << "deit_tiny" << threads << 9;
            QTest::addRow("deit_small, threads: %d", threads) << "deit_small" << threads << 3;
        }
    }
    void atMostHalfTheTimeOfPyTorch()
    {
        QFETCH(const QString, model);
        QFETCH(const int, threads);
        QFETCH(const int, rounds);
        const Config config = presetConfig(vit, model.toStdString() + "_patch16_224");
        Peer peer = pyTorch(config, threads);
        Ours ours(config, threads);
        QCOMPARE(peer.line(), QByteArray("ready"));
        const QByteArray about = peer.ask("about");

        // the first step of each is its warm-up, and shows that both do the same
        const double theirLoss = peer.ask("step").split(' ').value(1).toDouble();
        ours.step();
        QVERIFY2(std::abs(ours.loss() / theirLoss - 1) < 1e-3,
            qPrintable(QString("%1 %2").arg(ours.loss()).arg(theirLoss)));

        std::vector<double> our, their, besides;
        for (int i = 0; i < rounds; ++i) {
            rest();
            their.push_back(peer.ask("step").split(' ').value(0).toDouble());
            rest();
            our.push_back(ours.step());
            besides.push_back(ours.besides());
        }
        const double ratio = median(our) / median(their), share = median(besides) / median(our);
        qInfo(
            "%s, batch %d, threads: %d: %.0f ms (%.1f pictures/s), of which loss and AdamW %.1f %%; %s: %.0f "
            "ms; ratio %.3f",
            qPrintable(model), static_cast<int>(batchSize), threads, median(our),
            1000.0 * static_cast<double>(batchSize) / median(our), 100 * share, about.constData(),
            median(their), ratio);
        QVERIFY(ratio <= 0.5);
        QVERIFY(share <= 0.1);
    }
};

QTEST_APPLESS_MAIN(BenchTrain)
#include "bench_train.moc"
