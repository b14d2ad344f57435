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
            for (const char* id : {"library", "gallery", "trace", "edits"})
                QVERIFY2(window_->docks().dock(id)->width() >= 160, id);
            const int both = sides().first + sides().second;
            QVERIFY2(both < before.first + before.second - 24, qPrintable(QString::number(both)));
            QVERIFY(window_->centralWidget()->width() >= window_->width() - both - 24);
            window_->resize(1280, 800);
            settle();
            QCOMPARE(sides(), before);
        }
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
