// Theory beside a run through the real window, and what goes wrong with a lab: layouts that cannot be, rates
// that diverge, a run file of another version.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/lab_panel.h"
#include "widgets/panels/schema_form.h"
#include "widgets/panels/step_track.h"
#include "widgets/session/player.h"

#include "core/io/trace_file.h"
#include "core/source/execute.h"

#include "tests/app/cli.h"
#include "tests/app/real_window.h"

#include <QComboBox>
#include <QDockWidget>
#include <QPushButton>
#include <QSpinBox>

#include <cmath>

using namespace fovea;

namespace {

constexpr int patience = 120000;

}

class TestTheoryWindow : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase() { prepare("tst_theory_window"); }
    void init()
    {
        QSettings().clear();
        makeWindow();
    }
    void cleanup()
    {
        closeWindow();
        Job::waitForAll();
    }

    void theoryStandsBesideTheRun()
    {
        choose("scan_snap", 60);
        startRun();
        QTRY_VERIFY_WITH_TIMEOUT(player().run() && player().run()->done == 60, patience);
        View* view = window_->view("phase");
        window_->docks().dock("phase")->raise();
        QTRY_VERIFY2(view->missing().isEmpty(), qPrintable(view->missing()));
        QStringList drawn;
        for (const Record& record : view->data())
            drawn.append(QString::fromStdString(record.path()));
        for (const char* path : {"h.A", "theory.h", "gamma.A", "xi.A[0]", "xi.A[1]", "classes.0.chi.A[0]",
                 "theory.chi_low", "theory.chi_high", "growth.A", "law.A classes.0.r[0]"})
            QVERIFY2(drawn.contains(path), qPrintable(drawn.join(' ')));
        const QString said = view->badges().join(' ');
        QVERIFY2(said.contains("7 of its 12 conditions fail"), qPrintable(said)); // Syn-Small
        View* meter = window_->view("theory-meter");
        window_->docks().dock("theory-meter")->raise();
        QTRY_VERIFY(meter->missing().isEmpty());
        // the bar has the predicted marks: K ln M / eta_Y in steps of ten
        const auto& marks = window_->findChild<StepTrack*>()->marks();
        const auto scanned
            = std::ranges::find_if(marks, [](const TrackMark& mark) { return mark.name == "t0'"; });
        QVERIFY(scanned != marks.end());
        QVERIFY(std::abs(scanned->step - 2 * std::log(34.0) / 10) < 1e-9);
    }

    void layoutsThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("K > M") << "vocabulary"
                               << "1"
                               << "at least the 2 next tokens (K <= M)";
        QTest::newRow("tokens > M") << "vocabulary"
                                    << "33"
                                    << "at least the 34 tokens";
        QTest::newRow("no class") << "num_next_per_last"
                                  << "0"
                                  << "expected 1 to 1000, found 0";
        QTest::newRow("no query") << "num_last"
                                  << "0"
                                  << "expected 1 to 1000, found 0";
        QTest::newRow("T < 2") << "length"
                               << "1"
                               << "expected 2 to 100000, found 1";
    }
    void layoutsThatCannotBeAreRefused()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, said);
        const cli::Outcome told
            = cli::call({"lab", "scan_snap", "--set", field + "=" + value, "--steps", "2"});
        QVERIFY(told.code != 0);
        QVERIFY2(told.err.contains(field) && told.err.contains(said), qPrintable(told.err));
        // the window's form lets nobody leave a range; what fields say together is told in the message bar
        choose("scan_snap", 5);
        auto* box = window_->findChild<LabPanel*>()->findChild<QSpinBox*>(field);
        QVERIFY(box);
        box->setValue(value.toInt());
        startRun();
        if (field == "vocabulary") {
            QTRY_VERIFY2(window_->messages().text().contains(said), qPrintable(window_->messages().text()));
            QVERIFY(!player().run());
        } else {
            QVERIFY(box->value() != value.toInt());
        }
    }

    void ratesThatDivergeStopAndSayWhen_data()
    {
        QTest::addColumn<QStringList>("fields");
        QTest::addColumn<QString>("what");
        QTest::newRow("loss") << QStringList{"batch=1", "eta_y=1e7", "eta_z=2"}
                              << "10,000 times that of a guess";
        QTest::newRow("attention") << QStringList{"eta_z=1e4", "num_next_per_last=2"}
                                   << "attention logits moved";
        QTest::newRow("equations") << QStringList{"simulator=ode", "eta_z=1e8"} << "attention logits moved";
    }
    void ratesThatDivergeStopAndSayWhen()
    {
        QFETCH(QStringList, fields);
        QFETCH(QString, what);
        QStringList words{"lab", "scan_snap", "--seed", "2", "--steps", "100"};
        for (const QString& field : fields)
            words << "--set" << field;
        const cli::Outcome told = cli::call(words);
        QCOMPARE(told.code, 1);
        QVERIFY2(told.err.contains("step ") && told.err.contains("the run diverges: ")
                && told.err.contains(what) && told.err.contains("eta_z"),
            qPrintable(told.err));

        choose("scan_snap", 100);
        Config config(registry_.lab("scan_snap")->schema());
        for (const QString& field : fields)
            config.setText(field.section('=', 0, 0).toStdString(), field.section('=', 1).toStdString());
        player().start({"scan_snap", config, 2, 100, 1});
        QTRY_VERIFY2_WITH_TIMEOUT(
            window_->messages().text().contains("the run diverges"), "no message", patience);
        const QString text = window_->messages().text();
        QVERIFY2(text.contains(what), qPrintable(text));
        QVERIFY2(text.contains(QString("step %1:").arg(player().run()->done)), qPrintable(text));
        for (const StepPtr& step : player().run()->trace->steps) // what is kept can be shown
            for (const RecordPtr& record : step->all())
                QVERIFY2(record->finite, record->path().c_str());
    }

    void aRunFileOfAnotherVersionSaysSo()
    {
        const Lab& lab = *registry_.lab("scan_snap");
        const TracePtr run = executeLab(lab, Config(lab.schema()), 4, 1);
        Trace other = *run;
        other.provenance.config.insert(1, "\"eta_q\": 1, ");
        io::writeTrace(path("other.h5").toStdString(), other);
        io::writeTrace(path("run.h5").toStdString(), *run);

        drop({path("run.h5")}); // ours has theory beside it
        QTRY_COMPARE_WITH_TIMEOUT(player().steps(), std::size_t{4}, patience);
        window_->docks().switchTo("dynamics");
        View* view = window_->view("phase");
        window_->docks().dock("phase")->raise();
        QTRY_VERIFY2(view->missing().isEmpty(), qPrintable(view->missing()));

        drop({path("other.h5")}); // its signals are shown, without theory
        QTRY_VERIFY2_WITH_TIMEOUT(view->missing().contains("eta_q"), qPrintable(view->missing()), patience);
        QVERIFY(view->missing().contains("another version"));
        QVERIFY(window_->view("curves")->missing().isEmpty());
    }

private:
    Player& player() { return session_->player(); }
    /// The lab in the panel, with a short run; nothing is started.
    void choose(const char* lab, int steps)
    {
        auto* panel = window_->findChild<LabPanel*>();
        auto* labs = panel->findChild<QComboBox*>();
        labs->setCurrentIndex(labs->findData(QString(lab)));
        QCOMPARE(labs->currentData().toString(), QString(lab));
        window_->findChild<QSpinBox*>("labSteps")->setValue(steps);
    }
    void startRun() { window_->findChild<LabPanel*>()->start(); }
};

QTEST_MAIN(TestTheoryWindow)
#include "tst_theory_window.moc"
