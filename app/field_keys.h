// Keys that mean the window wherever the keyboard is: fields would swallow them. It knows no action.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QKeyEvent;

namespace fovea::app {

/// Of the fields of one window, whose child it becomes. Ctrl+E is never a field's, undo and redo only while
/// it has something typed to take back; what is no part of a number is none of a spin box's.
class FieldKeys final : public QObject {
    Q_OBJECT

public:
    explicit FieldKeys(QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* window_;
};

}
