// The window: docks round a workspace of views, actions in tables, everything linked through the Session.
// It holds no state of the study; that is the Session's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/theme.h"

#include "widgets/session/session.h"

#include <QMainWindow>
#include <QMap>

class QDockWidget;
class QLabel;
class QMenu;
class QProgressBar;
class QToolButton;

namespace fovea {
class ActionPalette;
class LibraryPanel;
class MessageBar;
class TimeBar;
class View;
}

namespace fovea::app {

class ExportDialog;

/// What the program ships and found, for the library and the plugin dialog.
struct WindowContent {
    QStringList models, pictures;
    std::vector<std::pair<std::string, std::string>> pluginFailures; ///< file, reason
};

class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Session& session, WindowContent content, QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() const { return session_; }
    /// The composed view of that id, or the "record" view; nullptr when there is none.
    View* view(const QString& id) const;
    QAction* action(const QString& id) const { return actions_.value(id); }
    MessageBar& messages() const { return *messages_; }
    QString readOutText() const;
    ExportDialog& exportDialog() const { return *export_; }
    void setTheme(Theme theme);
    /// The arrangement of all docks; a string that fits nothing is ignored.
    QByteArray layoutState() const;
    void restoreLayout(const QByteArray& state);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    struct ActionSpec;
    static const std::vector<ActionSpec>& actionTable();
    void buildActions();
    void buildWorkspace();
    void buildSideDocks();
    void buildStatusBar();
    void connectSession();
    QDockWidget* addViewDock(View* view);
    QDockWidget* addSideDock(Qt::DockWidgetArea area, const QString& title, QWidget* panel);
    void arrange();
    void resetLayout();
    void showTitles();

    void openFiles();
    void saveSession();
    void clearEdits();
    void releasePin();
    void pinNow();
    void moveLayer(int by);
    void moveHead(int by);
    void goToStep(int step);
    void swapDirection();
    void toggleHeadOff();
    void copyReadOut();
    void showPalette();
    void showPlugins();
    void showShortcuts();
    void showAbout();
    void focusedExport();

    void showReadOut();
    void showModel();
    void showTask();
    std::vector<Job*> jobs() const; // of the session and of the export
    void showRecordView();
    void remember(const QString& path);
    void updateHistory();
    void readSettings();

    Session& session_;
    WindowContent content_;
    QMainWindow* workspace_;
    QMap<QString, QAction*> actions_;
    QMap<QString, QMenu*> menus_;
    QMap<QString, View*> views_;
    QDockWidget* recordDock_ = nullptr;
    LibraryPanel* library_ = nullptr;
    MessageBar* messages_;
    TimeBar* time_;
    ActionPalette* palette_;
    ExportDialog* export_ = nullptr;
    QLabel *readOut_, *task_, *model_;
    QProgressBar* progress_;
    QToolButton* cancel_;
    QByteArray firstLayout_;
};

}
