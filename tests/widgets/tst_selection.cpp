// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/side_panels.h"
#include "widgets/session/navigate.h"
#include "widgets/session/session.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"
#include "tests/widgets/toy_services.h"

#include <QLabel>
#include <QSignalSpy>

using namespace fovea;

class TestSelection : public QObject {
    Q_OBJECT

private slots:
    void selectionsStayWithinTheTrace()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        Slot slot;
        slot.base = toys::toyTrace("toy_windows");
        session.adopt(slot);
        Selection selection;
        selection.layer = selection.head = selection.group = 99;
        session.setSelection(selection);
        QCOMPARE(session.selection().layer, 1);
        QCOMPARE(session.selection().head, 1);
        QCOMPARE(session.selection().group, 0); // the second stage has one
    }

    void equalSelectionsAreIgnored()
    {
        Session session(toyServices("toy_drop"));
        QSignalSpy changed(&session, &Session::selectionChanged);
        session.setSelection(session.selection());
        QCOMPARE(changed.size(), 0);
        Selection selection = session.selection();
        selection.reading = HeadReading::Mean;
        session.setSelection(selection);
        session.setSelection(selection);
        QCOMPARE(changed.size(), 1);
    }

    void aPinHoldsTheAnchorAndTheHoverTheOther()
    {
        const Spot a{{}, {1, 1}}, b{{}, {2, 2}}, c{{}, {3, 3}};
        Selection selection;
        selection.pin = {a, b};
        selection.hover = {c, c};
        QCOMPARE(selection.anchor(), std::optional(a));
        QCOMPARE(selection.other(), std::optional(c));
        selection.direction = Direction::KeyColumn;
        QCOMPARE(selection.anchor(), std::optional(b));
        selection.pin = {};
        QCOMPARE(selection.anchor(), std::optional(c));
    }

    void layersAndHeadsGoRound()
    {
        const Patterns patterns(*toys::toyTrace("toy_drop"), 0, false); // three layers of two heads
        QCOMPARE(movedLayer(patterns, {}, 1).layer, 1);
        QCOMPARE(movedLayer(patterns, {}, -1).layer, 2);
        Selection last;
        last.head = 1;
        last.reading = HeadReading::Mean;
        QCOMPARE(movedHead(patterns, last, 1).head, 0);
        QCOMPARE(movedHead(patterns, last, 1).reading, HeadReading::One);
    }

    void arrowsMoveTheCell()
    {
        const TracePtr trace = toys::toyTrace("toy_windows");
        const Patterns patterns(*trace, 0, false);
        Selection selection;
        selection.pin.query = Spot{{}, {1, 1}}; // cells are 2 x 2 pixels
        selection = movedCell(patterns, selection, 1, 2);
        QCOMPARE(selection.pin.query->place, (Place{3, 5}));
        selection = movedCell(patterns, selection, -2, 0); // the edge holds
        QCOMPARE(selection.pin.query->place, (Place{3, 5}));
    }

    void anEmptyReadOutSaysWhy()
    {
        const auto said = [](Slot slot) {
            Room room(std::move(slot));
            const SelectionPanel panel(room.session);
            for (const QLabel* label : panel.findChildren<QLabel*>())
                if (label->accessibleName() == "Read-out")
                    return label->text();
            return QString();
        };
        Slot waiting = slotWithModel("toy_drop");
        waiting.base = nullptr;
        for (const Slot& slot : {Slot(), waiting, slotOf(std::make_shared<const Trace>())})
            QCOMPARE(said(slot), QString("Nothing has been run yet."));
        QCOMPARE(said(slotOf(toys::toyTrace("toy_filter"))), QString("No attention patterns in this trace."));
        QVERIFY(said(slotWithModel("toy_drop")).contains("query"));
    }
};

QTEST_MAIN(TestSelection)
#include "tst_selection.moc"
