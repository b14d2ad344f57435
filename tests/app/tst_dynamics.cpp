// The Dynamics workspace through the real window, offscreen: a lab starts, plays, goes back, branches.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/lab_panel.h"
#include "widgets/panels/message_bar.h"
#include "widgets/panels/runs_panel.h"
#include "widgets/panels/schema_form.h"
#include "widgets/panels/step_track.h"
#include "widgets/session/patterns.h"

#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "core/io/weights_file.h"
#include "core/source/execute.h"

#include "tests/app/lab_window.h"

#include <QAction>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

using namespace fovea;

namespace {

/// Of which the first has no attention.
const Registry& twoLabs()
{
    static const Registry& all = []() -> const Registry& {
        static Registry registry;
        toys::addLab(registry);
        toys::addTraining(registry);
        return registry;
    }();
    return all;
}

}

class TestDynamics final : public LabWindow {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        useOwnSettings("tst_dynamics");
        io::writeWeights(
            path("model.h5").toStdString(), *toys::toyWeights(toys::toys().requireArchitecture("toy_drop")));
        io::writeNpy(path("input.npy").toStdString(),
            toys::toyInput(toys::toys().requireArchitecture("toy_drop")).at(0));
        io::writeTrace(path("trace.h5").toStdString(), *toys::toyTrace("toy_lab"));
    }
    void init()
    {
        QSettings().clear();
        open();
    }
    void cleanup() { closeWindow(); }

    void theFirstVisitShowsALabAtOnce()
    {
        QTest::keyClick(window_.get(), Qt::Key_5, Qt::ControlModifier);
        QCOMPARE(window_->docks().workspaceId(), QString("dynamics"));
        QTRY_VERIFY(player().steps() > 8);
        QVERIFY(window_->view("curves")->isVisible());
        QVERIFY(window_->view("overlay")->isVisible());
        QVERIFY(!window_->docks().dock("library")->isVisible());
        QVERIFY2(
            window_->view("curves")->missing().isEmpty(), qPrintable(window_->view("curves")->missing()));
        QVERIFY(window_->messages().text().isEmpty());
        QTest::keyClick(window_.get(), Qt::Key_Space);
        QVERIFY(!player().isPlaying());
        const auto data = window_->view("curves")->data();
        QVERIFY(data.size() >= 2);
        QCOMPARE(data.front().info.path, std::string("loss.A"));
        const StepList& steps = player().run()->trace->steps;
        QCOMPARE(data.front().value.count(), static_cast<Index>(steps.size()));
        QCOMPARE(data.front().value.values<double>()[7], steps[7]->find("loss")->value.values<double>()[0]);
        const auto heads = window_->view("head-courses")->data();
        QCOMPARE(heads.size(), std::size_t{12});
        QCOMPARE(heads[4].value.values<double>()[5], // layer 1, head 1
            static_cast<double>(steps[5]->find("blocks.1.attn.pattern.stats")->value.toDoubles()[4]));
    }

    /// A lab without attention has its vectors where another has its pictures; what somebody chose stays.
    void aLabShowsWhatItHas()
    {
        open(twoLabs());
        visit();
        QCOMPARE(player().run()->lab->identity().id, std::string("toy_lab"));
        for (const char* view : {"step-rows", "step-bars", "curves"})
            QVERIFY2(isInFront(view), view);
        window_->docks().dock("record")->raise();
        QCoreApplication::processEvents();
        auto* labs = window_->findChild<LabPanel*>()->findChild<QComboBox*>();
        labs->setCurrentIndex(labs->findData("toy_training"));
        window_->findChild<LabPanel*>()->start();
        QTRY_VERIFY(isInFront("overlay"));
        QVERIFY(isInFront("record")); // which somebody chose
    }

    void spaceHomeEndAndTheBarsArrowsMove()
    {
        visit();
        player().setTarget(500000);
        QTest::keyClick(window_.get(), Qt::Key_Space);
        QVERIFY(player().isPlaying());
        QTest::keyClick(window_.get(), Qt::Key_Space);
        QVERIFY(!player().isPlaying());
        QTest::keyClick(window_.get(), Qt::Key_Home);
        QCOMPARE(session_->selection().step, std::size_t{0});
        QTest::keyClick(window_.get(), Qt::Key_End);
        QCOMPARE(session_->selection().step, player().steps() - 1);
        auto* track = window_->findChild<StepTrack*>();
        track->setFocus();
        QTest::keyClick(track, Qt::Key_Home);
        QTest::keyClick(track, Qt::Key_Right);
        QTest::keyClick(track, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(track, Qt::Key_Left);
        QCOMPARE(session_->selection().step, std::size_t{10});
        QCOMPARE(track->value(), 10);
    }

    void aClickOnTheTrackGoesToTheNearestStep()
    {
        visit();
        auto* track = window_->findChild<StepTrack*>();
        const auto steps = static_cast<double>(player().target() - 1);
        const double x = 8 + (track->width() - 16) * 40 / steps;
        QTest::mouseClick(track, Qt::LeftButton, {}, QPoint(qRound(x), 12));
        const auto pitch = steps / (track->width() - 16);
        QVERIFY(std::abs(static_cast<double>(session_->selection().step) - 40) <= pitch + 1);
    }

    void everyViewShowsTheStepOfTheTimeBar()
    {
        visit();
        for (const std::size_t step : {std::size_t{40}, std::size_t{3}, std::size_t{70}}) {
            player().goTo(step);
            const RecordPtr pattern = player().run()->trace->find("blocks.0.attn.pattern", step);
            QCOMPARE(session_->patterns().layer(0).get(), pattern.get());
            const auto row = attentionRow(*pattern, {0, 0}, 0);
            const auto shown = window_->view("overlay")->data().front().value.toDoubles();
            QCOMPARE(shown.front(), static_cast<double>(row.front()));
        }
    }

    void aChangedRateBranchesFromTheShownStep()
    {
        visit();
        player().goTo(59);
        auto* panel = window_->findChild<LabPanel*>();
        auto* rate = panel->findChild<QDoubleSpinBox*>("rate");
        QPushButton* branch = nullptr;
        for (auto* button : panel->findChildren<QPushButton*>())
            if (button->text().contains("60"))
                branch = button;
        QVERIFY(branch);
        const QPoint place = branch->mapTo(panel, QPoint());
        rate->setValue(0.5);
        QCoreApplication::processEvents();
        QCOMPARE(branch->mapTo(panel, QPoint()), place); // it does not jump from under the mouse
        QTest::mouseClick(branch, Qt::LeftButton);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        QCOMPARE(player().run()->from, Index{60});
        QCOMPARE(player().run()->config.real("rate"), 0.5);
        auto* runs = window_->findChild<RunsPanel*>()->findChild<QTreeWidget*>();
        QCOMPARE(runs->topLevelItemCount(), 1);
        QCOMPARE(runs->topLevelItem(0)->childCount(), 1);
        QCOMPARE(runs->topLevelItem(0)->child(0)->text(1), QString("at 60: rate 0.5"));
        player().setTarget(runSteps);
        player().play();
        QTRY_VERIFY_WITH_TIMEOUT(!player().isPlaying(), patienceMs);
        QCOMPARE(window_->view("curves")->data().size(), std::size_t{4}); // two quantities of two runs
        // compared: the difference of both; what somebody typed meanwhile stays
        rate->setValue(0.7);
        runs->topLevelItem(0)->setCheckState(3, Qt::Checked);
        QCOMPARE(player().compared(), 0);
        QCOMPARE(rate->value(), 0.7);
        Selection selection = session_->selection();
        selection.record = "logits";
        selection.step = 70;
        session_->setSelection(selection);
        const auto compared = window_->view("compare");
        window_->docks().dock("compare")->raise();
        QTRY_VERIFY2(compared->missing().isEmpty(), qPrintable(compared->missing()));
        // a signal is chosen for the view in front that shows it
        auto& tree = *window_->docks().dock("trace")->findChild<QTreeView*>();
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(tree.currentIndex()).center());
        QCoreApplication::processEvents();
        QVERIFY(!compared->visibleRegion().isEmpty());
        const auto data = compared->data();
        QCOMPARE(data.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(data[2].value.values<double>()[i],
                data[0].value.values<double>()[i] - data[1].value.values<double>()[i]);
        QVERIFY(data[2].value.values<double>()[0] != 0);
        auto display = session_->display();
        display.curves.difference = true;
        session_->setDisplay(display);
        const auto difference = window_->view("curves")->data();
        QCOMPARE(difference.front().info.path, std::string("loss.B − A"));
        QCOMPARE(difference.front().value.values<double>()[10], 0.0);
    }

    void whatOnlyANewStartCanChangeIsSaid()
    {
        visit();
        auto* panel = window_->findChild<LabPanel*>();
        panel->findChild<QSpinBox*>("width")->setValue(3);
        for (auto* button : panel->findChildren<QPushButton*>())
            if (button->text().startsWith("Branch"))
                QVERIFY(!button->isEnabled());
    }

    void eachWorkspaceKeepsWhatItShows()
    {
        window_->show();
        window_->resize(1280, 800); // the offscreen screen has no room for the library
        session_->open({path("model.h5"), path("input.npy")});
        QTRY_VERIFY(session_->slot().base);
        const TracePtr model = session_->slot().base;
        visit();
        QVERIFY(session_->slot().lab);
        QTest::keyClick(window_.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(session_->slot().base, model);
        QVERIFY(window_->docks().dock("library")->isVisible());
        auto* button = window_->findChild<QToolButton*>("dynamics");
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(session_->slot().lab);
        QVERIFY(button->isChecked());
        session_->open({path("model.h5")}); // a file goes where files are shown
        QTRY_COMPARE(window_->docks().workspaceId(), QString("attention"));
    }

    void aTraceWithStepsOpensInDynamics()
    {
        session_->open({path("trace.h5")});
        QTRY_COMPARE(window_->docks().workspaceId(), QString("dynamics"));
        QCOMPARE(player().steps(), std::size_t{12});
        QVERIFY2(
            window_->view("curves")->missing().isEmpty(), qPrintable(window_->view("curves")->missing()));
        QCOMPARE(window_->view("curves")->data().front().value.count(), Index{12});
    }

    void layoutsAreKeptForEachWorkspace()
    {
        visit();
        window_->docks().dock("runs")->hide();
        QTest::keyClick(window_.get(), Qt::Key_1, Qt::ControlModifier);
        QTest::keyClick(window_.get(), Qt::Key_5, Qt::ControlModifier);
        QVERIFY(!window_->docks().dock("runs")->isVisible());
        window_->action("reset-workspace")->trigger();
        QVERIFY(window_->docks().dock("runs")->isVisible());
        window_->docks().dock("runs")->hide();
        window_->close();
        open();
        QCOMPARE(window_->docks().workspaceId(), QString("attention"));
        QTest::keyClick(window_.get(), Qt::Key_5, Qt::ControlModifier);
        QVERIFY(!window_->docks().dock("runs")->isVisible());
    }

    void aFigureOfAStepIsMadeAgainByteForByte()
    {
        visit();
        player().goTo(59);
        Config faster = player().run()->config;
        faster.set("rate", 0.3);
        player().branch(faster);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        player().setTarget(runSteps);
        player().play();
        QTRY_VERIFY_WITH_TIMEOUT(!player().isPlaying(), patienceMs);
        player().goTo(70);
        player().setTarget(10 * runSteps); // how far one means to play is not in the figure
        for (const char* view : {"curves", "overlay", "head-courses"}) {
            const QString first = path("first.svg"), again = path("again.svg");
            exportTo(view, first);
            session_->open({first}); // the recipe inside
            QTRY_VERIFY(session_->jobs().front()->isRunning() == false);
            QTRY_VERIFY_WITH_TIMEOUT(!isBusy(), patienceMs);
            QCOMPARE(session_->selection().step, std::size_t{70});
            QCOMPARE(player().tree().runs.size(), std::size_t{2});
            exportTo(view, again);
            QCOMPARE(test::contentOf(again), test::contentOf(first));
        }
    }

private:
    bool isInFront(const char* view) const { return !window_->view(view)->visibleRegion().isEmpty(); }
    bool isBusy() const
    {
        return std::ranges::any_of(session_->jobs(), [](const Job* job) { return job->isRunning(); });
    }
    void exportTo(const char* view, const QString& file)
    {
        window_->docks().dock(view)->raise();
        QCoreApplication::processEvents();
        window_->exportDialog().open(window_->view(view));
        window_->exportDialog().exportTo(file);
        QTRY_VERIFY(!window_->exportDialog().job()->isRunning());
    }
};

QTEST_MAIN(TestDynamics)
#include "tst_dynamics.moc"
