// Movies of a lab's run from the real window, offscreen.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/movie_frames.h"

#include "widgets/figure/writer.h"
#include "widgets/panels/message_bar.h"

#include "core/tensor/error.h"

#include "tests/app/lab_window.h"

#include <QImage>

using namespace fovea;

class TestMovie final : public LabWindow {
    Q_OBJECT

private slots:
    void initTestCase() { useOwnSettings("tst_movie"); }
    void init()
    {
        QSettings().clear();
        open();
    }
    void cleanup() { closeWindow(); }

    void aMovieIsMadeWhileTheWindowGoesOn()
    {
        visit();
        player().goTo(7);
        make("curves", "0:40:10", "movie");
        QCOMPARE(framesIn("movie").size(), 5);
        QVERIFY(QImage(path("movie/movie-0001.png")) != QImage(path("movie/movie-0005.png")));
        QCOMPARE(session_->selection().step, std::size_t{7}); // where one was
        // stopped: nothing stays
        auto& dialog = window_->exportDialog();
        dialog.open(window_->view("curves"));
        dialog.findChild<QLineEdit*>("movieSteps")->clear();
        dialog.exportTo(path("stopped"));
        QTRY_VERIFY(session_->selection().step != 7);
        dialog.job()->cancel();
        Job::waitForAll();
        QCOMPARE(QDir(folder_.path()).entryList({"*stopped*"}, QDir::Dirs | QDir::Hidden), QStringList());
        QCOMPARE(session_->selection().step, std::size_t{7});
    }

    /// It computes what it shows of each step once somebody asks: behind a tab, or closed, nobody does.
    void aViewThatNobodySeesIsDrawn()
    {
        visit();
        QVERIFY(!window_->view("rollout")->isVisible());
        make("rollout", "0:40:20", "hidden");
        QVERIFY2(framesIn("hidden").size() == 3, qPrintable(window_->messages().text()));
        QVERIFY(QImage(path("hidden/hidden-0001.png")) != QImage(path("hidden/hidden-0003.png")));
        player().goTo(0);
        make("rollout", "0:0", "first"); // nothing is left to wait for
        QCOMPARE(QImage(path("hidden/hidden-0001.png")), QImage(path("first/first-0001.png")));
    }

    /// Steps side by side make way for the one, with their room. Undo and redo are none the wiser.
    void aListOfStepsMakesWay()
    {
        visit();
        View* view = window_->view("step-rows");
        window_->docks().dock("step-rows")->raise();
        const double height = view->heightFor(widthPt, Style::paper());
        showList("0,10");
        Selection pinned = session_->selection();
        pinned.pin.query = Spot{};
        session_->setSelection(pinned);
        session_->undo();
        QVERIFY(session_->history().canRedo());
        QVERIFY(view->heightFor(widthPt, Style::paper()) < 0.8 * height);
        make("step-rows", "0:20:10", "rows");
        QVERIFY2(framesIn("rows").size() == 3, qPrintable(window_->messages().text()));
        const auto recipe = figure::readRecipe(path("rows/rows-0002.png"));
        QCOMPARE(recipe->size.widthPt, widthPt);
        QCOMPARE(recipe->size.heightPt, height);
        QCOMPARE(session_->display().map.steps, std::string("0,10"));
        QVERIFY(session_->history().canRedo());
        session_->redo();
        QCOMPARE(session_->display().map.steps, std::string("0,10"));
        session_->undo();
        session_->undo();
        QCOMPARE(session_->display().map.steps, std::string());
    }

    void aListThatWasChosenMeanwhileStays()
    {
        visit();
        showList("0,10");
        app::MovieFrames frames(*window_->view("step-rows"), *session_, figure::Recipe{}, true);
        QCOMPARE(frames.size(), figure::Recipe{}.size); // somebody chose it
        QCOMPARE(session_->display().map.steps, std::string());
        showList("5");
        frames.end();
        QCOMPARE(session_->display().map.steps, std::string("5"));
    }

    /// A movie is made while the window goes on.
    void whatIsUndoneMeanwhileKnowsTheList()
    {
        visit();
        showList("0,10");
        app::MovieFrames first(*window_->view("step-rows"), *session_, figure::Recipe{}, true);
        Selection pinned = session_->selection();
        pinned.pin.query = Spot{};
        session_->setSelection(pinned);
        first.end();
        session_->undo(); // the pin
        QCOMPARE(session_->display().map.steps, std::string("0,10"));

        app::MovieFrames second(*window_->view("step-rows"), *session_, figure::Recipe{}, true);
        session_->undo(); // the list
        second.end();
        QCOMPARE(session_->display().map.steps, std::string());
        app::MovieFrames third(*window_->view("step-rows"), *session_, figure::Recipe{}, true);
        session_->redo();
        QCOMPARE(session_->display().map.steps, std::string());
        third.end();
        QCOMPARE(session_->display().map.steps, std::string("0,10"));
    }

    void itSaysWhyAStepIsNotShown()
    {
        visit();
        player().goTo(7);
        const app::MovieFrames frames(*window_->view("curves"), *session_, figure::Recipe{}, false);
        QVERIFY(!frames.draw(7)().isEmpty());
        QVERIFY2(whyNot(frames, 8).contains("another one was chosen"), qPrintable(whyNot(frames, 8)));
        QVERIFY2(whyNot(frames, 1000).contains("was not recorded"), qPrintable(whyNot(frames, 1000)));
    }

    /// Only a lab makes again what was not recorded.
    void whatNobodyCanShowIsRefusedBefore()
    {
        const TracePtr whole = toys::toyTrace("toy_lab");
        auto trace = std::make_shared<Trace>();
        for (const StepPtr& step : whole->steps)
            if (step->step() != 4)
                trace->steps.push_back(step);
        Slot slot;
        slot.base = trace;
        session_->adopt(slot);
        QCOMPARE(app::movieSteps(*session_, {}, "steps").size(), trace->steps.size());
        QCOMPARE(
            app::movieSteps(*session_, app::StepSpan("5:6", "steps"), "steps"), (std::vector<Index>{5, 6}));
        try {
            app::movieSteps(*session_, app::StepSpan("0:6:2", "steps"), "steps");
            QFAIL("step 4 is not there");
        } catch (const UsageError& error) {
            QVERIFY2(QString(error.what()).contains("step 4 was not recorded"), error.what());
        }
    }

private:
    static constexpr double widthPt = 234;

    void make(const char* view, const char* steps, const char* folder)
    {
        auto& dialog = window_->exportDialog();
        dialog.open(window_->view(view));
        auto* format = dialog.findChild<QComboBox*>("format");
        format->setCurrentIndex(format->findData(""));
        dialog.findChild<QLineEdit*>("movieSteps")->setText(steps);
        dialog.exportTo(path(folder));
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.job()->isRunning(), patienceMs);
    }
    QStringList framesIn(const char* folder) const
    {
        return QDir(path(folder)).entryList(QDir::Files, QDir::Name);
    }
    void showList(const std::string& list)
    {
        auto display = session_->display();
        display.map.steps = list;
        session_->setDisplay(display);
    }
    static QString whyNot(const app::MovieFrames& frames, Index step)
    {
        try {
            frames.draw(step);
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
        return {};
    }
};

QTEST_MAIN(TestMovie)
#include "tst_movie.moc"
