// How the window's docks lie after workspaces were switched and the window was made narrow and wide again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/time_bar.h"

#include "tests/app/real_window.h"
#include "tests/support/toys/toys.h"

#include <QAction>
#include <QDockWidget>
#include <QTabBar>

using namespace fovea;

class TestDocks final : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        prepare("tst_docks");
        toys::addToys(registry_); // with a lab, whose steps bring the time bar
    }

    void init()
    {
        QSettings().clear();
        makeWindow();
        window_->resize(1280, 800);
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        openBundled();
        settle();
    }

    void cleanup() { closeWindow(); }

    void aWorkspaceComesBackAsItWas()
    {
        const QMap<QString, QSize> before = sizes();
        QVERIFY(before.contains("dock-overlay") && before.contains("dock-edits"));
        for (int trip = 0; trip < 5; ++trip) {
            window_->action("dynamics")->trigger();
            QTRY_VERIFY(window_->findChild<TimeBar*>()->isVisible());
            settle();
            window_->action("attention")->trigger();
            settle();
            QCOMPARE(sizes(), before);
            QCOMPARE(window_->focusWidget(), static_cast<QWidget*>(window_->view("overlay")));
        }
    }

    void noTabBarIsLeftWithoutTabs()
    {
        for (const char* id : {"dynamics", "attention", "dynamics"}) {
            window_->action(id)->trigger();
            settle();
            for (const QTabBar* bar : window_->findChildren<QTabBar*>())
                QVERIFY2(!bar->isVisible() || bar->count() > 1, id);
        }
    }

    void sidesComeBackWithTheRoom()
    {
        const auto before = sides();
        for (const QSize narrow : {QSize(640, 800), QSize(800, 800)}) {
            window_->resize(narrow);
            settle();
            QVERIFY2(window_->width() <= narrow.width() + 100,
                qPrintable(QString::number(window_->width()))); // what it needs at least
            QVERIFY(window_->docks().dock("edits")->width() >= 160);
            for (const char* id : {"library", "gallery", "trace"})
                QVERIFY2(window_->docks().dock(id)->isHidden(), id);
            QVERIFY2(window_->centralWidget()->width() >= 480,
                qPrintable(QString::number(window_->centralWidget()->width())));
            window_->resize(1280, 800);
            settle();
            QCOMPARE(sides(), before);
        }
    }

    /// The offscreen one has 800 x 800 pixels.
    void aSmallScreenBeginsWithoutTheLeftSide()
    {
        makeWindow();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        openBundled();
        QTRY_VERIFY(!std::isnan(session_->parity())); // the status line has said all that it says
        settle();
        for (const char* id : {"library", "gallery", "trace"})
            QVERIFY2(window_->docks().dock(id)->isHidden(), id);
        QVERIFY2(window_->width() <= 800, qPrintable(QString::number(window_->width())));
        QVERIFY(window_->centralWidget()->width() >= 480);
        window_->resize(1280, 800);
        settle();
        QVERIFY(window_->docks().dock("library")->isVisible());
        QCOMPARE(sides().first, 216); // as the workspace has it
    }

    void theSidesGiveWayBeforeTheLeftOneGoes()
    {
        const auto before = sides();
        window_->resize(900, 800);
        settle();
        QVERIFY(!window_->docks().dock("library")->isHidden());
        QVERIFY(sides().first + sides().second < before.first + before.second - 24);
        QVERIFY(window_->centralWidget()->width() >= 480);
    }

    void aSideThatWentCanBeAskedFor()
    {
        window_->resize(800, 600);
        settle();
        QDockWidget* library = window_->docks().dock("library");
        QVERIFY(library->isHidden());
        library->toggleViewAction()->trigger();
        settle();
        QVERIFY(library->isVisible());
        window_->resize(790, 600);
        settle();
        QVERIFY(library->isVisible());
    }

    void aLayoutOfANarrowWindowIsWholeInAWideOne()
    {
        const auto before = sides();
        window_->resize(800, 600);
        settle();
        const QByteArray layout = window_->docks().state();
        window_->resize(1280, 800);
        settle();
        window_->docks().restore(layout);
        settle();
        for (const char* id : {"library", "gallery", "trace"})
            QVERIFY2(window_->docks().dock(id)->isVisible(), id);
        QVERIFY(sides().first >= 160 && sides().first <= before.first);
    }

    void widthsThatAPersonGaveAreKept()
    {
        window_->resizeDocks({window_->docks().dock("library")}, {300}, Qt::Horizontal);
        settle();
        const auto before = sides();
        QCOMPARE(before.first, 300);
        window_->resize(740, 800);
        settle();
        window_->resize(1280, 800);
        settle();
        QCOMPARE(sides(), before);
    }

private:
    /// The widths of the window's left and right.
    std::pair<int, int> sides() const
    {
        return {window_->docks().dock("library")->width(), window_->docks().dock("edits")->width()};
    }

    /// Of all docks in sight.
    QMap<QString, QSize> sizes() const
    {
        QMap<QString, QSize> all;
        for (const QDockWidget* dock : window_->findChildren<QDockWidget*>())
            if (!dock->visibleRegion().isEmpty())
                all[dock->objectName()] = dock->size();
        return all;
    }

    /// Docks are laid in several turns of the event loop, one after the other.
    static void settle()
    {
        for (int turn = 0; turn < 10; ++turn)
            QCoreApplication::processEvents();
    }
};

QTEST_MAIN(TestDocks)
#include "tst_docks.moc"
