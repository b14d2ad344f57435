// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/action_palette.h"
#include "widgets/panels/fields_button.h"
#include "widgets/panels/foreign_dialog.h"
#include "widgets/panels/message_bar.h"
#include "widgets/panels/relevance_panel.h"
#include "widgets/panels/schema_form.h"
#include "widgets/panels/side_panels.h"
#include "widgets/panels/time_bar.h"
#include "widgets/panels/trace_model.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"
#include "tests/widgets/room.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

using namespace fovea;

namespace {

/// The tree as indented lines, so that a failure reads like a difference.
QStringList printed(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        lines.append(QString(2 * depth, ' ') + index.data().toString() + ' '
            + index.siblingAtColumn(1).data().toString());
        lines += printed(model, index, depth + 1);
    }
    return lines;
}

std::vector<SignalInfo> infosOf(const Trace& trace)
{
    std::vector<SignalInfo> infos;
    for (const RecordPtr& record : trace.matching("*"))
        infos.push_back(record->info);
    return infos;
}

TraceModel::RecordOf recordsOf(const TracePtr& trace)
{
    return [trace](const std::string& path) { return trace->find(path); };
}

}

class TestPanels : public QObject {
    Q_OBJECT

private slots:
    void traceModelIsATree()
    {
        TraceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const char* toy : {"toy_windows", "toy_lab", "toy_filter", "toy_drop"})
            model.show(infosOf(*toys::toyTrace(toy)), recordsOf(toys::toyTrace(toy)));
        const SignalInfo pattern{"blocks.0.attn.pattern", Kind::Attention, "attention", 0, "blocks.0"};
        const SignalInfo logits{"logits", Kind::Vector, "logits", -1, ""};
        model.show({pattern, logits}, [](const std::string&) { return nullptr; });
        QCOMPARE(printed(model), (QStringList{"blocks ", "  0 ", "    attn ", "      pattern ", "logits "}));
        QCOMPARE(model.indexOf("blocks.0.attn.pattern").data(TraceModel::pathRole).toString(),
            QString("blocks.0.attn.pattern"));
        QVERIFY(!model.indexOf("blocks.1").isValid());
    }

    void theTreeStaysAsItWasUnfolded()
    {
        Room room(slotWithModel("toy_drop"));
        TracePanel panel(room.session);
        auto* tree = panel.findChild<QTreeView*>();
        QAbstractItemModelTester tester(
            tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QModelIndex blocks = tree->model()->index(0, 0);
        tree->expand(blocks);
        QVERIFY(tree->isExpanded(blocks));
        room.session.toggleEdit({"blocks.1.attn.head.0", "off", {}});
        QTRY_VERIFY(room.session.slot().edited);
        QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));
    }

    void aSignalThatIsFetchedHasAShape()
    {
        Slot slot = slotWithModel("toy_drop");
        auto trace = std::make_shared<Trace>(*slot.base);
        auto kept = std::make_shared<StepRecords>();
        for (const RecordPtr& record : trace->matching("*"))
            if (record->path() != "blocks.1.out")
                kept->add(record);
        trace->steps = {kept};
        slot.base = trace;
        Room room(slot);
        TracePanel panel(room.session);
        const auto* model = qobject_cast<TraceModel*>(panel.findChild<QTreeView*>()->model());
        const auto shape
            = [&] { return model->indexOf("blocks.1.out").siblingAtColumn(1).data().toString(); };
        QCOMPARE(shape(), QString());
        Selection selection;
        selection.record = "blocks.1.out";
        room.session.setSelection(selection);
        QTRY_VERIFY(room.session.record("blocks.1.out"));
        QCOMPARE(shape(), QString::fromStdString(shapeOf(*room.session.record("blocks.1.out")).text()));
    }

    void formsFollowTheSchema()
    {
        const Schema schema{{"share", 0.5, "a share", 0, 1}, {"on", true, "a switch"},
            {"name", std::string("a"), "a choice", 0, 0, {}, {"a", "b"}}};
        SchemaForm form(schema);
        QSignalSpy changed(&form, &SchemaForm::changed);
        form.findChild<QCheckBox*>("on")->click();
        QCOMPARE(changed.size(), 1);
        QVERIFY(!form.config().flag("on"));
        auto* share = form.findChild<QDoubleSpinBox*>("share");
        share->setValue(7); // beyond the range
        QCOMPARE(form.config().real("share"), 1.0);
        changed.clear();
        form.setConfig(Config(schema));
        QCOMPARE(changed.size(), 0);
        QCOMPARE(share->value(), 0.5);
    }

    void anArchitecturesFieldsAreAFormWithinTheForm()
    {
        const Registry& toys = toys::toys();
        const Schema schema{
            {"architecture", std::string("toy_windows"), "", 0, 0, {}, {"toy_windows", "toy_drop"}},
            {"model", std::string("dim=16"), "its fields"}};
        SchemaForm form(schema, {{"model", {"Model", {}, "architecture"}}}, &toys);
        QSignalSpy changed(&form, &SchemaForm::changed);
        auto* which = form.findChild<QComboBox*>("architecture");
        which->setCurrentIndex(1);
        QCOMPARE(form.config().text("model"), std::string()); // as the small one of tests is: all defaults
        QCOMPARE(changed.size(), 1);
        which->setCurrentIndex(0);
        QCOMPARE(form.config().text("model"), std::string("dim=16"));
        auto* button = form.findChild<FieldsButton*>("model");
        QVERIFY(button->toolTip().startsWith("dim 16\n"));
        button->click();
        auto* popup = button->findChild<QWidget*>("fieldsPopup");
        QVERIFY(popup && popup->isVisible());
        QCOMPARE(popup->findChild<QSpinBox*>("dim")->value(), 16);
        QVERIFY(!popup->findChild<QSpinBox*>("classes")); // the data set decides
        popup->findChild<QSpinBox*>("heads")->setValue(4);
        QCOMPARE(form.config().text("model"), std::string("dim=16,heads=4"));
        auto* presets = popup->findChild<QComboBox*>({}, Qt::FindDirectChildrenOnly);
        emit presets->activated(presets->findText("wide"));
        QCOMPARE(QString::fromStdString(form.config().text("model")), QString("dim=8"));
        QCOMPARE(popup->findChild<QSpinBox*>("heads")->value(), 2);
        popup->close();
    }

    void questionsStartWithoutAnAnswer()
    {
        const Schema asked = askedOf(
            {{"heads", std::int64_t{3}, "heads of a block", 1, 256}, {"pre_norm", true, "where norms stand"},
                {"pool", std::string("cls"), "what is read", 0, 0, {}, {"cls"}}});
        QCOMPARE(asked[0].help, std::string("heads of a block (1 to 256)"));
        QCOMPARE(asked[1].choices, (std::vector<std::string>{"", "true", "false"}));
        const Config config(asked);
        for (const Field& field : asked)
            QVERIFY(config.text(field.name).empty());
    }

    void aRemedyRunsAndTakesItsMessageAway()
    {
        MessageBar bar;
        int runs = 0;
        bar.showError("a.h5 is not there.", {"Locate", [&] { ++runs; }});
        bar.findChild<QToolButton*>("remedy")->click();
        QCOMPARE(runs, 1);
        QVERIFY(bar.text().isEmpty());
    }

    void errorsStayUntilDismissed()
    {
        MessageBar bar;
        QVERIFY(bar.isHidden());
        bar.showError("a.h5: bad");
        QVERIFY(!bar.isHidden());
        bar.showError("b.h5: worse");
        QToolButton* dismiss = bar.findChildren<QToolButton*>().last();
        dismiss->click(); // the newest goes first
        QCOMPARE(bar.text(), QString("a.h5: bad"));
        dismiss->click();
        QVERIFY(bar.isHidden());
    }

    void whatCameLastIsInFront()
    {
        MessageBar bar;
        bar.showError("out.pdf: cannot be written");
        bar.showNote("Exported out.pdf.");
        QCOMPARE(bar.text(), QString("Exported out.pdf."));
        QToolButton* dismiss = bar.findChildren<QToolButton*>().last();
        dismiss->click();
        QCOMPARE(bar.text(), QString("out.pdf: cannot be written"));
        bar.showNote("Exported out.svg.");
        bar.showError("out.png: cannot be written");
        QCOMPARE(bar.text(), QString("out.png: cannot be written"));
        QCOMPARE(bar.errors(), 2);
        bar.showNote("Exported out.png.");
        auto* fade = bar.findChild<QTimer*>();
        fade->start(0);
        QTRY_COMPARE(bar.text(), QString("out.png: cannot be written")); // it faded
    }

    void paletteRanksTheBeginningsOfWords()
    {
        QCOMPARE(ActionPalette::rank("he", "Next head"), std::optional(0));
        QCOMPARE(ActionPalette::rank("head NEXT", "Next head"), std::optional(0));
        QCOMPARE(ActionPalette::rank("ead", "Next head"), std::optional(1));
        QCOMPARE(ActionPalette::rank("", "Next head"), std::optional(0));
        QVERIFY(!ActionPalette::rank("nxh", "Next head"));
        QVERIFY(!ActionPalette::rank("next row", "Next head"));
        QCOMPARE(ActionPalette::rank("(", "Sweep (all)"), std::optional(0));
    }

    void paletteRunsTheAction()
    {
        QWidget window;
        window.resize(800, 600);
        ActionPalette palette(&window);
        QAction first("Open"), second("Export");
        QSignalSpy ran(&second, &QAction::triggered);
        window.show();
        palette.open({&first, &second});
        auto* line = palette.findChild<QLineEdit*>();
        QTest::keyClicks(line, "xp");
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(ran.size(), 1);
        QVERIFY(palette.isHidden());
    }

    void timeBarStepsThroughALab()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        TimeBar bar(session);
        QVERIFY(bar.isHidden());
        Slot slot;
        slot.base = toys::toyTrace("toy_lab");
        session.adopt(slot);
        QVERIFY(!bar.isHidden());
        bar.goTo(5);
        QCOMPARE(session.selection().step, std::size_t{5});
        bar.goTo(1000); // the end holds
        QCOMPARE(session.selection().step, bar.steps() - 1);
    }

    void theDisplayFormIsNeverCut()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        DisplayPanel display(session);
        RelevancePanel relevance(session);
        for (QWidget* panel : {static_cast<QWidget*>(&display), static_cast<QWidget*>(&relevance)}) {
            panel->resize(10, 200);
            panel->show();
            const auto* scroll = panel->findChild<QScrollArea*>();
            QVERIFY(scroll->viewport()->width() >= scroll->widget()->minimumSizeHint().width());
            const int width = panel->minimumSizeHint().width();
            QVERIFY2(width <= 248, qPrintable(QString::number(width))); // the docks' width at the first start
        }
    }

    void everyDisplaySettingStandsInOneForm()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        DisplayPanel display(session);
        RelevancePanel relevance(session);
        for (const Field& field : displaySchema()) {
            const QString name = QString::fromStdString(field.name);
            QVERIFY2(
                display.findChildren<QWidget*>(name).size() + relevance.findChildren<QWidget*>(name).size()
                    == 1,
                qPrintable(name));
        }
        relevance.findChild<QComboBox*>(QStringLiteral("relevance_class"))->setEditText(QStringLiteral("3"));
        QCOMPARE(session.display().relevanceClass, std::string("3"));
        display.findChild<QSpinBox*>(QStringLiteral("rollout_start"))->setValue(2);
        QCOMPARE(session.display().rollout().startLayer, 2);
        QCOMPARE(session.display().relevanceClass, std::string("3"));
    }
};

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"
