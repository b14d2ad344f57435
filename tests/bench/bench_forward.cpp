// A forward pass with every attention map an output, against ONNX Runtime on the same model: the ratio of
// the medians of alternating runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <chrono>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;
constexpr int rounds = 30;
constexpr int restMs
    = 50; // both sides' threads spin for a while before they sleep: not into the other's time

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

/// ONNX Runtime in a process of its own; it runs when asked.
class Peer {
public:
    Peer(const QString& model, const QString& input, int threads)
    {
        const QString folder = PEER_FOLDER;
        node_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        node_.start("node",
            {PEER_SCRIPT, folder + "/node_modules", folder + "/" + model + ".onnx", input,
                QString::number(threads)});
    }
    ~Peer()
    {
        node_.closeWriteChannel();
        node_.waitForFinished();
    }
    /// The next line it says; empty when it died.
    QByteArray line()
    {
        while (!node_.canReadLine() && node_.state() != QProcess::NotRunning)
            node_.waitForReadyRead(-1);
        return node_.readLine().trimmed();
    }
    QByteArray ask(const QByteArray& what)
    {
        node_.write(what + "\n");
        return line();
    }

private:
    QProcess node_;
};

/// Our side: all patterns recorded.
class Ours {
public:
    Ours(const QString& preset, int threads)
        : weights_(ruleWeights(vit, presetConfig(vit, preset.toStdString())))
    {
        options_.record = {"blocks.*.attn.pattern"};
        options_.keepStates = false;
        options_.pool = std::make_shared<Pool>(threads);
    }
    TracePtr run(const Tensor& input) const { return execute(vit, *weights_, input, options_); }
    double milliseconds(const Tensor& input) const
    {
        const auto begin = std::chrono::steady_clock::now();
        run(input);
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    }

private:
    WeightsPtr weights_;
    ExecuteOptions options_;
};

}

class BenchForward : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QFile file(folder_.filePath("input.f32"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(static_cast<const char*>(input_.bytes()), static_cast<qint64>(input_.byteSize()));
    }

    void notSlowerThanOnnxRuntime_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("threads");
        for (const char* model : {"deit_tiny", "deit_small", "deit_base"})
            for (const int threads : {1, 2})
                QTest::addRow("%s, threads: %d", model, threads) << model << threads;
    }
    void notSlowerThanOnnxRuntime()
    {
        QFETCH(const QString, model);
        QFETCH(const int, threads);
        Peer peer(model, folder_.filePath("input.f32"), threads);
        const Ours ours(model + "_patch16_224", threads);
        QCOMPARE(peer.line(), QByteArray("ready"));

        std::vector<double> logits;
        for (const QByteArray& number : peer.ask("logits").split(' '))
            logits.push_back(number.toDouble());
        const TracePtr trace = ours.run(input_);
        QCOMPARE(trace->matching("blocks.*.attn.pattern").size(), std::size_t{12});
        QVERIFY(relativeDifference(trace->output.toDoubles(), logits) < 1e-4);

        std::vector<double> our, their;
        for (int i = 0; i < rounds; ++i) {
            QTest::qSleep(restMs);
            their.push_back(peer.ask("run").toDouble());
            QTest::qSleep(restMs);
            our.push_back(ours.milliseconds(input_));
        }
        const double ratio = median(our) / median(their);
        qInfo("%s, threads: %d: %.2f ms, ONNX Runtime %.2f ms, ratio %.3f", qPrintable(model), threads,
            median(our), median(their), ratio);
        QVERIFY(ratio <= 1.0);
    }

private:
    QTemporaryDir folder_;
    const Tensor input_ = ruleInput({1, 3, 224, 224});
};

QTEST_APPLESS_MAIN(BenchForward)
#include "bench_forward.moc"
