// A forward pass of SpectFormer-XS against PyTorch's on the same weights and picture: the ratio of the
// medians of alternating passes. Debian's PyTorch is a weak peer: the line names it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/source/execute.h"

#include "tests/bench/peer.h"
#include "tests/support/golden.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::spectformer::Spectformer spectformer;
constexpr int rounds = 30;

}

class BenchSpectformer : public QObject {
    Q_OBJECT
private slots:
    void notSlowerThanPyTorch_data()
    {
        QTest::addColumn<int>("threads");
        for (const int threads : {1, 2})
            QTest::addRow("threads: %d", threads) << threads;
    }
    void notSlowerThanPyTorch()
    {
        QFETCH(const int, threads);
        Peer peer("/usr/bin/python3",
            {FOVEA_SOURCE_DIR "/tests/bench/torch_spectformer.py", QString::number(threads)});
        const WeightsPtr weights = ruleWeights(spectformer, presetConfig(spectformer, "xs"));
        const Tensor input = ruleInput({1, 3, 224, 224});
        ExecuteOptions options; // all patterns recorded, as a view asks for them
        options.record = {"blocks.*.attn.pattern"};
        options.keepStates = false;
        options.pool = std::make_shared<Pool>(threads);
        const auto pass = [&] { return execute(spectformer, *weights, input, options); };
        QCOMPARE(peer.line(), QByteArray("ready"));
        const QByteArray about = peer.ask("about");

        // the first pass of each is its warm-up, and shows that both do the same
        std::vector<double> logits;
        for (const QByteArray& number : peer.ask("logits").split(' '))
            logits.push_back(number.toDouble());
        QVERIFY(relativeDifference(pass()->output.toDoubles(), logits) < 1e-4);

        std::vector<double> our, their;
        for (int i = 0; i < rounds; ++i) {
            rest();
            their.push_back(peer.ask("run").toDouble());
            rest();
            our.push_back(milliseconds(pass));
        }
        const double ratio = median(our) / median(their);
        qInfo("SpectFormer-XS, threads: %d: %.2f ms; %s: %.2f ms; ratio %.3f", threads, median(our),
            about.constData(), median(their), ratio);
        QVERIFY(ratio <= 1.0);
    }
};

QTEST_APPLESS_MAIN(BenchSpectformer)
#include "bench_spectformer.moc"
