// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view.h"

#include "widgets/plots/painters.h"
#include "widgets/session/navigate.h"
#include "widgets/session/patterns.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace fovea {

View::View(const QString& id, const QString& title, Session& session, QWidget* parent)
    : QWidget(parent)
    , id_(id)
    , title_(title)
    , session_(session)
{
    setObjectName(id);
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    const auto renewed = [this] {
        renew();
        describe();
        update();
    };
    connect(&session, &Session::traceChanged, this, renewed);
    connect(&session, &Session::displayChanged, this, renewed);
    connect(&session, &Session::inputChanged, this, renewed);
    connect(&session, &Session::selectionChanged, this, [this] { reselect(); });
}

double View::heightFor(double width, const Style&) const { return 0.75 * width; }

QString View::missing() const
{
    return session_.patterns().empty() ? tr("Nothing to show yet: open a model and a picture.") : QString();
}

Style View::screenStyle() const { return Style::screen(palette(), font(), logicalDpiX()); }

QRectF View::bodyOf(const QRectF& rect, const Style& style) const
{
    const double pad = style.gap;
    return rect.adjusted(pad, pad, -pad, -(pad + 2 * style.textSize));
}

void View::paint(QPainter& painter, const QRectF& rect, const Style& style) const
{
    painter.fillRect(rect, style.ground);
    const QString why = missing();
    if (!why.isEmpty()) {
        painter.setPen(style.faint);
        paintText(painter, rect.adjusted(style.gap, 0, -style.gap, 0), Qt::AlignCenter, why, style.textFont());
        return;
    }
    const QRectF body = bodyOf(rect, style);
    draw(painter, body, style);
    const QRectF line(body.left(), body.bottom(), body.width(), rect.bottom() - body.bottom());
    const QString badge = badges().join(QStringLiteral(" · "));
    const QFont font = style.smallFont();
    const double badgeWidth
        = badge.isEmpty() ? 0 : std::min(line.width() / 2, textWidth(badge, font, style.unitsPerInch) + style.gap);
    painter.setPen(style.faint);
    paintText(painter, line.adjusted(0, 0, -badgeWidth, 0), Qt::AlignLeft | Qt::AlignVCenter, caption(), font);
    painter.setPen(style.accent);
    paintText(painter, line.adjusted(line.width() - badgeWidth, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter,
        badge, font);
}

void View::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Style style = screenStyle();
    paint(painter, QRectF(rect()), style);
    if (hasFocus()) {
        painter.setPen(QPen(style.accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void View::describe() { setAccessibleDescription(missing().isEmpty() ? caption() : missing()); }

void View::moveBy(int columns, int rows)
{
    if (!session_.patterns().empty())
        session_.setSelection(movedCell(session_.patterns(), session_.selection(), columns, rows));
}

void View::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        return moveBy(-1, 0);
    case Qt::Key_Right:
        return moveBy(1, 0);
    case Qt::Key_Up:
        return moveBy(0, -1);
    case Qt::Key_Down:
        return moveBy(0, 1);
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
