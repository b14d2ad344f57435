// A room with the brush in it, and a hand that draws. It checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/filter_brush_view.h"

#include "tests/widgets/room.h"

#include <QMouseEvent>

namespace fovea {

class BrushRoom : public Room {
public:
    explicit BrushRoom(Slot slot = slotWithModel("toy_filter"))
        : Room(std::move(slot))
        , brush(static_cast<FilterBrushView&>(Room::view("filter-brush")))
    {
        brush.resize(800, 560);
        brush.show();
    }
    /// The middle of a cell of the plane, in which frequency 0 of 8 x 8 is at (4, 4).
    QPoint at(int x, int y) const
    {
        const QRectF plane = brush.planeArea();
        const QSize cells = brush.cellTable()->cells();
        return QPointF(plane.left() + (x + 0.5) * plane.width() / cells.width(),
            plane.top() + (y + 0.5) * plane.height() / cells.height())
            .toPoint();
    }
    void press(int x, int y, Qt::KeyboardModifiers keys = {})
    {
        QTest::mousePress(&brush, Qt::LeftButton, keys, at(x, y));
    }
    void drag(QPoint place)
    {
        QMouseEvent event(QEvent::MouseMove, QPointF(place), brush.mapToGlobal(QPointF(place)), Qt::NoButton,
            Qt::LeftButton, {});
        QCoreApplication::sendEvent(&brush, &event);
    }
    void move(int x, int y) { drag(at(x, y)); }
    void release(int x, int y) { QTest::mouseRelease(&brush, Qt::LeftButton, {}, at(x, y)); }
    void key(Qt::Key key) { QTest::keyClick(&brush, key); }
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
    void select(const char* record, int channel = 0)
    {
        Selection selection = session.selection();
        selection.record = record;
        selection.channel = channel;
        session.setSelection(selection);
    }
    FilterBrushView& brush;
};

}
