// How the window's docks lie: panels at its sides, views in a workspace of their own between them. It knows
// what the docks are called, not what they show.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>
#include <QMap>
#include <QSet>

#include <functional>

class QAction;
class QDockWidget;

namespace fovea::app {

class SideWidths;
struct Workspace;

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
    /// Puts all docks where the first workspace has them.
    void arrange();
    /// Shows a workspace as it was left, at first as its row says.
    void switchTo(const QString& workspace);
    QString workspaceId() const { return current_; }
    /// Puts the docks of this workspace where its row says.
    void reset();

    /// Of views that lie over one another the first that has something to show comes to the front, where
    /// there is their first one with nothing, or one that was brought by this. What somebody chose stays.
    void bringForward(const std::function<bool(const QString& view)>& hasContent);

    /// Of this workspace, with its id.
    QByteArray state() const;
    /// A string that fits nothing is ignored.
    void restore(const QByteArray& state);
    /// Each workspace as it is or was left; nothing of those that were never shown.
    QMap<QString, QByteArray> states() const;
    void setStates(const QMap<QString, QByteArray>& states) { states_ = states; }
    /// One for each dock, which brings it into sight.
    const QList<QAction*>& actions() const { return actions_; }

signals:
    void switched(const QString& workspace);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QDockWidget* add(QMainWindow* owner, Qt::DockWidgetArea area, const QString& title, QWidget* widget);
    void showTitles();
    void put(const QByteArray& state);
    void lay(const Workspace& workspace);
    void layPanels(const Workspace& workspace);
    QDockWidget* named(const char* id) const { return dock(QString::fromLatin1(id)); }

    QMainWindow *window_, *workspace_;
    QMenu* menu_;
    SideWidths* sides_;
    QMap<QDockWidget*, Qt::DockWidgetArea> areas_; // of panels
    QString current_;
    QMap<QString, QByteArray> states_;
    QSet<QString> brought_; ///< views that nobody chose
    QHash<const QWidget*, int> least_; ///< the heights that panels have needed at least
    QList<QAction*> actions_;
};

}
