// What the classes and the sweep say, against runs and a softmax of the test's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/effect.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <cmath>

using namespace fovea;

class TestEffectViews : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void classesAreTheLogits_data() { addToyRows(); }
    void classesAreTheLogits()
    {
        QFETCH(QString, toy);
        const TracePtr trace = toys::toyTrace(toy.toStdString());
        Room shown(slotOf(trace));
        const auto records = shown.view("classes").data();
        if (!trace->output.defined()) {
            QVERIFY(records.empty());
            return;
        }
        const auto logits = trace->output.toDoubles();
        double sum = 0;
        for (const double logit : logits)
            sum += std::exp(logit);
        const auto rows = records.front().value.toDoubles();
        QCOMPARE(rows.size(), 4 * std::min<std::size_t>(5, logits.size()));
        for (std::size_t row = 0; row < rows.size(); row += 4) {
            const double expected = std::exp(logits[static_cast<std::size_t>(rows[row])]) / sum;
            QVERIFY(std::abs(rows[row + 1] - expected) < 1e-6 && rows[row + 2] == rows[row + 1]);
            QVERIFY(row == 0 || rows[row - 3] >= rows[row + 1]);
        }
    }

    void classesTellBeforeFromAfter()
    {
        Room shown(slotWithModel("toy_drop"));
        shown.session.setEdits({Edit::parse("blocks.0.attn.head.1=off")}, "edit");
        QTRY_VERIFY(shown.session.slot().edited);
        const auto before = shown.session.slot().base->output.toDoubles(),
                   after = shown.session.slot().edited->output.toDoubles();
        const auto rows = shown.numbers("classes");
        for (std::size_t row = 0; row < rows.size(); row += 4) {
            const auto index = static_cast<std::size_t>(rows[row]);
            QCOMPARE(rows[row + 3], after[index] - before[index]);
            const auto softmax = [](const std::vector<double>& logits, std::size_t at) {
                double sum = 0;
                for (const double logit : logits)
                    sum += std::exp(logit - logits[at]);
                return 1 / sum;
            };
            const double p = softmax(before, index), q = softmax(after, index); // one of them may be tiny
            QVERIFY(std::abs(rows[row + 1] - p) < 1e-6 * p && std::abs(rows[row + 2] - q) < 1e-6 * q);
        }
    }

    void sweepIsARunWithoutEachHead_data()
    {
        QTest::addColumn<QStringList>("edits");
        QTest::newRow("of the model as it is") << QStringList();
        QTest::newRow("under edits") << QStringList{"blocks.1=scale:0.5", "blocks.0.attn.head.1=off"};
    }
    void sweepIsARunWithoutEachHead()
    {
        QFETCH(const QStringList, edits);
        Room shown(slotWithModel("toy_drop"));
        View& view = shown.view("sweep");
        QVERIFY(view.data().empty());
        ExecuteOptions options;
        for (const QString& edit : edits)
            options.edits.push_back(Edit::parse(edit.toStdString()));
        shown.session.setEdits(options.edits, "edits");
        QTRY_VERIFY(edits.isEmpty() || shown.session.slot().edited);
        shown.session.startSweep();
        QTRY_VERIFY(shown.session.sweep());
        const Record sweep = view.data().front();
        const Slot& slot = shown.session.slot();
        const auto before = execute(*slot.architecture, *slot.weights, slot.base->input, options)->output;
        const int best = analysis::topClasses(before, 1).front().index;
        QCOMPARE(test::text(sweep.value.shape()), QString("[3, 2]"));
        options.edits.emplace_back();
        for (int layer = 0; layer < 3; ++layer)
            for (int head = 0; head < 2; ++head) {
                options.edits.back() = Edit::parse(
                    "blocks." + std::to_string(layer) + ".attn.head." + std::to_string(head) + "=off");
                const TracePtr off = execute(*slot.architecture, *slot.weights, slot.base->input, options);
                const auto i = static_cast<std::size_t>(best);
                const double expected = off->output.toDoubles()[i] - before.toDoubles()[i];
                QVERIFY(
                    std::abs(sweep.value.toDoubles()[static_cast<std::size_t>(2 * layer + head)] - expected)
                    < 1e-6);
            }
    }

    void anEditLeavesNoSweepOfAnotherModel()
    {
        Room shown(slotWithModel("toy_drop"));
        shown.session.startSweep();
        QTRY_VERIFY(shown.session.sweep());
        shown.session.setEdits({Edit::parse("blocks.1=off")}, "edit");
        QTRY_VERIFY(shown.session.slot().edited);
        QVERIFY(!shown.session.sweep());
        shown.session.startSweep();
        QTRY_VERIFY(shown.session.sweep());
        shown.session.setEdits({}, "none");
        QVERIFY(!shown.session.sweep());
    }
};

QTEST_MAIN(TestEffectViews)
#include "tst_effect_views.moc"
