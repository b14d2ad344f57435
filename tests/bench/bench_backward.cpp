// A forward and backward pass over all parameters against the forward pass alone, as a ratio of the medians
// of alternating runs, one thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QProcess>

#include <chrono>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

template <class Fn>
double milliseconds(Fn fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

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

/// PyTorch in a process of its own; it runs when asked.
class Peer {
public:
    Peer(int batch, int threads)
    {
        python_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        python_.start(PEER_BACKWARD, {QString::number(batch), QString::number(threads)});
    }
    ~Peer()
    {
        python_.closeWriteChannel();
        python_.waitForFinished();
    }
    /// The next line it says; empty when it died.
    QByteArray line()
    {
        while (!python_.canReadLine() && python_.state() != QProcess::NotRunning)
            python_.waitForReadyRead(-1);
        return python_.readLine().trimmed();
    }
    double milliseconds()
    {
        python_.write("run\n");
        return line().toDouble();
    }

private:
    QProcess python_;
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

    void bothPassesTakeHalfOfPyTorch_data()
    {
        QTest::addColumn<int>("threads");
        for (const int threads : {1, 2})
            QTest::addRow("threads: %d", threads) << threads;
    }
    void bothPassesTakeHalfOfPyTorch()
    {
        QFETCH(const int, threads);
        constexpr int batch = 32;
        Peer peer(batch, threads);
        const QByteArray version = peer.line();
        QVERIFY2(version.startsWith("torch"), "python3-torch is missing: tools/bootstrap bench");
        const Model model("deit_tiny_patch16_224", batch, threads);
        model.forwardAndBackward();
        peer.milliseconds();
        std::vector<double> our, their;
        for (int i = 0; i < 7; ++i) {
            their.push_back(peer.milliseconds());
            our.push_back(milliseconds([&] { model.forwardAndBackward(); }));
        }
        const double ratio = median(our) / median(their);
        qInfo("threads: %d: %.0f ms, %s %.0f ms, ratio %.3f", threads, median(our), version.constData(),
            median(their), ratio);
        QVERIFY(ratio <= 0.5);
    }
};

QTEST_APPLESS_MAIN(BenchBackward)
#include "bench_backward.moc"
