// Views that are behind another tab: they wait, and are up to date once they are seen or exported.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/matrix_plot.h"

#include "tests/support/player_fixture.h"
#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QPainter>
#include <QStackedWidget>

using namespace fovea;

namespace {

/// Two docks over one another, as the workspaces have them. QMainWindow does not hide the one behind.
struct Tabs {
    explicit Tabs(View* view)
    {
        for (QDockWidget* dock : {front, back})
            window.addDockWidget(Qt::LeftDockWidgetArea, dock);
        front->setWidget(new QWidget);
        back->setWidget(view);
        window.tabifyDockWidget(front, back);
        window.resize(500, 400);
        window.show();
        front->raise();
        QCoreApplication::processEvents();
    }

    QMainWindow window;
    QDockWidget *front = new QDockWidget, *back = new QDockWidget;
};

/// Counts what it is asked.
class Witness final : public View {
public:
    explicit Witness(Session& session)
        : View("witness", "Witness", session, nullptr)
    {
        followSteps();
    }
    QString missing() const override { return {}; }
    std::vector<Record> data() const override { return {}; }
    QString caption() const override { return "witness"; }

    int renewed = 0, gathered = 0, reselected = 0;

protected:
    void draw(QPainter&, const QRectF&, const Style&) const override { }
    void renew() override { ++renewed; }
    void gather() override { ++gathered; }
    void reselect() override { ++reselected; }
};

void selectStep(Session& session, std::size_t step)
{
    Selection selection = session.selection();
    selection.step = step;
    session.setSelection(selection);
}

void selectChannel(Session& session, int channel)
{
    Selection selection = session.selection();
    selection.channel = channel;
    session.setSelection(selection);
}

}

class TestHiddenViews : public QObject, test::PlayerFixture {
    Q_OBJECT

private slots:
    void whatWaitsBehindATabIsBroughtUpToDate()
    {
        open();
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle());
        View* view = makeView("curves", *session_).release();
        Tabs tabs(view);
        view->clearFocus();
        const auto points = [&] { return view->data().front().value.count(); };
        QVERIFY(view->isVisible());
        QCOMPARE(points(), Index{30});
        growTo(50);
        QCOMPARE(points(), Index{30}); // it costs nothing meanwhile
        view->bringUpToDate();
        QCOMPARE(points(), Index{50});
        growTo(60);
        QCOMPARE(points(), Index{50});
        tabs.back->raise();
        QTRY_COMPARE(points(), Index{60});
        growTo(70);
        QCOMPARE(points(), Index{70}); // and follows
        tabs.front->raise();
        growTo(80);
        QCOMPARE(points(), Index{70});
        close();
    }

    /// What was missed is done once, and nothing is that was not missed.
    void whatWasMissedIsDoneOnce()
    {
        open();
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle());
        auto* view = new Witness(*session_);
        Tabs tabs(view);
        view->clearFocus();
        view->renewed = view->gathered = view->reselected = 0;
        for (int channel = 1; channel < 4; ++channel)
            selectChannel(*session_, channel);
        QCOMPARE(view->reselected, 0);
        view->bringUpToDate();
        QCOMPARE(view->reselected, 1);
        QCOMPARE(view->renewed, 0); // only the selection changed
        for (const std::size_t step : {3, 5, 7})
            selectStep(*session_, step);
        player().setTarget(90); // grew()
        QCOMPARE(view->renewed + view->gathered, 0);
        tabs.back->raise();
        QTRY_COMPARE(view->renewed, 1);
        QCOMPARE(view->reselected, 2);
        QCOMPARE(view->gathered, 0);
        player().setTarget(100);
        QCOMPARE(view->gathered, 1);
        selectChannel(*session_, 0);
        QCOMPARE(view->reselected, 3);
        QCOMPARE(view->renewed, 1);
        close();
    }

    /// A view behind a tab that kept the keyboard has to say where its cursor went.
    void theKeyboardsViewDoesNotWait()
    {
        open();
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle());
        auto* view = new Witness(*session_);
        Tabs tabs(view);
        view->setFocus();
        QVERIFY(view->hasFocus());
        view->reselected = 0;
        selectChannel(*session_, 1);
        QCOMPARE(view->reselected, 1);
        close();
    }

    /// Nothing but a tab makes a view wait: not what lies over it, and only until it is painted that nobody
    /// laid it out yet.
    void whatIsCoveredDoesNotWait()
    {
        open();
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle());
        QWidget window;
        window.resize(300, 200);
        auto* view = new Witness(*session_);
        view->setParent(&window);
        auto* above = new QWidget(&window);
        above->setAutoFillBackground(true);
        above->resize(300, 200);
        view->resize(300, 200);
        window.show();
        view->renewed = 0;
        selectStep(*session_, 3);
        QCOMPARE(view->renewed, 1);
        view->resize(0, 0);
        selectStep(*session_, 5);
        view->resize(300, 200);
        above->hide();
        QTRY_COMPARE(view->renewed, 2);
        close();
    }

    /// A plot of its own stands where there was nothing to show.
    void aCanvasIsBroughtUpToDateToo_data()
    {
        QTest::addColumn<bool>("isExported");
        QTest::newRow("exported") << true;
        QTest::newRow("seen") << false;
    }
    void aCanvasIsBroughtUpToDateToo()
    {
        QFETCH(bool, isExported);
        Room room((Slot()));
        View* view = makeView("matrix", room.session).release();
        QStackedWidget pages;
        pages.addWidget(view);
        pages.addWidget(new QWidget);
        pages.resize(400, 300);
        pages.show();
        const auto* plot = view->findChild<MatrixPlot*>();
        QVERIFY(!view->missing().isEmpty() && !plot->isVisible());
        pages.setCurrentIndex(1);
        room.session.adopt(slotOf(toys::toyTrace("toy_windows")));
        if (isExported)
            view->bringUpToDate();
        pages.setCurrentIndex(0);
        QTRY_VERIFY(plot->isVisible());
        QVERIFY(plot->width() > 200);
    }

private:
    void growTo(Index steps)
    {
        player().setTarget(steps);
        player().play();
        QTRY_VERIFY(isIdle());
    }
};

QTEST_MAIN(TestHiddenViews)
#include "tst_hidden_views.moc"
