// Vectors over steps: maps, bars and courses against the plain numbers of the trace.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/schema_form.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/vector_family.h"

#include "tests/support/player_fixture.h"
#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QPainter>
#include <QRegularExpression>

#include <cmath>
#include <set>

using namespace fovea;

namespace {

constexpr Index classes = 8, steps = 12, elements = 1 + 2 + 2 * classes + 1; // the last is never anything

/// Of class n at a step, by element: common ones, its own ones; nothing of others.
double numberAt(Index n, Index step, Index element)
{
    if (element < 3)
        return 0.5 / static_cast<double>(2 + step + element);
    const bool isOwn = element >= 3 + 2 * n && element < 5 + 2 * n;
    return isOwn ? 0.01 * static_cast<double>((n + 1) * (step + element + 1)) : 0;
}

LayoutPtr names()
{
    static const LayoutPtr all = [] {
        std::vector<std::string> words{"common 0", "common 1", "common 2"};
        for (int n = 0; n < classes; ++n)
            for (int i = 0; i < 2; ++i)
                words.push_back("distinct " + std::to_string(n) + "." + std::to_string(i));
        words.emplace_back("next 0");
        return TokenLayout::text(words);
    }();
    return all;
}

RecordPtr vectorOf(const std::string& path, const std::string& role, const std::vector<double>& values)
{
    auto record = std::make_shared<Record>();
    record->info = {path, Kind::Vector, role, -1, ""};
    record->value = Tensor::of<double>({static_cast<Index>(values.size())}, values);
    record->axes = defaultAxes(record->info, record->value.shape());
    record->queries = names();
    return record;
}

/// Every step but number 7. z is minus c; p does not change.
TracePtr traceOfClasses()
{
    Trace trace;
    for (Index number = 0; number < steps; ++number) {
        if (number == 7)
            continue;
        auto step = std::make_shared<StepRecords>(number);
        for (Index n = 0; n < classes; ++n) {
            const std::string path = "classes." + std::to_string(n) + ".",
                              of = "class " + std::to_string(n) + ": ";
            std::vector<double> c, z, p;
            for (Index e = 0; e < elements; ++e) {
                c.push_back(numberAt(n, number, e));
                z.push_back(-c.back());
                p.push_back(numberAt(n, 0, e));
            }
            step->add(vectorOf(path + "c", of + "attention c", c));
            step->add(vectorOf(path + "z", of + "logits z", z));
            step->add(vectorOf(path + "p", of + "probability", p));
        }
        trace.steps.push_back(step);
    }
    return std::make_shared<const Trace>(trace);
}

Index positionOf(Index number) { return number > 7 ? number - 1 : number; }

QStringList written(const View& view)
{
    figure::Page page({400, 300});
    QPainter painter(&page);
    view.paint(painter, {0, 0, 400, 300}, Style::paper());
    painter.end();
    return textsOn(page);
}

}

class TestStepViews : public QObject, test::PlayerFixture {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    /// Each cell tells class, element, step and number; a click on it chooses them.
    void everyCellIsToldAndChosen_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"step-rows", "step-bars", "step-courses"})
            QTest::newRow(id) << id;
    }
    void everyCellIsToldAndChosen()
    {
        QFETCH(QString, id);
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "0,1");
        View& view = room.view(qPrintable(id));
        view.resize(700, 500);
        const bool isCourse = id == "step-courses", isBars = id == "step-bars";
        CellTable& table = *view.cellTable();
        // 3 common ones and two of each of the two classes are ever something
        // of which courses draw those of the panel's own class
        const Index width = isCourse ? 5 : 7;
        QCOMPARE(table.cells(), QSize(static_cast<int>(2 * width), isBars ? 1 : static_cast<int>(steps) - 1));
        for (int row = 0; row < table.cells().height(); ++row)
            for (int column = 0; column < table.cells().width(); ++column) {
                const QPoint cell(column, row);
                const Index n = column / width;
                const Index element = column % width + (isCourse && n == 1 && column % width > 2 ? 2 : 0);
                const Index number = isBars ? 0 : row >= 7 ? row + 1 : row;
                const double value = numberAt(n, number, element) * (isCourse ? -1 : 1);
                const QString told = table.cellText(cell);
                QVERIFY2(told.startsWith(QString("class %1, ").arg(n)), qPrintable(told));
                QVERIFY2(
                    told.contains(QString("%1 (%2)")
                                      .arg(QString::fromStdString(names()->name(static_cast<int>(element))))
                                      .arg(element)),
                    qPrintable(told));
                QVERIFY2(told.contains(QString("step %1, ").arg(number)), qPrintable(told));
                QVERIFY2(told.endsWith(' ' + numberText(value, 4)), qPrintable(told));
                if (isCourse)
                    continue; // curves meet: see below
                QTest::mouseClick(&view, Qt::LeftButton, {}, table.cellRect(cell).center().toPoint());
                const Selection& s = room.session.selection();
                QCOMPARE(s.channel, static_cast<int>(element));
                QCOMPARE(s.step, static_cast<std::size_t>(positionOf(number)));
                if (n != 0 || !s.record.empty())
                    QCOMPARE(s.record, "classes." + std::to_string(n) + ".c");
                QCOMPARE(table.current(), cell);
            }
    }

    void theNearestCurveIsChosen()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "0");
        View& view = room.view("step-courses");
        view.resize(700, 500);
        const CellTable& table = *view.cellTable();
        for (const QPoint cell : {QPoint(3, 10), QPoint(4, 10), QPoint(0, 0), QPoint(4, 5)})
            QCOMPARE(table.cellAt(table.cellRect(cell).center()), cell);
    }

    void dataAreTheTracesNumbers()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "2,5");
        const auto data = room.view("step-rows").data();
        QCOMPARE(data.size(), std::size_t{2});
        QCOMPARE(data[1].path(), std::string("classes.5.c"));
        QCOMPARE(data[1].value.shape(), Shape({steps - 1, elements}));
        QCOMPARE(data[1].axes[0].values.at(7), 8.0); // step 7 is away
        QCOMPARE(data[1].axes[1].labels.at(3), std::string("distinct 0.0"));
        for (Index row = 0; row < steps - 1; ++row)
            for (Index e = 0; e < elements; ++e)
                QCOMPARE(data[1].value.at(row).values<double>()[static_cast<std::size_t>(e)],
                    numberAt(5, row >= 7 ? row + 1 : row, e));
        const auto courses = room.view("step-courses").data();
        QCOMPARE(courses.size(), std::size_t{4}); // and what colours them
        QCOMPARE(courses[0].path(), std::string("classes.2.z"));
        QCOMPARE(courses[2].path(), std::string("classes.2.p"));
    }

    void chosenStepsHaveRowsAndSayWhatIsMissing()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, "9,0,7,3", "0");
        for (const char* id : {"step-rows", "step-bars"}) {
            View& view = room.view(id);
            QCOMPARE(view.cellTable()->cells().height(), 4);
            QCOMPARE(view.data().front().value.dim(0), Index{3});
            QCOMPARE(view.data().front().axes[0].values, (std::vector<double>{0, 3, 9}));
            QVERIFY2(view.badges().join('|').contains("not recorded: step 7"),
                qPrintable(view.badges().join('|')));
            QVERIFY(view.cellTable()->cellText({0, 2}).endsWith("not recorded"));
        }
    }

    void whatIsNeverAnythingIsLeftOut()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "0,1");
        QCOMPARE(columnsOf(room), 2 * 7);
        auto display = room.session.display();
        display.map.columns = "all";
        room.session.setDisplay(display);
        QCOMPARE(columnsOf(room), 2 * static_cast<int>(elements));
        display.map.columns = "own";
        room.session.setDisplay(display);
        QCOMPARE(columnsOf(room), 2 * 5);
        QVERIFY(room.view("step-rows")
                    .badges()
                    .join('|')
                    .contains(QString("%1 elements left out").arg(elements - 5)));
    }

    void bandsAreNamed()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "0,1");
        const QStringList texts = written(room.view("step-rows"));
        for (const char* text : {"class 0", "class 1", "common", "attention c", "step", "token"})
            QVERIFY2(texts.contains(text), qPrintable(texts.join('|')));
        const auto bands = bandsOf(*names());
        QCOMPARE(bands.size(), std::size_t(2 + classes));
        QCOMPARE(bands[0].name, QString("common"));
        QCOMPARE(bands[3].first, Index{7});
        QCOMPARE(bands[3].name, QString("distinct 2"));
        QCOMPARE(bands[3].stem, QString("distinct"));
    }

    void theChosenClassIsOnThePage()
    {
        Room room(slotOf(traceOfClasses()));
        View& view = room.view("step-rows");
        QCOMPARE(view.data().size(), std::size_t{6});
        QVERIFY2(view.caption().contains("class 0 to class 5 of 8"), qPrintable(view.caption()));
        Selection s = room.session.selection();
        s.record = "classes.7.c";
        room.session.setSelection(s);
        QCOMPARE(view.data().size(), std::size_t{2});
        QCOMPARE(view.data().back().path(), s.record);
    }

    /// The axes of the bars are the same at every step, the bars are not.
    void barsMoveAndAxesStandStill()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, {}, "1");
        View& view = room.view("step-bars");
        view.resize(500, 400);
        QStringList before = written(view).filter(QRegularExpression("^[0-9.]+$"));
        const QImage image = view.grab().toImage();
        QVERIFY(before.size() > 4);
        Selection s = room.session.selection();
        s.step = steps - 2;
        room.session.setSelection(s);
        QCOMPARE(written(view).filter(QRegularExpression("^[0-9.]+$")), before);
        QVERIFY(view.grab().toImage() != image);
        // the height of a bar: its share of the axis, which ends at a round number above the largest
        QVERIFY(before.contains("0.4"));
        const QRectF column = view.cellTable()->cellRect({4, 0}); // of element 6, the largest
        QVERIFY(!column.isEmpty());
        const double top = column.bottom() - column.height() * numberAt(1, steps - 1, 6) / 0.4;
        QVERIFY2(
            std::abs(topOf(view.grab().toImage(), column) - top) < 1.5, qPrintable(QString::number(top)));
    }

    /// The keyboard stands on what is seen, and nothing is left empty for what is not.
    void aListedStepWithoutRoomIsPassedOver()
    {
        Room room(slotOf(traceOfClasses()));
        show(room, "0,1,2,3,4,5,6,8,9,10,11", "0");
        View& view = room.view("step-bars");
        view.resize(400, 300);
        CellTable& table = *view.cellTable();
        std::set<int> stoodOn;
        for (int press = 0; press < 11; ++press) {
            QVERIFY(!table.cellRect(table.current()).isEmpty());
            stoodOn.insert(table.current().y());
            QTest::keyClick(&view, Qt::Key_Down);
        }
        QCOMPARE(table.current().y(), 10);
        QVERIFY(stoodOn.size() > 1 && stoodOn.size() < 11);
        for (std::size_t back = 1; back < stoodOn.size(); ++back)
            QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(table.current().y(), 0);
        selectPosition(room, 1); // in another view
        QVERIFY(!table.cellRect(table.current()).isEmpty());
        constexpr double narrow = 140; // room for one
        show(room, "0,11", "0");
        const double two = view.heightFor(narrow, Style::paper());
        show(room, "0", "0");
        QCOMPARE(two, view.heightFor(narrow, Style::paper()));
    }

    void listsThatAreNoneAreRefused()
    {
        Room room(slotOf(traceOfClasses()));
        for (const auto& [list, panels] : {std::pair("0,x", ""), std::pair("1.5", ""), std::pair("", "9")}) {
            show(room, list, panels);
            const QString why = room.view("step-rows").missing();
            QVERIFY2(why.contains(*panels ? "map_panels" : "map_steps"), qPrintable(why));
            QVERIFY(room.view("step-rows").data().empty());
        }
    }

    void vectorsWithoutNamesAreShownToo()
    {
        Room room(slotOf(toys::toyTrace("toy_lab")));
        View& view = room.view("step-rows");
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        const auto& all = room.session.slot().trace()->steps;
        for (int row = 0; row < static_cast<int>(all.size()); ++row)
            for (int column = 0; column < 4; ++column)
                QVERIFY(view.cellTable()
                            ->cellText({column, row})
                            .endsWith(' '
                                + numberText(all[static_cast<std::size_t>(row)]
                                                 ->find("x")
                                                 ->value.toDoubles()[static_cast<std::size_t>(column)],
                                    4)));
        Room without(slotOf(toys::toyTrace("toy_filter")));
        const std::vector<Record> data = without.view("step-bars").data(); // of a model's only step
        QCOMPARE(data.front().path(), std::string("memory.state"));
        QCOMPARE(data.front().value.toDoubles(), without.session.record("memory.state")->value.toDoubles());
    }

    void runsAreFollowedWhileTheyGrow()
    {
        open();
        const auto map = makeView("step-rows", *session_);
        QVERIFY(!map->missing().isEmpty());
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle());
        start("toy_lab", 20, {{"rate", "0.3"}});
        QTRY_VERIFY(isIdle());
        QCOMPARE(map->data().size(), std::size_t{1});
        player().compare(0);
        player().setTarget(40);
        player().play();
        QTRY_VERIFY(isIdle());
        const auto data = map->data();
        QCOMPARE(data.size(), std::size_t{2});
        for (std::size_t run = 0; run < 2; ++run) {
            QCOMPARE(data[run].path(), std::string(run == 0 ? "x.A" : "x.B"));
            const StepList& made = player().tree().runs[run]->trace->steps;
            QCOMPARE(made.size(), std::size_t{40});
            QCOMPARE(data[run].value.dim(0), Index{40});
            for (Index row = 0; row < 40; ++row)
                QCOMPARE(data[run].value.at(row).toDoubles(),
                    made[static_cast<std::size_t>(row)]->find("x")->value.toDoubles());
        }
        auto display = session_->display();
        display.map.runs = "shown";
        session_->setDisplay(display);
        QCOMPARE(map->data().size(), std::size_t{1});
        close();
    }

    /// A step that was not recorded is computed again, and its bars are shown.
    void barsOfAStepBetweenAreItsOwn()
    {
        open();
        start("toy_lab", 50, {}, 10);
        QTRY_VERIFY(isIdle());
        const auto bars = makeView("step-bars", *session_);
        player().goToNumber(13);
        QTRY_COMPARE(number(), Index{13});
        const double x = std::pow(1 - 0.1, 14); // x_0 after 14 steps
        QVERIFY2(bars->cellTable()->cellText({0, 0}).endsWith(' ' + numberText(x, 4)),
            qPrintable(bars->cellTable()->cellText({0, 0})));
        close();
    }

    /// A zero is one click away, and back.
    void aNumberHasItsZeroCheck()
    {
        SchemaForm form({{"rate", 0.5, ""}, {"momentum", 0.9, "", 0, 1}},
            {{"momentum", {"Momentum", {}, {}, {}, "No momentum"}}});
        auto* check = form.findChild<QCheckBox*>("no_momentum");
        auto* number = form.findChild<QDoubleSpinBox*>("momentum");
        number->setValue(0.7);
        QVERIFY(!check->isChecked());
        check->click();
        QCOMPARE(form.config().real("momentum"), 0.0);
        QCOMPARE(number->value(), 0.0);
        check->click();
        QCOMPARE(form.config().real("momentum"), 0.7);
        number->setValue(0);
        QVERIFY(check->isChecked());
        check->click();
        QCOMPARE(form.config().real("momentum"), 0.7); // what it was before the zero
    }

private:
    static void show(Room& room, const std::string& list, const std::string& panels)
    {
        auto display = room.session.display();
        display.map.steps = list;
        display.map.panels = panels;
        room.session.setDisplay(display);
    }
    static void selectPosition(Room& room, std::size_t position)
    {
        Selection s = room.session.selection();
        s.step = position;
        room.session.setSelection(s);
    }
    /// Where what is coloured begins in the middle of a column.
    static int topOf(const QImage& image, const QRectF& column)
    {
        const int x = qRound(column.center().x());
        int y = qRound(column.top());
        while (y < qRound(column.bottom()) && QColor(image.pixel(x, y)).saturation() < 60)
            ++y;
        return y;
    }
    static int columnsOf(Room& room) { return room.view("step-rows").cellTable()->cells().width(); }
};

QTEST_MAIN(TestStepViews)
#include "tst_step_views.moc"
