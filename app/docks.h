// How the window's docks lie: panels at its sides, views in a workspace of their own between them. It knows
// what the docks are called, not what they show.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>

class QDockWidget;

namespace fovea::app {

class Docks final : public QObject {
    Q_OBJECT

public:
    /// For a window, whose child it becomes. Each dock gets its entry in `menu`.
    Docks(QMainWindow* window, QMenu* menu);

    /// Goes into the window's central widget.
    QMainWindow* workspace() { return workspace_; }
    QDockWidget* addView(const QString& id, const QString& title, QWidget* view);
    QDockWidget* addPanel(Qt::DockWidgetArea area, const QString& title, QWidget* panel);
    QDockWidget* dock(const QString& id) const;
    /// Puts all docks where they belong at the first start, and keeps that as what reset() returns to.
    void arrange();
    void reset() { restore(first_); }

    QByteArray state() const;
    /// A string that fits nothing is ignored.
    void restore(const QByteArray& state);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QDockWidget* add(QMainWindow* owner, Qt::DockWidgetArea area, const QString& title, QWidget* widget);
    void showTitles();

    QMainWindow *window_, *workspace_;
    QMenu* menu_;
    QByteArray first_;
    QHash<const QWidget*, int> least_; ///< the heights that panels have needed at least
};

}
