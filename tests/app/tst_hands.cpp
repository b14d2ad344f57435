// What hands do in the window: keys where they belong, signals chosen in the tree, traces without attention.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_file.h"

#include "tests/app/real_window.h"
#include "tests/support/toys/toys.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTreeView>

using namespace fovea;

class TestHands final : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        prepare("tst_hands");
        toys::addToys(registry_);
    }

    void init()
    {
        QSettings().clear();
        makeWindow();
        window_->resize(1280, 800);
        openBundled();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }

    void cleanup() { closeWindow(); }

    void spacePressesTheButtonThatHasTheKeyboard()
    {
        QVERIFY(window_->docks().dock("display"));
        window_->docks().dock("display")->raise();
        auto* grid = window_->findChild<QCheckBox*>("grid");
        QTRY_VERIFY(grid->isVisible());
        grid->setFocus();
        const bool before = session_->display().grid;
        QTest::keyClick(window_->windowHandle(), Qt::Key_Space);
        QCOMPARE(session_->display().grid, !before);
    }

    void theKeyboardGoesBackWhereItWas()
    {
        for (const Qt::Key end : {Qt::Key_Escape, Qt::Key_Return}) {
            window_->view("matrix")->setFocus();
            window_->action("palette")->trigger();
            QVERIFY(window_->focusWidget() != window_->view("matrix"));
            QTest::keyClicks(window_->focusWidget(), "layer");
            QTest::keyClick(window_->focusWidget(), end);
            QCOMPARE(window_->focusWidget(), static_cast<QWidget*>(window_->view("matrix")));
        }
    }

    void aChosenSignalComesIntoSight()
    {
        QVERIFY(!isInSight("record"));
        choose("logits");
        QCOMPARE(session_->selection().record, std::string("logits"));
        QTRY_VERIFY(isInSight("record"));
        window_->docks().dock("rollout")->raise();
        QTRY_VERIFY(!isInSight("record"));
        QTest::mouseClick(
            tree().viewport(), Qt::LeftButton, {}, tree().visualRect(tree().currentIndex()).center());
        QTRY_VERIFY(isInSight("record")); // chosen already, and wanted again
    }

    /// A hover must not begin the recording of a signal again and again.
    void aSignalIsRecordedWhileTheMouseMoves()
    {
        QSignalSpy fetched(session_.get(), &Session::recordFetched);
        choose("blocks.2.mlp.out");
        for (int i = 0; i < 200 && fetched.isEmpty(); ++i) {
            Selection selection = session_->selection();
            selection.hover.query = Spot{{}, {static_cast<double>(i % 28), 3}};
            session_->setSelection(selection);
            QTest::qWait(1);
        }
        QCOMPARE(fetched.size(), 1);
    }

    void aTraceWithoutAttentionShowsItsFirstSignal()
    {
        io::writeTrace(path("lab.h5").toStdString(), *toys::toyTrace("toy_lab"));
        drop({path("lab.h5")});
        QTRY_VERIFY(!session_->selection().record.empty());
        QTRY_VERIFY(isInSight("record"));
        QVERIFY(window_->view("record")->missing().isEmpty());
        QVERIFY(window_->view("overlay")->missing().contains("no attention"));
    }

    void aPanelHasRoomForItsNewRows()
    {
        io::writeTrace(path("windows.h5").toStdString(), *toys::toyTrace("toy_windows"));
        const QWidget* panel = window_->findChild<QWidget*>("selectionPanel");
        const int before = panel->minimumSizeHint().height();
        drop({path("windows.h5")}); // its patterns have windows to choose from
        QTRY_VERIFY(panel->minimumSizeHint().height() > before);
        QTRY_VERIFY(panel->height() >= panel->minimumSizeHint().height());
        const QDockWidget *upper = window_->docks().dock("selectionPanel"),
                          *lower = window_->docks().dock("classes");
        QTRY_VERIFY(upper->geometry().bottom() < lower->geometry().top());
    }

    void onlyOneViewSaysWhatTheMouseDoes()
    {
        window_->docks().dock("rollout")->raise();
        QTRY_VERIFY(isInSight("rollout"));
        QTRY_VERIFY(window_->view("rollout")->isReady());
        int told = 0;
        for (const QLabel* label : window_->findChildren<QLabel*>())
            told += label->isVisible() && label->text().contains("click to pin") ? 1 : 0;
        QCOMPARE(told, 1);
    }

private:
    QTreeView& tree() const { return *window_->docks().dock("trace")->findChild<QTreeView*>(); }

    void choose(const QString& path)
    {
        QModelIndex at;
        const QAbstractItemModel& model = *tree().model();
        for (const QString& part : path.split('.')) {
            int row = 0;
            while (row < model.rowCount(at) && model.index(row, 0, at).data().toString() != part)
                ++row;
            at = model.index(row, 0, at);
        }
        QVERIFY2(at.isValid(), qPrintable(path));
        tree().setCurrentIndex(at);
    }

    bool isInSight(const char* id) const { return !window_->view(id)->visibleRegion().isEmpty(); }
};

QTEST_MAIN(TestHands)
#include "tst_hands.moc"
