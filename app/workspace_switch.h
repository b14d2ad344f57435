// The names of the workspaces at the window's upper edge: which one is shown, and a click to another.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAbstractButton;

namespace fovea::app {

class WorkspaceSwitch final : public QWidget {
    Q_OBJECT

public:
    explicit WorkspaceSwitch(QWidget* parent = nullptr);
    void show(const QString& workspace);

signals:
    void chosen(const QString& workspace);

private:
    QList<QAbstractButton*> buttons_;
};

}
