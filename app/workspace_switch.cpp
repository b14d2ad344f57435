// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace_switch.h"

#include "app/workspaces.h"

#include <QButtonGroup>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QToolButton>

namespace fovea::app {

WorkspaceSwitch::WorkspaceSwitch(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("workspaceSwitch"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 2, 8, 2);
    row->setSpacing(4);
    auto* group = new QButtonGroup(this);
    for (const Workspace& workspace : workspaces()) {
        auto* button = new QToolButton;
        button->setText(QCoreApplication::translate("Workspaces", workspace.name));
        button->setObjectName(QString::fromLatin1(workspace.id));
        button->setToolTip(
            QStringLiteral("%1 (%2)").arg(button->text(), workspace.keys.toString(QKeySequence::NativeText)));
        button->setCheckable(true);
        button->setAutoRaise(true);
        group->addButton(button);
        row->addWidget(button);
        buttons_.append(button);
        connect(button, &QToolButton::clicked, this, [this, id = button->objectName()] { emit chosen(id); });
    }
    buttons_.first()->setChecked(true);
}

void WorkspaceSwitch::show(const QString& workspace)
{
    for (QAbstractButton* button : buttons_)
        button->setChecked(button->objectName() == workspace);
}

}
