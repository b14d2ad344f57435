// Finds any action by a few letters of its name and runs it (Ctrl+Shift+P).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>

#include <optional>

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
    /// How well `name` fits what was typed, whatever the case: 0 when every word that was typed begins one of
    /// its words, 1 when each is somewhere in it, nothing otherwise.
    static std::optional<int> rank(const QString& typed, const QString& name);

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
