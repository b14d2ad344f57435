// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/docks.h"

#include "app/side_widths.h"
#include "app/workspaces.h"

#include <QAction>
#include <QDataStream>
#include <QDockWidget>
#include <QEvent>
#include <QIODevice>
#include <QLayout>
#include <QMenu>
#include <QTabBar>

#include <algorithm>
#include <utility>

namespace fovea::app {

namespace {

constexpr int layoutVersion = 1;

}

Docks::Docks(QMainWindow* window, QMenu* menu)
    : QObject(window)
    , window_(window)
    , workspace_(new QMainWindow)
    , menu_(menu)
    , sides_(new SideWidths(window))
{
    workspace_->setWindowFlags(Qt::Widget);
    workspace_->setObjectName(QStringLiteral("workspace"));
    workspace_->setDockNestingEnabled(true);
    for (QMainWindow* owner : {window_, workspace_})
        owner->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
}

QDockWidget* Docks::add(QMainWindow* owner, Qt::DockWidgetArea area, const QString& title, QWidget* widget)
{
    auto* dock = new QDockWidget(title, owner);
    dock->setWidget(widget);
    owner->addDockWidget(area, dock);
    menu_->addAction(dock->toggleViewAction());
    auto* shown = new QAction(tr("Show %1").arg(title), this);
    connect(shown, &QAction::triggered, dock, [dock] {
        dock->show();
        dock->raise();
    });
    actions_.append(shown);
    for (const auto signal : {&QDockWidget::topLevelChanged, &QDockWidget::visibilityChanged})
        connect(dock, signal, this, &Docks::showTitles, Qt::QueuedConnection);
    return dock;
}

QDockWidget* Docks::addView(const QString& id, const QString& title, QWidget* view)
{
    QDockWidget* dock = add(workspace_, Qt::LeftDockWidgetArea, title, view);
    dock->setObjectName(QStringLiteral("dock-") + id);
    return dock;
}

QDockWidget* Docks::addPanel(Qt::DockWidgetArea area, const QString& title, QWidget* panel)
{
    QDockWidget* dock = add(window_, area, title, panel);
    dock->setObjectName(QStringLiteral("dock-") + panel->objectName());
    areas_[dock] = area;
    sides_->add(dock);
    panel->setAccessibleName(title);
    if (panel->minimumSizeHint().width() < SideWidths::least) // a list, which could be as narrow as one likes
        panel->setMinimumWidth(SideWidths::least);
    panel->installEventFilter(this);
    return dock;
}

/// A panel that got another row pushes the docks below it away: Qt would lay it over them.
bool Docks::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) {
        auto* panel = static_cast<QWidget*>(watched);
        const int least = panel->minimumSizeHint().height();
        auto* dock = qobject_cast<QDockWidget*>(panel->parentWidget());
        if (dock && panel->isVisible() && std::exchange(least_[panel], least) < least)
            QMetaObject::invokeMethod(
                dock, [this, dock] { window_->resizeDocks({dock}, {dock->height()}, Qt::Vertical); },
                Qt::QueuedConnection); // once its own layout is done
    }
    return QObject::eventFilter(watched, event);
}

QDockWidget* Docks::dock(const QString& id) const
{
    return window_->findChild<QDockWidget*>(QStringLiteral("dock-") + id);
}

void Docks::arrange()
{
    current_ = QString::fromLatin1(workspaces().front().id);
    lay(workspaces().front());
}

void Docks::switchTo(const QString& workspace)
{
    if (workspace == current_)
        return;
    states_[current_] = state();
    current_ = workspace;
    const QByteArray left = states_.value(workspace);
    if (left.isEmpty())
        lay(workspaceNamed(workspace));
    else
        put(left);
    emit switched(workspace);
    if (!left.isEmpty())
        put(left);
}

void Docks::reset() { lay(workspaceNamed(current_)); }

void Docks::bringForward(const std::function<bool(const QString& view)>& hasContent)
{
    for (const auto& tabs : workspaceNamed(current_).tabs) {
        const auto front = std::ranges::find_if(tabs, [&](const char* id) {
            const QDockWidget* there = named(id);
            return there && there->widget()->isVisible() && !there->widget()->visibleRegion().isEmpty();
        });
        if (front == tabs.end())
            continue;
        const QString before = QString::fromLatin1(*front);
        const bool isBrought = brought_.contains(before);
        if (!isBrought && (front != tabs.begin() || hasContent(before)))
            continue; // somebody chose it, or it is where it belongs
        const auto beside = workspace_->tabifiedDockWidgets(named(*front));
        const auto first = std::ranges::find_if(tabs, [&](const char* id) {
            return (id == *front || beside.contains(named(id))) && hasContent(QString::fromLatin1(id));
        });
        if (first == tabs.end() || first == front)
            continue;
        brought_.remove(before);
        brought_.insert(QString::fromLatin1(*first));
        named(*first)->raise();
    }
}

void Docks::layPanels(const Workspace& workspace)
{
    for (const auto& [dock, area] : areas_.asKeyValueRange())
        window_->removeDockWidget(dock);
    for (const char* id : workspace.panels)
        if (QDockWidget* dock = named(id)) {
            window_->addDockWidget(areas_[dock], dock);
            dock->show();
        }
    for (const auto& tabs : workspace.panelTabs) {
        for (std::size_t i = 1; i < tabs.size(); ++i)
            if (named(tabs[0]) && named(tabs[i]))
                window_->tabifyDockWidget(named(tabs[0]), named(tabs[i]));
        if (named(tabs[0]))
            named(tabs[0])->raise();
    }
    for (const auto& [dock, area] : areas_.asKeyValueRange())
        if (window_->dockWidgetArea(dock) == Qt::NoDockWidgetArea) { // it can still be asked for
            window_->addDockWidget(area, dock);
            dock->hide();
        }
}

void Docks::lay(const Workspace& workspace)
{
    sides_->setAway({});
    layPanels(workspace);
    const auto views = workspace_->findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly);
    for (QDockWidget* dock : views)
        workspace_->removeDockWidget(dock);
    if (QDockWidget* first = named(workspace.first)) {
        workspace_->addDockWidget(Qt::LeftDockWidgetArea, first);
        first->show();
    }
    for (const DockSplit& split : workspace.splits)
        if (named(split.of) && named(split.added)) {
            workspace_->splitDockWidget(named(split.of), named(split.added), split.orientation);
            named(split.added)->show();
        }
    for (const auto& tabs : workspace.tabs) {
        for (std::size_t i = 1; i < tabs.size(); ++i)
            if (named(tabs[0]) && named(tabs[i])) {
                workspace_->tabifyDockWidget(named(tabs[0]), named(tabs[i]));
                named(tabs[i])->show();
            }
        if (named(tabs[0]))
            named(tabs[0])->raise();
    }
    for (QDockWidget* dock : views)
        if (workspace_->dockWidgetArea(dock) == Qt::NoDockWidgetArea) {
            workspace_->addDockWidget(Qt::LeftDockWidgetArea, dock);
            dock->hide();
        }
    for (const DockShares& shares : workspace.shares) {
        QList<QDockWidget*> docks;
        QList<int> sizes;
        for (std::size_t i = 0; i < shares.docks.size(); ++i)
            if (QDockWidget* dock = named(shares.docks[i])) {
                docks.append(dock);
                sizes.append(shares.sizes[i]);
            }
        (shares.isPanel ? window_ : workspace_)->resizeDocks(docks, sizes, shares.orientation);
        if (shares.isPanel && shares.orientation == Qt::Horizontal)
            sides_->fitTo(shares.sizes.front(), shares.sizes.back());
    }
    showTitles();
}

void Docks::showTitles()
{
    for (QDockWidget* dock : window_->findChildren<QDockWidget*>()) {
        auto* owner = qobject_cast<QMainWindow*>(dock->parentWidget());
        const bool isTab = !dock->isFloating() && owner && !owner->tabifiedDockWidgets(dock).isEmpty();
        if (isTab == (dock->titleBarWidget() != nullptr))
            continue;
        QWidget* old = dock->titleBarWidget();
        dock->setTitleBarWidget(isTab ? new QWidget(dock) : nullptr); // the tab is the title
        delete old;
    }
    for (const QMainWindow* owner : {window_, workspace_})
        for (QTabBar* bar : owner->findChildren<QTabBar*>(Qt::FindDirectChildrenOnly)) {
            bar->setElideMode(Qt::ElideNone); // whole names behind arrows rather than the beginnings of all
            bar->setUsesScrollButtons(true);
            if (bar->count() == 0) // Qt leaves one behind whose docks went elsewhere
                bar->hide();
        }
}

QByteArray Docks::state() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << window_->saveState(layoutVersion) << workspace_->saveState(layoutVersion) << current_
           << sides_->away();
    return state;
}

QMap<QString, QByteArray> Docks::states() const
{
    QMap<QString, QByteArray> all = states_;
    all[current_] = state();
    return all;
}

void Docks::restore(const QByteArray& state)
{
    QByteArray outer, inner;
    QDataStream stream(state);
    stream >> outer >> inner;
    if (stream.status() != QDataStream::Ok || outer.isEmpty() || inner.isEmpty())
        return;
    QString workspace;
    stream >> workspace; // files of an earlier date have none
    const QString before = std::exchange(
        current_, QString::fromLatin1(workspaceNamed(workspace.isEmpty() ? current_ : workspace).id));
    if (before != current_)
        states_[before] = this->state();
    put(state);
    if (before == current_)
        return;
    emit switched(current_);
    put(state);
}

/// Heights come out as they were only when what surrounds the docks is there already, titles and time bar: so
/// what brings these is followed by another call.
void Docks::put(const QByteArray& state)
{
    QByteArray outer, inner;
    QString workspace;
    QStringList away;
    QDataStream stream(state);
    stream >> outer >> inner >> workspace >> away; // files of an earlier date end before
    QWidget* focus = window_->focusWidget();
    window_->layout()->activate();
    window_->centralWidget()->layout()->activate();
    window_->restoreState(outer, layoutVersion);
    workspace_->restoreState(inner, layoutVersion);
    showTitles();
    sides_->setAway(away);
    sides_->fitAnew();
    if (focus && focus->isVisible())
        focus->setFocus(); // docks that come and go pass it on
}

}
