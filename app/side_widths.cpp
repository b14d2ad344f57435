// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/side_widths.h"

#include <QApplication>
#include <QDockWidget>
#include <QResizeEvent>

#include <algorithm>

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
        if (!dock->isFloating() && !dock->isHidden() && window_->dockWidgetArea(dock) == area)
            width = std::max(width, dock->minimumSizeHint().width());
    return width;
}

void SideWidths::fit(int before, int after)
{
    QDockWidget *left = at(Qt::LeftDockWidgetArea), *right = at(Qt::RightDockWidgetArea);
    const Widths now{left ? left->width() : 0, right ? right->width() : 0};
    const bool wasNarrow = isNarrow_;
    if (!wasNarrow)
        wished_ = now;
    const int between = before - window_->centralWidget()->width() - now.left - now.right; // separators
    const int lacking = wished_.left + wished_.right + between + leastCentre - after;
    isNarrow_ = lacking > 0;
    if (!isNarrow_ && !wasNarrow)
        return;
    const Widths spare{std::max(0, wished_.left - leastAt(Qt::LeftDockWidgetArea)),
        std::max(0, wished_.right - leastAt(Qt::RightDockWidgetArea))};
    const int all = spare.left + spare.right, given = std::clamp(lacking, 0, all);
    const int ofLeft = all > 0 ? given * spare.left / all : 0;
    QList<QDockWidget*> docks;
    QList<int> widths;
    for (const auto& [dock, width] :
        {std::pair(left, wished_.left - ofLeft), std::pair(right, wished_.right - given + ofLeft)})
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
    isNarrow_ = false;
    QMetaObject::invokeMethod(
        this, [this] { fit(window_->width(), window_->width()); }, Qt::QueuedConnection);
}

bool SideWidths::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == window_ && event->type() == QEvent::Show)
        fitAnew();
    if (watched == window_ && event->type() == QEvent::Resize && window_->isVisible())
        fit(static_cast<QResizeEvent*>(event)->oldSize().width(), window_->width());
    return QObject::eventFilter(watched, event);
}

}
