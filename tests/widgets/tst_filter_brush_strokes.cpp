// Strokes of the brush: what they are as edits, and what undo, another layer and Clear make of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/edits_panel.h"

#include "tests/support/test.h"
#include "tests/widgets/brush_room.h"

#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>

#include <cmath>

using namespace fovea;

namespace {

const QString ring1 = "blocks.0.filter.weight=zero:ring:0.0625..0.1875", // through (5, 4)
    ring2 = "blocks.0.filter.weight=zero:ring:0.1875..0.3125", // (6, 4)
    ring3 = "blocks.0.filter.weight=zero:ring:0.3125..0.4375"; // (7, 4)

void stroke(BrushRoom& room, int x, Qt::KeyboardModifiers keys = {})
{
    room.press(x, 4, keys);
    room.release(x, 4);
}

void type(EditsPanel& panel, const QString& edit)
{
    auto* line = panel.findChild<QLineEdit*>();
    line->setText(edit);
    QTest::keyClick(line, Qt::Key_Return);
}

}

class TestFilterBrushStrokes : public QObject {
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
        room.session.undo(); // nothing is left of the stroke
        QVERIFY(room.edits().isEmpty());
    }

    void clearingLeavesWhatWasWritten()
    {
        BrushRoom room;
        const QStringList written{"blocks.0.filter=zero:ring:0.1..0.2", "blocks.1.filter=gain:2:wedge:0..40"};
        room.session.setEdits(
            {Edit::parse(written[0].toStdString()), Edit::parse(written[1].toStdString())}, "");
        room.press(4, 4);
        room.release(4, 4);
        room.press(6, 4, Qt::ShiftModifier);
        room.release(6, 4);
        room.select("blocks.1.filter.weight");
        room.press(6, 6);
        room.release(6, 6);
        QCOMPARE(room.edits().size(), 5);
        room.key(Qt::Key_Delete);
        QCOMPARE(room.edits(), written);
    }

    void aRefusedStrokeIsNotTheBrushes()
    {
        BrushRoom room;
        Brush brush = room.brush.brush();
        brush.act = BrushAct::Scale;
        room.brush.setBrush(brush);
        room.press(6, 4);
        room.release(6, 4);
        const QStringList taken = room.edits();
        brush.amount = INFINITY; // no number that an edit takes
        QSignalSpy refused(&room.session, &Session::failed);
        room.brush.setBrush(brush);
        QCOMPARE(refused.size(), 1);
        QCOMPARE(room.edits(), taken);
        brush.amount = 0.25;
        room.brush.setBrush(brush);
        QCOMPARE(room.edits().size(), 1);
        QVERIFY(room.edits().front().contains("gain:0.25:"));
    }

    void theNextStrokeReplacesTheOneThatUndoBroughtBack()
    {
        BrushRoom room;
        stroke(room, 5);
        stroke(room, 6);
        QCOMPARE(room.edits(), QStringList(ring2));
        room.session.undo();
        QCOMPARE(room.edits(), QStringList(ring1));
        stroke(room, 7);
        QCOMPARE(room.edits(), QStringList(ring3));
        stroke(room, 6, Qt::ShiftModifier);
        room.session.undo(); // one more was made, and is gone
        stroke(room, 5);
        QCOMPARE(room.edits(), QStringList(ring1));
        room.session.undo();
        room.session.undo();
        room.session.undo();
        QVERIFY(room.edits().isEmpty());
        room.session.redo(); // the first
        stroke(room, 6);
        QCOMPARE(room.edits(), QStringList(ring2));
    }

    void aChangeOfLayerOrTheBarAfterUndoIsOfWhatIsThere()
    {
        BrushRoom room;
        stroke(room, 5);
        room.select("blocks.1.filter.weight");
        stroke(room, 6);
        room.session.undo(); // the first layer's is left, and it was made before
        room.use(BrushTool::Ring, BrushAct::Magnitude);
        QCOMPARE(room.edits(), QStringList(ring1));
        room.use(BrushTool::Ring);
        room.select("blocks.0.filter.weight");
        stroke(room, 7);
        QCOMPARE(room.edits(), (QStringList{ring1, ring3}));
        room.session.undo();
        stroke(room, 6);
        QCOMPARE(room.edits(), (QStringList{ring1, ring2}));
        room.use(BrushTool::Ring, BrushAct::Magnitude);
        room.session.undo();
        room.use(BrushTool::Ring, BrushAct::Phase); // of the stroke as it is there
        QCOMPARE(room.edits(), (QStringList{ring1, "blocks.0.filter.weight=phase:0:ring:0.1875..0.3125"}));
    }

    void undoWhileOneDragsEndsTheStroke()
    {
        BrushRoom room;
        room.press(5, 4);
        room.session.undo();
        room.move(7, 4);
        QVERIFY(room.edits().isEmpty());
        QVERIFY(room.session.history().canRedo());
    }

    void aCancelledStrokeLeavesUndoAndRedo_data()
    {
        QTest::addColumn<int>("end");
        QTest::newRow("back at the same ring") << 5;
        QTest::newRow("elsewhere") << 7;
    }
    void aCancelledStrokeLeavesUndoAndRedo()
    {
        QFETCH(const int, end);
        BrushRoom room;
        stroke(room, 5);
        stroke(room, 6, Qt::ShiftModifier);
        room.session.undo(); // ring1 is there, to redo is ring2
        room.press(6, 4);
        room.move(end, 4);
        room.key(Qt::Key_Escape);
        QCOMPARE(room.edits(), QStringList(ring1));
        room.session.redo();
        QCOMPARE(room.edits(), (QStringList{ring1, ring2}));
        QVERIFY(!room.session.history().canRedo());
        room.session.undo();
        room.session.undo();
        QVERIFY(room.edits().isEmpty());
        QVERIFY(!room.session.history().canUndo());
    }

    void aStrokeThatEndsWhereTheLastOneIsLeavesNothing()
    {
        BrushRoom room;
        stroke(room, 5);
        room.press(5, 4);
        room.move(7, 4);
        room.move(5, 4); // the ring reaches back to what it began with
        room.release(5, 4);
        QCOMPARE(room.edits(), QStringList(ring1));
        room.session.undo();
        QVERIFY(room.edits().isEmpty() && !room.session.history().canUndo());
    }

    void clearLeavesATypedEditThatEqualsAStroke()
    {
        BrushRoom room;
        EditsPanel panel(room.session);
        type(panel, ring1);
        stroke(room, 5);
        QCOMPARE(room.edits(), (QStringList{ring1, ring1}));
        room.key(Qt::Key_Delete);
        QCOMPARE(room.edits(), QStringList(ring1)); // written before the stroke
        panel.findChild<QListWidget*>()->setCurrentRow(0);
        room.session.setEdits({}, "");
        stroke(room, 6);
        type(panel, ring2); // while the stroke is there: it is written now
        QCOMPARE(room.edits(), QStringList(ring2));
        room.key(Qt::Key_Delete);
        QCOMPARE(room.edits(), QStringList(ring2));
        room.session.setEdits({}, "");
        stroke(room, 7);
        room.session.undo();
        type(panel, ring3); // after the stroke is gone
        room.key(Qt::Key_Delete);
        QCOMPARE(room.edits().last(), ring3);
    }

    void whatCannotBeRunLeavesTheStrokesBefore()
    {
        BrushRoom room;
        stroke(room, 5);
        QTRY_VERIFY(isRunOfEdits(room.session.slot()));
        auto edits = room.session.slot().edits;
        edits.push_back(Edit::parse("blocks.1.filter.99=zero")); // an index that is not there
        QSignalSpy refused(&room.session, &Session::editsRefused);
        room.session.setEdits(edits, "typed");
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(room.edits(), QStringList(ring1));
        room.key(Qt::Key_Delete); // it is still the brush's
        QVERIFY(room.edits().isEmpty());
    }
};

QTEST_MAIN(TestFilterBrushStrokes)
#include "tst_filter_brush_strokes.moc"
