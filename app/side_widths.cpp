// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/side_widths.h"

#include <QApplication>
#include <QDockWidget>
#include <QResizeEvent>

#include <algorithm>
#include <utility>

namespace fovea::app {

namespace {

constexpr int leastCentre = 480;

}

SideWidths::SideWidths(QMainWindow* window)
    : QObject(window)
    , window_(window)
{
    qApp->installEventFilter(this); // the window's own would come after its layout
}

/// The dock that says how wide its side is; nullptr where the side is empty.
QDockWidget* SideWidths::at(Qt::DockWidgetArea area) const
{
    for (QDockWidget* dock : docks_)
        if (!dock->isFloating() && dock->isVisible() && window_->dockWidgetArea(dock) == area)
            return dock;
    return nullptr;
}

/// The width below which nothing at that side can be shown.
int SideWidths::leastAt(Qt::DockWidgetArea area) const
{
    int width = 0;
    for (QDockWidget* dock : docks_)
        if (!dock->isFloating() && (!dock->isHidden() || away_.contains(dock))
            && window_->dockWidgetArea(dock) == area)
            width = std::max(width, dock->minimumSizeHint().width());
    return width;
}

QStringList SideWidths::away() const
{
    QStringList names;
    for (const QDockWidget* dock : away_)
        if (dock->isHidden())
            names.append(dock->objectName());
    return names;
}

void SideWidths::setAway(const QStringList& names)
{
    away_.clear();
    for (QDockWidget* dock : docks_)
        if (names.contains(dock->objectName()))
            away_.append(dock);
}

bool SideWidths::yields(int lacking)
{
    const bool wasAway = !away().isEmpty(); // else they were asked for, and stay
    if (lacking > 0 && !isStarved_) {
        for (QDockWidget* dock : docks_)
            if (!dock->isFloating() && !dock->isHidden()
                && window_->dockWidgetArea(dock) == Qt::LeftDockWidgetArea) {
                away_.append(dock);
                dock->hide();
            }
    } else if (lacking <= 0 && wasAway) {
        for (QDockWidget* dock : std::exchange(away_, {}))
            dock->show();
    }
    isStarved_ = lacking > 0;
    return wasAway != !away().isEmpty();
}

void SideWidths::fit(int before, int after)
{
    QDockWidget *left = at(Qt::LeftDockWidgetArea), *right = at(Qt::RightDockWidgetArea);
    const Widths now{left ? left->width() : 0, right ? right->width() : 0};
    const bool wasNarrow = isNarrow_;
    if (!wasNarrow)
        wished_ = {away().isEmpty() ? now.left : wished_.left, now.right};
    const int between = before - window_->centralWidget()->width() - now.left - now.right; // separators
    const Widths narrowest{leastAt(Qt::LeftDockWidgetArea), leastAt(Qt::RightDockWidgetArea)};
    if (yields(narrowest.left + narrowest.right + between + leastCentre - after)) {
        isNarrow_ = true; // what is wished stays
        fitLater();
        return;
    }
    const Widths wished{away().isEmpty() ? wished_.left : 0, wished_.right};
    const int lacking = wished.left + wished.right + between + leastCentre - after;
    isNarrow_ = lacking > 0 || !away().isEmpty();
    if (!isNarrow_ && !wasNarrow)
        return;
    const Widths spare{away().isEmpty() ? std::max(0, wished.left - narrowest.left) : 0,
        std::max(0, wished.right - narrowest.right)};
    const int all = spare.left + spare.right, given = std::clamp(lacking, 0, all);
    const int ofLeft = all > 0 ? given * spare.left / all : 0;
    QList<QDockWidget*> docks;
    QList<int> widths;
    for (const auto& [dock, width] :
        {std::pair(left, wished.left - ofLeft), std::pair(right, wished.right - given + ofLeft)})
        if (dock) {
            docks.append(dock);
            widths.append(width);
        }
    QMetaObject::invokeMethod(
        this, [this, docks, widths] { window_->resizeDocks(docks, widths, Qt::Horizontal); },
        Qt::QueuedConnection); // once the window's own layout is done
}

void SideWidths::fitAnew()
{
    isNarrow_ = isStarved_ = false;
    fitLater();
}

void SideWidths::fitTo(int left, int right)
{
    wished_ = {left, right};
    isNarrow_ = true;
    isStarved_ = false;
    fitLater();
}

void SideWidths::fitLater()
{
    QMetaObject::invokeMethod(
        this, [this] { fit(window_->width(), window_->width()); }, Qt::QueuedConnection);
}

bool SideWidths::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == window_ && event->type() == QEvent::Show)
        fitLater();
    if (watched == window_ && event->type() == QEvent::Resize && window_->isVisible())
        fit(static_cast<QResizeEvent*>(event)->oldSize().width(), window_->width());
    return QObject::eventFilter(watched, event);
}

}
