// A forward pass with every attention map an output, against ONNX Runtime on the same model: the ratio of
// the medians of alternating runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/bench/peer.h"
#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QFile>
#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;
constexpr int rounds = 30;

Peer onnxRuntime(const QString& model, const QString& input, int threads)
{
    const QString folder = PEER_FOLDER;
    return {"node",
        {PEER_SCRIPT, folder + "/node_modules", folder + "/" + model + ".onnx", input,
            QString::number(threads)}};
}

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
        Peer peer = onnxRuntime(model, folder_.filePath("input.f32"), threads);
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
            rest();
            their.push_back(peer.ask("run").toDouble());
            rest();
            our.push_back(milliseconds([&] { ours.run(input_); }));
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
