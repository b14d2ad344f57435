// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/docks.h"

#include <QDataStream>
#include <QDockWidget>
#include <QEvent>
#include <QIODevice>
#include <QMenu>

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
    panel->setAccessibleName(title);
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
    const auto named = [this](const char* id) { return dock(QString::fromLatin1(id)); };
    struct Split {
        const char *of, *added;
        Qt::Orientation orientation;
    };
    static const Split splits[]{{"overlay", "head-grid", Qt::Horizontal}, {"overlay", "matrix", Qt::Vertical},
        {"head-grid", "head-scatter", Qt::Vertical}};
    for (const Split& split : splits)
        if (named(split.of) && named(split.added))
            workspace_->splitDockWidget(named(split.of), named(split.added), split.orientation);
    const char* front = named("head-scatter") ? "head-scatter" : "matrix";
    for (const char* tab : {"rollout", "methods-compared", "sweep", "record"})
        if (named(tab))
            workspace_->tabifyDockWidget(named(front), named(tab));
    named(front)->raise();
    workspace_->resizeDocks({named("overlay"), named("head-grid")}, {370, 434}, Qt::Horizontal); // 12 heads
    window_->resizeDocks({named("library"), named("selectionPanel")}, {216, 248}, Qt::Horizontal);
    window_->resizeDocks({named("library"), named("gallery"), named("trace")}, {160, 176, 344}, Qt::Vertical);
    window_->tabifyDockWidget(named("edits"), named("display"));
    window_->tabifyDockWidget(named("display"), named("relevancePanel"));
    named("edits")->raise();
    window_->resizeDocks(
        {named("selectionPanel"), named("classes"), named("edits")}, {208, 216, 296}, Qt::Vertical);
    showTitles();
    first_ = state();
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
}

QByteArray Docks::state() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << window_->saveState(layoutVersion) << workspace_->saveState(layoutVersion);
    return state;
}

void Docks::restore(const QByteArray& state)
{
    QByteArray outer, inner;
    QDataStream stream(state);
    stream >> outer >> inner;
    if (stream.status() != QDataStream::Ok || outer.isEmpty() || inner.isEmpty())
        return;
    window_->restoreState(outer, layoutVersion);
    workspace_->restoreState(inner, layoutVersion);
    showTitles();
}

}
