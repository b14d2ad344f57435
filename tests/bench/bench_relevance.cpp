// How long each relevance method takes on DeiT-Ti, 197 tokens and 12 layers: the project's own limits, no
// peer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/analysis/relevance.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QElapsedTimer>

#include <atomic>

using namespace fovea;
using namespace fovea::analysis;

namespace {

const plugin::vit::Vit vit;

const RelevanceQuestion& question()
{
    static const WeightsPtr weights = test::ruleWeights(vit, presetConfig(vit, "deit_tiny_patch16_224"));
    static const RelevanceQuestion one{
        &vit, weights.get(), execute(vit, *weights, test::ruleInput({1, 3, 224, 224})), 3};
    return one;
}

ExecuteOptions allCores()
{
    ExecuteOptions options;
    options.pool = std::make_shared<Pool>();
    return options;
}

}

class BenchRelevance : public QObject {
    Q_OBJECT
private slots:
    void everyMethodStaysBelowAMinute_data()
    {
        QTest::addColumn<QString>("method");
        for (const RelevanceMethod& method : relevanceMethods())
            QTest::newRow(method.name.c_str()) << QString::fromStdString(method.name);
    }
    void everyMethodStaysBelowAMinute()
    {
        QFETCH(QString, method);
        question();
        QElapsedTimer clock;
        clock.start();
        relevance(question(), relevanceMethod(method.toStdString()), Config(relevanceSchema()), allCores());
        qInfo("%s: %.2f s", qPrintable(method), static_cast<double>(clock.elapsed()) / 1000);
        QVERIFY(clock.elapsed() < 60'000);
    }

    void theFlowStopsWithinATenthOfASecond()
    {
        ExecuteOptions options = allCores();
        QElapsedTimer clock;
        std::atomic_flag isFirst = ATOMIC_FLAG_INIT; // of 197 flows, whichever thread it ends on
        options.progress = [&, stop = options.stop](double) {
            if (!isFirst.test_and_set()) {
                clock.start();
                stop.stop();
            }
        };
        QVERIFY_EXCEPTION_THROWN(
            relevance(question(), relevanceMethod("flow"), Config(relevanceSchema()), options), Cancelled);
        qInfo("stopped after %lld ms", clock.elapsed());
        QVERIFY(clock.elapsed() < 100);
    }
};

QTEST_APPLESS_MAIN(BenchRelevance)
#include "bench_relevance.moc"
