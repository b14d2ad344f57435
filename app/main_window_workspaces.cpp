// The window's workspaces: which is shown, and what of the session each looks at.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"
#include "app/workspace_switch.h"
#include "app/workspaces.h"

#include "widgets/panels/lab_panel.h"
#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include <QAction>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>

namespace fovea::app {

namespace {

constexpr std::size_t fileSlot = 0, labSlot = 1;
const QString dynamics = QStringLiteral("dynamics");

bool hasManySteps(const Slot& slot) { return slot.base && !slot.weights && slot.base->steps.size() > 1; }

}

void MainWindow::buildWorkspaceActions()
{
    QMenu* menu = menus_[QStringLiteral("&View")];
    QAction* before = menu->actions().value(0);
    for (const Workspace& workspace : workspaces()) {
        auto* action = new QAction(QCoreApplication::translate("Actions", workspace.text), this);
        const QString id = QString::fromLatin1(workspace.id);
        action->setObjectName(id);
        action->setShortcut(workspace.keys);
        connect(action, &QAction::triggered, this, [this, id] { docks_->switchTo(id); });
        menu->insertAction(before, action);
        actions_[id] = action;
    }
    switch_ = new WorkspaceSwitch;
    menuBar()->setCornerWidget(switch_);
    connect(switch_, &WorkspaceSwitch::chosen, this, [this](const QString& id) { docks_->switchTo(id); });
}

void MainWindow::connectWorkspaces()
{
    connect(docks_, &Docks::switched, this, &MainWindow::showWorkspace);
    connect(&session_, &Session::modelChanged, this, &MainWindow::followSlot);
    connect(&session_.player(), &Player::grew, this, &MainWindow::followLab);
    connect(&session_, &Session::traceChanged, this, &MainWindow::followLab);
}

/// Once for each lab that comes, with its first step: one without attention has no use for pictures of it.
void MainWindow::followLab()
{
    const Slot& slot = session_.slot();
    if (!workspaceNamed(docks_->workspaceId()).isOfLab || !(slot.lab || hasManySteps(slot))
        || session_.player().steps() == 0 || slot.base->provenance.source == arranged_)
        return;
    arranged_ = slot.base->provenance.source;
    docks_->bringForward([this](const QString& id) {
        if (view(id))
            view(id)->bringUpToDate(); // behind a tab it has not heard of the lab yet
        return view(id) && view(id)->missing().isEmpty();
    });
}

/// The slot that the workspace is about. The first time, a lab starts by itself: something true at once.
void MainWindow::showWorkspace(const QString& id)
{
    switch_->show(id);
    if (View* first = view(QString::fromLatin1(workspaceNamed(id).first)))
        first->setFocus(); // keys mean the workspace, not the button that brought it
    if (isFollowing_)
        return;
    isFollowing_ = true;
    const bool isOfLab = workspaceNamed(id).isOfLab;
    const bool hasRuns = !session_.player().tree().runs.empty();
    if (!isOfLab)
        session_.showSlot(fileSlot);
    else if (hasRuns || !hasManySteps(session_.slot())) {
        session_.showSlot(labSlot);
        if (!hasRuns)
            labPanel_->start();
    }
    isFollowing_ = false;
    followLab();
}

/// What was opened decides which workspace shows it.
void MainWindow::followSlot()
{
    if (isFollowing_)
        return;
    const Slot& slot = session_.slot();
    const bool isLab = session_.selection().slot == labSlot;
    const bool isShown = workspaceNamed(docks_->workspaceId()).isOfLab;
    isFollowing_ = true;
    if ((isLab || hasManySteps(slot)) && !isShown)
        docks_->switchTo(dynamics);
    else if (!isLab && slot.weights && isShown)
        docks_->switchTo(QString::fromLatin1(workspaces().front().id));
    isFollowing_ = false;
}

void MainWindow::saveLayouts(QSettings& settings) const
{
    const auto states = docks_->states();
    for (const auto& [id, state] : states.asKeyValueRange())
        settings.setValue(QStringLiteral("workspaces/") + id, state);
}

void MainWindow::readLayouts(const QSettings& settings)
{
    QMap<QString, QByteArray> states;
    for (const Workspace& workspace : workspaces()) {
        const QString id = QString::fromLatin1(workspace.id);
        if (const QByteArray state = settings.value(QStringLiteral("workspaces/") + id).toByteArray();
            !state.isEmpty())
            states[id] = state;
    }
    docks_->setStates(states);
    docks_->restore(states.value(docks_->workspaceId()));
}

}
