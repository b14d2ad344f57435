// The brush: strokes become edits by mouse and keyboard, are shown at once, undone, and measured with
// controls.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include "core/analysis/filter_response.h"
#include "core/source/execute.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QMouseEvent>

using namespace fovea;

namespace {

class BrushRoom : public Room {
public:
    BrushRoom()
        : Room(slotWithModel("toy_filter"))
        , brush(static_cast<FilterBrushView&>(Room::view("filter-brush")))
    {
        brush.resize(800, 560);
        brush.show();
    }
    /// The middle of a cell of the plane, which has 8 x 8 with frequency 0 at (4, 4).
    QPoint at(int x, int y) const
    {
        const QRectF plane = brush.planeArea();
        return QPointF(
            plane.left() + (x + 0.5) * plane.width() / 8, plane.top() + (y + 0.5) * plane.height() / 8)
            .toPoint();
    }
    void press(int x, int y) { QTest::mousePress(&brush, Qt::LeftButton, {}, at(x, y)); }
    void move(int x, int y)
    {
        QMouseEvent event(QEvent::MouseMove, QPointF(at(x, y)), brush.mapToGlobal(QPointF(at(x, y))),
            Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&brush, &event);
    }
    void release(int x, int y) { QTest::mouseRelease(&brush, Qt::LeftButton, {}, at(x, y)); }
    QStringList edits() const
    {
        QStringList all;
        for (const Edit& edit : session.slot().edits)
            all << QString::fromStdString(edit.text());
        return all;
    }
    void use(BrushTool tool, BrushAct act = BrushAct::Zero, BrushScope scope = BrushScope::Layer)
    {
        Brush now = brush.brush();
        now.tool = tool;
        now.act = act;
        now.scope = scope;
        brush.setBrush(now);
    }
    FilterBrushView& brush;
};

}

class TestFilterBrushView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void aDragIsARingAndOneEntryOfUndo()
    {
        BrushRoom room;
        room.press(5, 4); // radius 1/8
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:ring:0.0625..0.1875"));
        room.move(6, 4);
        room.move(7, 4); // 3/8
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:ring:0.0625..0.4375"));
        room.release(7, 4);
        QTRY_VERIFY(room.session.slot().edited);
        room.session.undo();
        QVERIFY(room.edits().isEmpty());
        room.session.redo();
        QCOMPARE(room.edits().size(), 1);
    }

    void toolsMakeTheirRegions()
    {
        BrushRoom room;
        room.use(BrushTool::Wedge);
        room.press(7, 4); // to the right: angle 0
        room.move(4, 7); // down: 90
        room.release(4, 7);
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:wedge:-7.5..97.5"));
        room.use(BrushTool::Box);
        room.press(5, 3);
        room.move(6, 5);
        room.release(6, 5);
        QCOMPARE(room.edits(), // in the place of the last one
            QStringList("blocks.0.filter.weight=zero:box:-0.1875..0.1875,0.0625..0.3125"));
        room.use(BrushTool::Free);
        room.press(4, 4); // bins (0, 0) and (0, 1) of 8 x 5
        room.move(5, 4);
        room.release(5, 4);
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:mask:c000000000"));
    }

    void actsAndScopesAreEdits()
    {
        BrushRoom room;
        room.press(4, 4);
        room.release(4, 4);
        const QString ring = "ring:0..0.0625";
        room.use(BrushTool::Ring, BrushAct::Scale, BrushScope::Channel); // the stroke stays where it is
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight.0=gain:0.5:" + ring));
        room.use(BrushTool::Ring, BrushAct::Magnitude, BrushScope::All);
        QCOMPARE(room.edits(),
            (QStringList{
                "blocks.0.filter.weight=magnitude:" + ring, "blocks.1.filter.weight=magnitude:" + ring}));
        room.use(BrushTool::Ring, BrushAct::Phase);
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=phase:0:" + ring));
    }

    void swappingNamesBothLayers()
    {
        Brush brush;
        brush.act = BrushAct::Swap;
        brush.block = "blocks.1";
        const auto edits
            = editsOf(brush, {"blocks.0.filter.weight", "blocks.0", 3, {"blocks.0.filter.weight"}},
                FrequencyRegion::parse("all"));
        QCOMPARE(edits.size(), std::size_t{2});
        QCOMPARE(edits[0].text(), std::string("blocks.0.filter.weight=from:blocks.1:all"));
        QCOMPARE(edits[1].text(), std::string("blocks.1.filter.weight=from:blocks.0:all"));
    }

    void thePicturesFollowTheStrokeAtOnce()
    {
        BrushRoom room;
        const auto shown = room.brush.data();
        QVERIFY(shown[0].value.identical(shown[1].value));
        room.press(4, 4);
        const auto cut = room.brush.data(); // no run has come back yet
        for (std::size_t i = 0; i < 64; ++i) {
            const float before = cut[0].value.values<float>()[i], after = cut[1].value.values<float>()[i];
            QVERIFY(std::abs(after - (i == 4 * 8 + 4 ? 0 : before)) < 1e-5F);
        }
        room.release(4, 4);
    }

    void escapeTakesTheStrokeBack()
    {
        BrushRoom room;
        room.session.setEdits({Edit::parse("blocks.1.filter=lowpass:0.2")}, "other");
        room.press(5, 4);
        room.move(7, 4);
        QCOMPARE(room.edits().size(), 2);
        QTest::keyClick(&room.brush, Qt::Key_Escape);
        QCOMPARE(room.edits(), QStringList("blocks.1.filter=lowpass:0.2"));
        room.move(6, 4);
        QCOMPARE(room.edits().size(), 1);
    }

    void theKeyboardBrushesToo()
    {
        BrushRoom room;
        auto* cells = room.brush.cellTable();
        cells->goTo({5, 4});
        QTest::keyClick(&room.brush, Qt::Key_Space);
        QTest::keyClick(&room.brush, Qt::Key_Right);
        QTest::keyClick(&room.brush, Qt::Key_Space);
        QTest::keyClick(&room.brush, Qt::Key_Right);
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:ring:0.0625..0.3125"));
        QCOMPARE(cells->current(), QPoint(7, 4));
        QVERIFY(cells->cellText({6, 4}).contains("brushed"));
        QVERIFY(!cells->cellText({7, 4}).contains("brushed"));
        QTest::keyClick(&room.brush, Qt::Key_Delete);
        QVERIFY(room.edits().isEmpty());
    }

    void controlsAreRunsOfTheSameEditsOnRandomCoefficients()
    {
        BrushRoom room;
        room.press(5, 4);
        room.move(6, 4);
        room.release(6, 4);
        QTRY_VERIFY(room.brush.effects().winner >= 0);
        const Slot& slot = room.session.slot();
        const auto logits = [&](const char* edit) {
            ExecuteOptions options;
            options.edits = {Edit::parse(edit)};
            return execute(*slot.architecture, *slot.weights, slot.base->input, options)->output;
        };
        const Tensor before = slot.base->output;
        const auto values = before.values<float>();
        const auto winner = std::ranges::max_element(values) - values.begin();
        const auto change = [&](const char* edit) {
            return static_cast<double>(logits(edit).data()[winner])
                - static_cast<double>(before.data()[winner]);
        };
        const BrushEffects& found = room.brush.effects();
        QCOMPARE(found.winner, static_cast<int>(winner));
        QCOMPARE(found.cut, change("blocks.0.filter=zero:ring:0.0625..0.3125"));
        QCOMPARE(found.number[1], change("blocks.0.filter=zero:equal-number:1:ring:0.0625..0.3125"));
        QCOMPARE(found.energy[2], change("blocks.0.filter=zero:equal-energy:2:ring:0.0625..0.3125"));
    }

    void aTraceAloneCannotBeBrushed()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        QVERIFY(room.view("filter-brush").missing().contains("needs a model"));
    }
};

QTEST_MAIN(TestFilterBrushView)
#include "tst_filter_brush_view.moc"
