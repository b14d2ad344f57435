// Keyboard and screen reader: every view is walked by arrows and told as a table; what is no number is
// marked.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/session/session.h"
#include "widgets/views/accessible_view.h"
#include "widgets/views/view_table.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QAccessible>
#include <QImage>
#include <QPainter>

using namespace fovea;

namespace {

QAccessibleInterface* accessibleOf(QWidget& widget) { return QAccessible::queryAccessibleInterface(&widget); }

/// Two layers of two heads over cls and 2 x 2 patches: weight = (1 + layer + 2 head + query + 10 key) / 100.
TracePtr madeUp(float special = 0)
{
    auto step = std::make_shared<StepRecords>();
    for (int layer = 0; layer < 2; ++layer) {
        auto record = std::make_shared<Record>();
        record->info
            = {"blocks." + std::to_string(layer) + ".pattern", Kind::Attention, "attention", layer, ""};
        record->value = Tensor({1, 2, 5, 5});
        for (int i = 0; i < 50; ++i) {
            const int head = i / 25, query = i % 25 / 5, key = i % 5;
            record->value.writable()[static_cast<std::size_t>(i)]
                = static_cast<float>(1 + layer + 2 * head + query + 10 * key) / 100;
        }
        if (std::isnan(special)) // query cls, key (1,0), head 0
            record->value.writable()[3] = special;
        record->queries = record->keys = TokenLayout::image(2, 2, 8, 8, {"cls"});
        record->axes = defaultAxes(record->info, record->value.shape());
        record->finite = !std::isnan(special);
        step->add(record);
    }
    Trace trace;
    trace.steps.push_back(step);
    trace.input = Tensor::full({1, 1, 8, 8}, 0.5F); // a picture, for the maps over it
    return std::make_shared<const Trace>(trace);
}

struct Room {
    explicit Room(const TracePtr& trace, const char* id = nullptr)
        : session({&toys::toys(), std::make_shared<Pool>(1), {}})
    {
        Slot slot;
        slot.base = trace;
        session.adopt(slot);
        if (!id)
            return;
        view = makeView(id, session);
        view->resize(500, 400);
        view->show();
        view->setFocus();
        const bool isActive = QTest::qWaitForWindowActive(view.get());
        Q_ASSERT(isActive);
        Q_UNUSED(isActive)
    }
    QString told(int column, int row) const
    {
        return accessibleOf(*view)->tableInterface()->cellAt(row, column)->text(QAccessible::Name);
    }
    Session session;
    std::unique_ptr<View> view;
};

struct Told {
    QAccessible::Event type;
    int child;
    QString value;
    bool operator==(const Told&) const = default;
};

/// What is announced after the cell `before` was.
Told told(const Room& room, QPoint before)
{
    const auto event = cursorEvent(*room.view, before);
    const bool isValue = event->type() == QAccessible::ValueChanged;
    return {event->type(), event->child(),
        isValue ? static_cast<QAccessibleValueChangeEvent*>(event.get())->value().toString() : QString()};
}

int countOf(const View& view, QRgb color, const Style& style)
{
    QImage image(500, 400, QImage::Format_RGB32);
    QPainter painter(&image);
    view.paint(painter, image.rect(), style);
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == color ? 1 : 0;
    return count;
}

}

class TestAccess : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void matrixIsATable()
    {
        Room room(madeUp(), "matrix");
        QAccessibleInterface* view = accessibleOf(*room.view);
        QVERIFY(view && view->isValid());
        QCOMPARE(view->role(), QAccessible::Table);
        QCOMPARE(view->text(QAccessible::Name), room.view->title());
        QVERIFY(view->text(QAccessible::Description).contains("layer 0"));
        QAccessibleTableInterface* table = view->tableInterface();
        QCOMPARE(table->rowCount(), 5);
        QCOMPARE(table->columnCount(), 5);
        QCOMPARE(room.told(4, 0), QString("query cls, key (1,1), 0.41, row max"));
        QCOMPARE(room.told(1, 3), QString("query (1,0), key (0,0), 0.14, rank 4 of 5"));
        QCOMPARE(table->columnDescription(2), QString("(0,1)"));
        QAccessibleInterface* cell = table->cellAt(3, 1);
        QCOMPARE(cell->role(), QAccessible::Cell);
        QCOMPARE(view->indexOfChild(cell), 16);
        QCOMPARE(view->child(16), cell);
        QCOMPARE(cell->parent(), view);
        QCOMPARE(cell->tableCellInterface()->rowIndex(), 3);
        QCOMPARE(view->childAt(cell->rect().center().x(), cell->rect().center().y()), cell);
        QVERIFY(!table->cellAt(5, 0));
    }

    void headsAreCells()
    {
        Room room(madeUp(), "head-grid");
        QAccessibleTableInterface* table = accessibleOf(*room.view)->tableInterface();
        QCOMPARE(table->rowCount() * table->columnCount(), 4);
        const bool down = table->rowDescription(0).startsWith("layer");
        QCOMPARE(room.told(down ? 1 : 0, down ? 0 : 1), // head 1 of layer 0
            QString("layer 0, head 1, query cls, key (1,1), 0.43, row max"));
        QTest::keyClick(room.view.get(), down ? Qt::Key_Right : Qt::Key_Down);
        QCOMPARE(room.session.selection().head, 1);
        QTest::keyClick(room.view.get(), down ? Qt::Key_Down : Qt::Key_Right);
        QCOMPARE(room.session.selection().layer, 1);
        QTest::keyClick(room.view.get(), down ? Qt::Key_Down : Qt::Key_Right); // the edge holds
        QCOMPARE(room.session.selection().layer, 1);
    }

    void patchesAreCells()
    {
        Room room(madeUp(), "overlay");
        QAccessibleTableInterface* table = accessibleOf(*room.view)->tableInterface();
        QCOMPARE(table->rowCount(), 3); // cls above 2 x 2 patches
        QCOMPARE(table->columnCount(), 2);
        QCOMPARE(room.told(0, 0), QString("query cls, key cls, 0.01, rank 5 of 5"));
        QCOMPARE(room.told(1, 0), QString("query cls, key none, not seen"));
        QCOMPARE(room.told(0, 2), QString("query cls, key (1,0), 0.31, rank 2 of 5"));
        for (const QPoint cell : {QPoint(0, 0), QPoint(1, 2)}) {
            QAccessibleInterface* found = table->cellAt(cell.y(), cell.x());
            const QPoint middle = found->rect().center();
            QCOMPARE(accessibleOf(*room.view)->childAt(middle.x(), middle.y()), found);
        }
        QTest::keyClick(room.view.get(), Qt::Key_Down); // the query
        QCOMPARE(room.told(0, 0), QString("query (0,0), key cls, 0.02, rank 5 of 5"));
        QTest::keyClick(room.view.get(), Qt::Key_Up, Qt::ShiftModifier); // the key, from (1,1), the strongest
        QVERIFY(room.session.selection().hover.key->place == (Place{6, 2}));
        Selection swapped;
        swapped.direction = Direction::KeyColumn;
        swapped.pin.key = Spot{"cls", {}};
        room.session.setSelection(swapped);
        QCOMPARE(room.told(1, 2), QString("query (1,1), key cls, 0.05, column max"));
    }

    void theCursorIsAnnounced()
    {
        Room room(madeUp(), "matrix");
        Selection s;
        s.pin = {Spot{"cls", {}}, Spot{"cls", {}}};
        room.session.setSelection(s);
        QTest::keyClick(room.view.get(), Qt::Key_Down);
        QCOMPARE(told(room, QPoint(0, 0)), (Told{QAccessible::Focus, 5, {}})); // row 1, column 0
        QTest::keyClick(room.view.get(), Qt::Key_Right);
        QCOMPARE(told(room, QPoint(0, 1)), (Told{QAccessible::Focus, 6, {}}));
        QVERIFY(room.session.selection().pin.key->special.empty()); // a pin moves, and stays a pin
        QAccessibleInterface* focused = accessibleOf(*room.view)->focusChild();
        QCOMPARE(focused->text(QAccessible::Name), QString("query (0,0), key (0,0), 0.12, rank 4 of 5"));
        QVERIFY(focused->state().focused && focused->state().selected);

        s = room.session.selection(); // the same cell of another head
        s.head = 1;
        room.session.setSelection(s);
        QCOMPARE(told(room, QPoint(1, 1)),
            (Told{QAccessible::ValueChanged, 6, "query (0,0), key (0,0), 0.14, rank 4 of 5"}));
        Room empty(toys::toyTrace("toy_filter"), "matrix");
        QCOMPARE(told(empty, CellTable::none), (Told{QAccessible::DescriptionChanged, -1, {}}));
    }

    void aCellCanBeGoneTo()
    {
        for (const char* id : {"matrix", "overlay", "head-grid"}) {
            Room room(madeUp(), id);
            QAccessibleInterface* cell = accessibleOf(*room.view)->tableInterface()->cellAt(1, 1);
            cell->actionInterface()->doAction(QAccessibleActionInterface::setFocusAction());
            QVERIFY2(cell->tableCellInterface()->isSelected(), id);
            QCOMPARE(accessibleOf(*room.view)->focusChild(), cell);
        }
    }

    void edgesHoldAndPinsStay()
    {
        Room room(madeUp(), "matrix");
        Selection s;
        s.pin = {Spot{"cls", {}}, Spot{"cls", {}}};
        room.session.setSelection(s);
        QTest::keyClick(room.view.get(), Qt::Key_Up);
        QTest::keyClick(room.view.get(), Qt::Key_Left);
        QCOMPARE(room.session.selection().pin, s.pin);
    }

    void everyRecordIsWalkedByArrows()
    {
        for (const char* toy : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"})
            for (const RecordPtr& record : toys::toyTrace(toy)->matching("*")) {
                Room room(toys::toyTrace(toy));
                Selection s;
                s.record = record->path();
                room.session.setSelection(s);
                const auto view = makeView("record", room.session);
                view->resize(500, 400);
                QTest::keyClick(view.get(), Qt::Key_Right);
                QCOMPARE(view->cellTable()->current(), QPoint(0, 0));
                QTest::keyClick(view.get(), Qt::Key_Down);
                const int last = view->cellTable()->cells().height() - 1;
                QCOMPARE(view->cellTable()->current(), QPoint(0, std::min(1, last)));
                const QPoint cell = view->cellTable()->current();
                const QPointF middle = view->cellTable()->cellRect(cell).center();
                const QPoint found = view->cellTable()->cellAt(middle);
                QVERIFY2(found == cell || found == CellTable::none, record->path().c_str());
                QVERIFY(!view->cellTable()->cellText(cell).isEmpty());
            }
    }

    void noNumberIsMarkedInEveryMap()
    {
        for (const char* id : {"overlay", "head-grid", "matrix", "rollout", "record"})
            for (const bool onPaper : {false, true}) {
                Style style = Style::paper();
                style.mapDpi = onPaper ? 300 : 0;
                Room whole(madeUp()), broken(madeUp(NAN));
                for (Room* room : {&whole, &broken}) {
                    Selection s;
                    s.record = "blocks.0.pattern";
                    room->session.setSelection(s);
                    room->view = makeView(id, room->session);
                    QTRY_VERIFY(room->view->isReady());
                }
                QCOMPARE(countOf(*whole.view, ColorMap::missing, style), 0);
                QVERIFY2(countOf(*broken.view, ColorMap::missing, style) > 100, id);
            }
    }

    void whatIsNotSeenIsNotMarked()
    {
        Room room(toys::toyTrace("toy_windows")); // a query sees two windows of four
        for (const char* id : {"overlay", "head-grid"})
            QCOMPARE(countOf(*makeView(id, room.session), ColorMap::missing, Style::paper()), 0);
    }

    void factorsHaveTheirTrueRange()
    {
        ExecuteOptions options;
        options.budget = 0;
        const TracePtr factors = toys::toyTrace("toy_drop", options), whole = toys::toyTrace("toy_drop");
        QVERIFY(factors->find("blocks.1.attn.pattern")->factors.defined());
        const auto values = whole->find("blocks.1.attn.pattern")->value.toDoubles();
        const ValueRange range = Patterns(*factors, 0, false).range(1);
        const auto [least, most] = std::ranges::minmax(values);
        QVERIFY(std::abs(range.min - least) < 1e-5 && std::abs(range.max - most) < 1e-5); // f32 exponents
        QVERIFY(range.min > 0 && !range.hasGaps);
    }
};

QTEST_MAIN(TestAccess)
#include "tst_access.moc"
