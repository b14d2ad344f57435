// The view of a single signal in the window: which drawing a record gets, and what its numbers are called.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/accessible_view.h"

#include "tests/app/real_window.h"

#include <QDockWidget>

#include <algorithm>

using namespace fovea;

class TestSignals : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase() { prepare("tst_signals"); }

    void init()
    {
        QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support).*"));
        QSettings().clear();
        makeWindow();
        window_->resize(1280, 800);
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        openBundled();
    }

    void cleanup() { closeWindow(); }

    void scoresOfClassesAreBarsWithTheirNames()
    {
        choose("logits");
        const auto scores = session_->slot().trace()->output.toDoubles();
        const auto& labels = session_->slot().weights->parts().labels;
        QCOMPARE(labels.size(), scores.size());
        const auto best = std::ranges::max_element(scores) - scores.begin();
        CellTable* table = window_->view("record")->cellTable();
        QVERIFY(table && table->cells().height() > 1);
        QCOMPARE(table->rowName(0), QString::fromStdString(labels[static_cast<std::size_t>(best)]));
        QVERIFY(table->cellText({0, 0}).startsWith(table->rowName(0)));
        const QRectF first = table->cellRect({0, 0}), second = table->cellRect({0, 1});
        QVERIFY(first.height() > 8 && second.top() >= first.bottom() - 0.5);
        QCOMPARE(table->cellAt(second.center()), QPoint(0, 1));
    }

    void theArrowKeysWalkThem()
    {
        choose("logits");
        View* view = window_->view("record");
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Down);
        QTest::keyClick(view, Qt::Key_Down);
        QCOMPARE(view->cellTable()->current(), QPoint(0, 1));
    }

    void otherSignalsAreDrawnAsBefore()
    {
        choose("blocks.0.attn.q");
        QCOMPARE(window_->view("record")->cellTable()->cells().height(), 50); // tokens: cls and 49 patches
    }

private:
    void choose(const std::string& path)
    {
        Selection selection = session_->selection();
        selection.record = path;
        session_->setSelection(selection);
        window_->docks().dock("record")->show();
        window_->docks().dock("record")->raise();
        QTRY_VERIFY(window_->view("record")->missing().isEmpty());
        QCoreApplication::processEvents();
    }
};

QTEST_MAIN(TestSignals)
#include "tst_signals.moc"
