// The window: docks round a workspace of views, actions in tables, everything linked through the Session.
// It holds no state of the study; that is the Session's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/docks.h"
#include "app/theme.h"

#include "widgets/session/session.h"

#include <QMap>

class QDockWidget;
class QMenu;
class QSettings;

namespace fovea {
class ActionPalette;
class LabPanel;
class MessageBar;
class TimeBar;
class View;
}

namespace fovea::app {

class ExportDialog;
class FileDesk;
class StatusLine;
class WorkspaceSwitch;

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
    Docks& docks() { return *docks_; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct ActionSpec;
    static const std::vector<ActionSpec>& actionTable();
    void buildActions();
    void buildWorkspace();
    void buildSideDocks();
    void buildWorkspaceActions();
    void connectSession();
    void connectWorkspaces();

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

    void showWorkspace(const QString& id);
    void followSlot();
    void followLab();
    void saveLayouts(QSettings& settings) const;
    void readLayouts(const QSettings& settings);
    void showTitle();
    void showRecordView();
    void showFirstSignal();
    void raiseRecordView();
    void showSession(const SessionFile& session);
    void updateHistory();
    void readSettings();

    Session& session_;
    WindowContent content_;
    QMap<QString, QAction*> actions_;
    QMap<QString, QMenu*> menus_;
    QMap<QString, View*> views_;
    QDockWidget* recordDock_ = nullptr;
    Kind recordKind_ = Kind::Matrix; ///< that the view in it was made for
    Docks* docks_ = nullptr;
    MessageBar* messages_;
    FileDesk* files_;
    StatusLine* status_;
    TimeBar* time_;
    ActionPalette* palette_;
    ExportDialog* export_ = nullptr;
    ThemeSwitch* theme_;
    LabPanel* labPanel_ = nullptr;
    WorkspaceSwitch* switch_ = nullptr;
    bool isFollowing_ = false;
    std::string arranged_; ///< the lab that the docks in front show
};

}
