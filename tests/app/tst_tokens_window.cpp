// Models that drop tokens through the real window, offscreen: files that say what cannot be, a slider that
// drops everything, the figure that asks about a data set.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/threshold_view.h"

#include "core/io/weights_file.h"
#include "core/source/field_list.h"

#include "tests/app/real_window.h"

#include <QAction>
#include <QDockWidget>

using namespace fovea;

class TestTokensWindow : public RealWindow {
    Q_OBJECT

    const Architecture& iaRed2() const { return registry_.requireArchitecture("ia_red2"); }

    /// A file of fresh weights whose config says something else than what they were made for.
    QString fileThatSays(const char* name, const Answers& fields) const
    {
        Config config = configWith(iaRed2(), iaRed2().tinyConfig(), {});
        Weights::Parts parts = freshWeights(iaRed2(), config, 5)->parts();
        parts.preprocess = parts.preprocess.forSide(static_cast<int>(iaRed2().inputShape(config)[-1]));
        for (const auto& [field, value] : fields)
            parts.config.setText(field, value);
        io::writeWeights(path(name).toStdString(), Weights(std::move(parts)));
        return path(name);
    }

private slots:
    void initTestCase() { prepare("tst_tokens_window"); }
    void init() { makeWindow(); }
    void cleanupTestCase() { closeWindow(); }

    void whatAFileCannotSayIsRefusedByItsField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("threshold 0") << "threshold"
                                     << "0"
                                     << "field 'threshold': expected a number between 0";
        QTest::newRow("threshold 1") << "threshold"
                                     << "1"
                                     << "field 'threshold': expected a number between 0";
        QTest::newRow("groups") << "groups"
                                << "2,2"
                                << "field 'groups': expected groups that sum to depth, 2";
        QTest::newRow("depth") << "depth"
                               << "4"
                               << "field 'groups': expected groups that sum to depth, 4";
    }
    void whatAFileCannotSayIsRefusedByItsField()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const QString, said);
        drop({fileThatSays("says.h5", {{field.toStdString(), value.toStdString()}})});
        QTRY_VERIFY2(window_->messages().text().contains(said), qPrintable(window_->messages().text()));
        QVERIFY2(window_->messages().text().contains("says.h5"), qPrintable(window_->messages().text()));
        QVERIFY(!session_->slot().weights);
    }

    void aThresholdBeyondItsRangeIsNoEdit()
    {
        drop({fileThatSays("good.h5", {}), bundledPicture});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        session_->setEdits({Edit::parse("stages.*.keep=threshold:1.5")}, "threshold");
        QTRY_VERIFY2(window_->messages().text().contains("expected threshold:SHARE, between 0 and 1"),
            qPrintable(window_->messages().text()));
        QVERIFY(session_->slot().edits.empty());
    }

    void everythingCanBeDroppedAndTheWindowSaysSo()
    {
        drop({fileThatSays("good.h5", {}), bundledPicture});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        window_->action("tokens")->trigger();
        auto* slider = static_cast<ThresholdView*>(window_->view("token-threshold"));
        QTRY_VERIFY(slider->isVisible());
        const QString said = "group 0 drops every patch: the class token goes on alone";
        QVERIFY(!slider->spokenText().contains(said));
        slider->setThreshold(0.999, false);
        QTRY_VERIFY2(slider->spokenText().contains(said), qPrintable(slider->spokenText()));
        QVERIFY(window_->view("kept")->spokenText().contains(said));
        window_->action("undo")->trigger();
        QTRY_VERIFY(!slider->spokenText().contains(said));
    }

    void costAgainstAccuracyStandsInTheTokensWorkspace()
    {
        drop({fileThatSays("good.h5", {}), bundledPicture});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        window_->action("tokens")->trigger();
        QVERIFY(window_->docks().dock("cost-accuracy")->isVisibleTo(window_.get()));
        window_->docks().dock("cost-accuracy")->raise(); // behind another tab it waits
        View* view = window_->view("cost-accuracy");
        QTRY_VERIFY2(view->missing().contains("What does the answer cost"), qPrintable(view->missing()));
        drop({bundledModel});
        QTRY_VERIFY2(view->missing().contains("vit_micro_fashion.h5 (vit) has no field 'threshold'"),
            qPrintable(view->missing()));
    }
};

QTEST_MAIN(TestTokensWindow)
#include "tst_tokens_window.moc"
