// Finds any action by a few letters of its name and runs it (Ctrl+Shift+P).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QTreeWidget;

namespace fovea {

class ActionPalette final : public QFrame {
    Q_OBJECT

public:
    explicit ActionPalette(QWidget* window);

    /// Opens over the window with these actions to choose from.
    void open(const QList<QAction*>& actions);
    /// Whether all letters of `typed` occur in `name` in this order, whatever the case.
    static bool fits(const QString& typed, const QString& name);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void run();
    void giveBack(); ///< the keyboard to where it was

    QLineEdit* line_;
    QTreeWidget* list_;
    QList<QAction*> actions_;
    QPointer<QWidget> before_;
};

}
