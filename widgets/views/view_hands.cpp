// How a view answers mouse and keys. What it draws is view.cpp's.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/navigate.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

namespace fovea {

void View::moveCursor(int columns, int rows)
{
    CellTable* table = cellTable();
    if (!table || table->cells().isEmpty())
        return;
    const QRect all({}, table->cells());
    const QPoint to = table->current() + QPoint(columns, rows);
    table->goTo({std::clamp(to.x(), all.left(), all.right()), std::clamp(to.y(), all.top(), all.bottom())});
}

void View::keyPressEvent(QKeyEvent* event)
{
    const auto move = event->modifiers() & Qt::ShiftModifier ? &View::moveCursor : &View::moveBy;
    switch (event->key()) {
    case Qt::Key_Left:
        return (this->*move)(-1, 0);
    case Qt::Key_Right:
        return (this->*move)(1, 0);
    case Qt::Key_Up:
        return (this->*move)(0, -1);
    case Qt::Key_Down:
        return (this->*move)(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return session_.setSelection(pinned(session_.patterns(), session_.selection()));
    default:
        QWidget::keyPressEvent(event);
    }
}

void View::leaveEvent(QEvent* event)
{
    Selection selection = session_.selection();
    selection.hover = {};
    session_.setSelection(selection);
    QWidget::leaveEvent(event);
}

QString View::explanation() const
{
    const QString text = whatsThis();
    return text.isEmpty() ? text : QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()); // rich text wraps
}

QPoint View::cellUnder(QPointF point)
{
    const CellTable* table = cellTable();
    return table ? table->cellAt(point) : CellTable::none;
}

QString View::tipAt(QPointF point)
{
    if (const QPoint cell = cellUnder(point); tipsOnCells() && cell != CellTable::none)
        return cellTable()->cellText(cell);
    return point.y() > body().bottom() ? explanation() : QString();
}

void View::mousePressEvent(QMouseEvent* event)
{
    const QPoint cell = cellUnder(event->position());
    if (event->button() != Qt::LeftButton || cell == CellTable::none)
        return QWidget::mousePressEvent(event);
    cellTable()->goTo(cell);
}

bool View::event(QEvent* event)
{
    // a tab that is raised is told by nothing else, one behind that gets the keyboard by nothing at all
    if (event->type() == QEvent::Paint || event->type() == QEvent::FocusIn)
        bringUpToDate();
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), tipAt(QPointF(help->pos())), this);
    return true;
}

void View::contextMenuEvent(QContextMenuEvent* event)
{
    const auto targets = targetsAt(QPointF(event->pos()));
    if (targets.empty())
        return QWidget::contextMenuEvent(event);
    QMenu menu(this);
    fillEditMenu(menu, session_, targets);
    menu.exec(event->globalPos());
}

}
