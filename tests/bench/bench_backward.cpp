// A forward and backward pass over all parameters against the forward pass alone, as a ratio of the medians
// of alternating runs, one thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

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

}

class BenchBackward : public QObject {
    Q_OBJECT
private slots:
    void aStepIsAtMostThreeForwards_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("batch");
        QTest::newRow("deit_tiny, batch 32") << "deit_tiny_patch16_224" << 32;
        QTest::newRow("deit_small, batch 8") << "deit_small_patch16_224" << 8;
    }
    void aStepIsAtMostThreeForwards()
    {
        QFETCH(const QString, preset);
        QFETCH(const int, batch);
        const WeightsPtr weights = ruleWeights(vit, presetConfig(vit, preset.toStdString()));
        const Tensor x = ruleInput({batch, 3, 224, 224}), cotangent = ruleInput({batch, 1000}, "cotangent");
        RunOptions options;
        const auto forward = [&] {
            Run run(*weights, options);
            vit.forward(run, weights->config(), x);
        };
        const auto both = [&] {
            Tape tape({{"*"}, {}});
            RunOptions taped = options;
            taped.tape = &tape;
            Run run(*weights, taped);
            tape.backward(run, vit.forward(run, weights->config(), x), cotangent);
        };
        forward();
        both();
        std::vector<double> once, twice;
        for (int i = 0; i < 7; ++i) {
            once.push_back(milliseconds(forward));
            twice.push_back(milliseconds(both));
        }
        const double ratio = median(twice) / median(once);
        qInfo(
            "forward %.0f ms, forward and backward %.0f ms, ratio %.2f", median(once), median(twice), ratio);
        QVERIFY(ratio <= 3.3);
    }
};

QTEST_APPLESS_MAIN(BenchBackward)
#include "bench_backward.moc"
