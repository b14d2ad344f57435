// What comes back: sessions and figures dropped on the window, files that went away, the model before.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure_export.h"

#include "widgets/figure/writer.h"

#include "tests/app/real_window.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QMenuBar>
#include <QToolButton>

using namespace fovea;

namespace {

const Edit headOff{"blocks.1.attn.head.0", "off", {}};

}

class TestReopening final : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase() { prepare("tst_reopening"); }

    void init()
    {
        QSettings().clear();
        makeWindow();
    }

    void cleanup() { closeWindow(); }

    void answersTravelWithSessionsAndFigures()
    {
        session_->proceed({{foreignModel, foreignInput}, {}, {{foreignModel.toStdString(), foreignAnswers}}});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        const Tensor logits = session_->slot().base->output;
        exportTo("matrix", path("foreign.pdf"));
        session_->save(path("foreign.fovea"), window_->docks().state());
        QTRY_VERIFY(QFile::exists(path("foreign.fovea")));
        for (const char* file : {"foreign.pdf", "foreign.fovea"}) {
            makeWindow();
            drop({path(file)});
            QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
            QVERIFY(session_->slot().base->output.identical(logits));
        }
    }

    void aFigureRebuildsItsSession_data()
    {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"pdf", "svg", "png", "json"})
            QTest::newRow(ending) << QString(ending);
    }

    void aFigureRebuildsItsSession()
    {
        QFETCH(QString, ending);
        openBundled();
        session_->toggleEdit(headOff);
        QTRY_VERIFY(session_->slot().edited);
        Selection selection = session_->selection();
        selection.layer = 3;
        selection.head = 1;
        selection.pin.query = Spot{{}, {10, 10}};
        session_->setSelection(selection);
        auto display = session_->display();
        display.hideSpecials = true;
        session_->setDisplay(display);
        const auto drawn = window_->view("matrix")->data();
        const QString file = path(("figure." + ending).toLatin1());
        if (ending == "json")
            figure::saveFile(
                figure::toJson(app::recipeOf(*window_->view("matrix"), *session_, 300, 300)), file);
        else
            exportTo("matrix", file);

        makeWindow();
        drop({file});
        QTRY_VERIFY2(session_->slot().edited, qPrintable(window_->messages().text()));
        QCOMPARE(session_->slot().modelPath, bundledModel.toStdString());
        QCOMPARE(session_->slot().edits, std::vector<Edit>{headOff});
        QCOMPARE(session_->selection().layer, 3);
        QVERIFY(session_->selection().pin == selection.pin);
        QCOMPARE(session_->display(), display);
        QVERIFY(window_->view("matrix")->data().front().value.identical(drawn.front().value));
    }

    void aFileThatWentAwayIsLocated()
    {
        const QString copy = path("copy.h5"), moved = path("moved.h5");
        QFile::remove(copy);
        QFile::remove(moved);
        QVERIFY(QFile::copy(bundledModel, copy));
        drop({copy, bundledPicture});
        QTRY_VERIFY(session_->slot().base);
        session_->save(path("a.fovea"), {});
        QTRY_VERIFY(QFile::exists(path("a.fovea")));
        QVERIFY(QFile::rename(copy, moved));

        makeWindow();
        drop({path("a.fovea")});
        QTRY_VERIFY(window_->messages().text().contains("copy.h5"));
        QVERIFY(!session_->slot().weights);
        chooseLocated(moved);
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        QVERIFY(window_->messages().text().isEmpty());
    }

    void anotherFileInItsPlaceIsSaid()
    {
        QVERIFY(QFile::copy(bundledPicture, path("was.png")));
        drop({bundledModel, path("was.png")});
        QTRY_VERIFY(session_->slot().base);
        session_->save(path("b.fovea"), {});
        QTRY_VERIFY(QFile::exists(path("b.fovea")));
        QVERIFY(QFile::remove(path("was.png")));
        makeWindow();
        drop({path("b.fovea")});
        QTRY_VERIFY(window_->messages().text().contains("was.png"));
        chooseLocated(QStringLiteral(FOVEA_RESOURCES "/samples/fashion_coat_6.png"));
        QTRY_VERIFY(session_->slot().base);
        QVERIFY(window_->messages().text().contains("contents differ"));
    }

    void aReplacedModelIsOneKeyAway()
    {
        openBundled();
        QVERIFY(!window_->action("back")->isEnabled());
        session_->toggleEdit(headOff);
        QTRY_VERIFY(session_->slot().edited);
        const Tensor edited = session_->slot().edited->output;
        const QString other = path("other.h5");
        QVERIFY(QFile::copy(bundledModel, other));
        drop({other});
        QTRY_COMPARE(session_->slot().modelPath, other.toStdString());
        QVERIFY(session_->slot().edits.empty());
        QVERIFY(window_->messages().text().contains("other.h5 took the place of vit_micro_fashion.h5"));
        window_->action("back")->trigger();
        QTRY_VERIFY2(session_->slot().edited, qPrintable(window_->messages().text()));
        QCOMPARE(session_->slot().modelPath, bundledModel.toStdString());
        QVERIFY(session_->slot().edited->output.identical(edited));
    }

    void recentFilesAreInTheFileMenu()
    {
        const auto* recent = recentMenu();
        QVERIFY(recent);
        QVERIFY(!recent->menuAction()->isEnabled()); // nothing yet
        const QString first = path("first & best.h5"), second = path("second.h5");
        for (const QString& copy : {first, second}) {
            QVERIFY(QFile::copy(bundledModel, copy));
            drop({copy});
            QTRY_COMPARE(session_->slot().modelPath, copy.toStdString());
        }
        makeWindow();
        recent = recentMenu();
        QVERIFY(recent->menuAction()->isEnabled());
        QCOMPARE(recent->actions().size(), 2);
        QCOMPARE(recent->actions()[0]->data().toString(), second);
        QVERIFY2(recent->actions()[1]->text().endsWith("first && best.h5"),
            qPrintable(recent->actions()[1]->text()));
        recent->actions()[1]->trigger();
        QTRY_COMPARE(session_->slot().modelPath, first.toStdString());
        QCOMPARE(recent->actions()[0]->data().toString(), first); // it is the newest now
    }

private:
    QMenu* recentMenu() const
    {
        for (QMenu* menu : window_->menuBar()->findChildren<QMenu*>())
            if (menu->title() == "Open &recent")
                return menu;
        return nullptr;
    }

    /// Presses Locate... and chooses the file.
    void chooseLocated(const QString& file)
    {
        auto* button = window_->messages().findChild<QToolButton*>("remedy");
        QVERIFY(button->isVisible());
        button->click();
        QFileDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QFileDialog*>("locate")));
        QVERIFY(!dialog->isModal());
        dialog->selectFile(file);
        QMetaObject::invokeMethod(dialog, "accept");
    }
};

QTEST_MAIN(TestReopening)
#include "tst_reopening.moc"
