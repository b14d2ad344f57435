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
#include <QListWidget>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTextEdit>
#include <QTreeView>
#include <QTreeWidget>
#include <QWheelEvent>

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

    /// Neither a layer or head that there is not nor a word that is no edit may stand in the way of right
    /// ones.
    void aWrongEditStaysInItsLine()
    {
        window_->docks().dock("edits")->raise();
        auto* line = window_->docks().dock("edits")->findChild<QLineEdit*>();
        const auto* list = window_->docks().dock("edits")->findChild<QListWidget*>();
        for (const auto& [wrong, why] :
            {std::pair("blocks.9.attn.head.1=off", "names no block"),
                std::pair("blocks.3.attn.head.9=off", "index '9'"), std::pair("/tmp/x.pdf", "names no block"),
                std::pair("blocks.3.attn.head.1=twist", "twist"), std::pair("logits.1.1.1=off", "logits")}) {
            line->setText(wrong);
            QTest::keyClick(line, Qt::Key_Return);
            QTRY_VERIFY2(window_->messages().text().contains(why), qPrintable(window_->messages().text()));
            QVERIFY(line->text().startsWith(wrong));
            QCOMPARE(list->count(), 0);
            QVERIFY(session_->slot().edits.empty() && !session_->history().canUndo());
        }
        line->setText("blocks.3.attn.head.1=off");
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY(session_->slot().edited);
        QVERIFY(line->text().isEmpty());
        line->setText("blocks.3.attn.head.9=scale:2");
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_COMPARE(line->text(), QString("blocks.3.attn.head.9=scale:2"));
        QCOMPARE(session_->slot().edits, std::vector{Edit::parse("blocks.3.attn.head.1=off")});
        QVERIFY(session_->slot().edited);
        session_->undo();
        QVERIFY(session_->slot().edits.empty() && !session_->history().canUndo());
    }

    void theWheelScrollsAFormAndChangesNothing()
    {
        window_->docks().dock("display")->raise();
        const auto* form = window_->docks().dock("display")->findChild<QScrollArea*>();
        QTRY_VERIFY(form->isVisible() && form->verticalScrollBar()->maximum() > 0);
        const auto before = session_->display();
        for (auto* field : form->findChildren<QWidget*>())
            if (qobject_cast<QAbstractSpinBox*>(field) || qobject_cast<QComboBox*>(field)) {
                form->verticalScrollBar()->setValue(0);
                const bool isTaken = turnWheel(*field); // by the area around at most
                QVERIFY2(session_->display() == before, qPrintable(field->objectName()));
                QCOMPARE(isTaken, form->verticalScrollBar()->value() > 0);
                QCOMPARE(field->focusPolicy() & Qt::WheelFocus, Qt::StrongFocus);
            }
        QVERIFY(!session_->history().canUndo());
        auto* opacity = form->findChild<QAbstractSpinBox*>("opacity");
        opacity->setFocus();
        turnWheel(*opacity);
        QVERIFY(session_->display().opacity < before.opacity); // it is what the keyboard is at
    }

    void keysMeanTheWindowWhileAFieldHasThem()
    {
        window_->docks().dock("display")->raise();
        auto* opacity = window_->findChild<QAbstractSpinBox*>("opacity");
        QTRY_VERIFY(opacity->isVisible());
        opacity->setFocus();
        opacity->stepDown();
        const double before = session_->display().opacity;
        press(Qt::Key_BracketRight);
        QCOMPARE(session_->selection().head, 1);
        press(Qt::Key_BracketLeft);
        QCOMPARE(session_->selection().head, 0);
        press(Qt::Key_K);
        QCOMPARE(session_->slot().edits.size(), std::size_t{1});
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(session_->slot().edits.empty());
        QCOMPARE(session_->display().opacity, before);
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(session_->display().opacity > before);
        press(Qt::Key_Q);
        QCOMPARE(session_->selection().direction, Direction::KeyColumn);
        QCOMPARE(window_->focusWidget(), static_cast<QWidget*>(opacity));

        window_->docks().dock("edits")->raise();
        auto* line = window_->docks().dock("edits")->findChild<QLineEdit*>();
        QTRY_VERIFY(line->isVisible());
        for (QWidget* field : {static_cast<QWidget*>(line), static_cast<QWidget*>(opacity)}) {
            field->setFocus();
            press(Qt::Key_E, Qt::ControlModifier);
            QVERIFY(window_->exportDialog().isVisible());
            window_->exportDialog().close();
            window_->activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(window_.get()));
        }
        line->setFocus();
        press(Qt::Key_K);
        QCOMPARE(line->text(), QString("k")); // words are written there
        QVERIFY(session_->slot().edits.empty());
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(line->text().isEmpty());
        QVERIFY(session_->history().canRedo()); // and nothing else was taken back
    }

    void thePaletteRunsWhatItsNameSays()
    {
        const auto first = [&](const char* typed) {
            window_->action("palette")->trigger();
            QTest::keyClicks(window_->focusWidget(), typed);
            const auto* list = window_->findChild<QWidget*>("actionPalette")->findChild<QTreeWidget*>();
            const QString name = list->topLevelItem(0)->text(0);
            QTest::keyClick(window_->focusWidget(), Qt::Key_Escape);
            return name;
        };
        QCOMPARE(first("dark"), QString("Dark theme"));
        QVERIFY(first("theme").contains("theme"));
        QCOMPARE(first("reset"), QString("Reset this workspace"));
        QVERIFY(first("head").contains("head"));
        QVERIFY(first("rollout").contains("rollout", Qt::CaseInsensitive));
        QVERIFY(first("matrix").contains("matrix", Qt::CaseInsensitive));
        QCOMPARE(first("xqz"), QString("No action fits"));
        QVERIFY(!isInSight("rollout"));
        window_->action("palette")->trigger();
        QTest::keyClicks(window_->focusWidget(), "rollout");
        QTest::keyClick(window_->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(isInSight("rollout"));
    }

    void whatIsOpenIsMarkedAndNamed()
    {
        const QString other = QStringLiteral(FOVEA_RESOURCES "/samples/fashion_coat_6.png");
        makeWindow({{bundledModel}, {other, bundledPicture}, {}});
        openBundled();
        const auto* gallery = window_->docks().dock("gallery")->findChild<QListWidget*>();
        const auto* library = window_->docks().dock("library")->findChild<QTreeWidget*>();
        QCOMPARE(gallery->currentRow(), 1);
        QVERIFY(gallery->currentItem()->isSelected());
        QVERIFY(library->currentItem() && library->currentItem()->text(0) == "vit_micro_fashion.h5");
        QVERIFY(window_->windowTitle().startsWith("fashion_bag_18.png"));
        drop({other});
        QTRY_COMPARE(gallery->currentRow(), 0);
        QVERIFY(window_->windowTitle().startsWith("fashion_coat_6.png"));
        drop({QStringLiteral(FOVEA_RESOURCES "/samples/chelsea.png")}); // none of these
        QTRY_VERIFY(gallery->currentRow() < 0);
        QVERIFY(gallery->selectedItems().isEmpty());
    }

    void helpNamesActionsAsTheyAre()
    {
        press(Qt::Key_K);
        QVERIFY(window_->action("undo")->text().contains("attn"));
        window_->action("shortcuts")->trigger();
        QString text;
        for (const QTextEdit* edit : window_->findChildren<QTextEdit*>())
            text += edit->toPlainText();
        QVERIFY(text.contains("Undo") && !text.contains("attn.head"));
    }

    void theLabelsOfTheModelAreOffered()
    {
        auto* box = window_->findChild<QComboBox*>("relevance_class");
        QVERIFY(box && box->isEditable());
        QCOMPARE(box->count(), static_cast<int>(session_->slot().weights->parts().labels.size()));
        QVERIFY(box->count() > 1 && box->currentText().isEmpty());
        window_->docks().dock("relevancePanel")->raise();
        QTRY_VERIFY(box->isVisible());
        box->setFocus();
        QTest::keyClicks(box, "bag");
        QCOMPARE(session_->display().relevanceClass.size(), std::size_t{3});
        QCOMPARE(box->currentText().toLower(), QString("bag")); // in the order of the keys
        box->setCurrentIndex(2);
        QCOMPARE(session_->display().relevanceClass, session_->slot().weights->parts().labels[2]);
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

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(window_->windowHandle(), key, modifiers);
    }

    static bool turnWheel(QWidget& widget)
    {
        const QPointF at = widget.rect().center();
        QWheelEvent event(
            at, widget.mapToGlobal(at), {}, {0, -120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&widget, &event);
        return event.isAccepted();
    }

    bool isInSight(const char* id) const { return !window_->view(id)->visibleRegion().isEmpty(); }
};

QTEST_MAIN(TestHands)
#include "tst_hands.moc"
