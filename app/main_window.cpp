// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/export_dialog.h"
#include "app/field_keys.h"
#include "app/file_desk.h"
#include "app/status_line.h"

#include "widgets/panels/action_palette.h"
#include "widgets/panels/edits_panel.h"
#include "widgets/panels/file_panels.h"
#include "widgets/panels/lab_panel.h"
#include "widgets/panels/message_bar.h"
#include "widgets/panels/relevance_panel.h"
#include "widgets/panels/runs_panel.h"
#include "widgets/panels/side_panels.h"
#include "widgets/panels/time_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view_table.h"

#include <QAbstractButton>
#include <QAction>
#include <QCloseEvent>
#include <QComboBox>
#include <QCoreApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QVBoxLayout>

namespace fovea::app {

MainWindow::MainWindow(Session& session, WindowContent content, QWidget* parent)
    : QMainWindow(parent)
    , session_(session)
    , content_(std::move(content))
    , messages_(new MessageBar)
    , files_(new FileDesk(session, *messages_, content_.models + content_.pictures, this))
    , status_(new StatusLine(session))
    , time_(new TimeBar(session))
    , palette_(new ActionPalette(this))
    , theme_(new ThemeSwitch(this))
{
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    resize(QSize(1280, 800).boundedTo(screen()->availableSize() - QSize(16, 48))); // and room for its frame
    setStatusBar(status_);
    new FieldKeys(this);
    buildActions();
    buildWorkspaceActions();
    buildWorkspace();
    buildSideDocks();
    docks_->arrange();
    export_ = new ExportDialog(session_, this);
    status_->watch(export_->job());
    connectSession();
    connectWorkspaces();
    readSettings();
    showTitle();
    updateHistory();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildWorkspace()
{
    docks_ = new Docks(this, menus_[QStringLiteral("&View")]);
    for (const ViewEntry& entry : viewTable()) {
        View* made = entry.make(session_, nullptr);
        made->setWhatsThis(
            QCoreApplication::translate("Views", entry.sentence)); // the status bar is the read-out's
        views_[made->id()] = made;
        if (made->id() != QLatin1String("classes"))
            docks_->addView(made->id(), made->title(), made)->setToolTip(made->explanation());
    }
    View* record = makeRecordView(recordKind_, session_, nullptr);
    views_[QStringLiteral("record")] = record;
    recordDock_ = docks_->addView(record->id(), record->title(), record);
    recordDock_->setToolTip(record->explanation());

    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(messages_);
    column->addWidget(docks_->workspace(), 1);
    column->addWidget(time_);
    setCentralWidget(centre);
}

void MainWindow::buildSideDocks()
{
    menus_[QStringLiteral("&View")]->addSeparator();
    auto* library = new LibraryPanel(session_, content_.models);
    files_->showRecentIn(library);
    docks_->addPanel(Qt::LeftDockWidgetArea, tr("Library"), library);
    docks_->addPanel(Qt::LeftDockWidgetArea, tr("Inputs"), new GalleryPanel(session_, content_.pictures));
    auto* trace = new TracePanel(session_);
    connect(trace, &TracePanel::chosen, this, &MainWindow::raiseRecordView);
    docks_->addPanel(Qt::LeftDockWidgetArea, tr("Trace"), trace);
    labPanel_ = new LabPanel(session_);
    docks_->addPanel(Qt::LeftDockWidgetArea, tr("Lab"), labPanel_);
    docks_->addPanel(Qt::RightDockWidgetArea, tr("Runs"), new RunsPanel(session_));
    for (QDockWidget* dock :
        {docks_->addPanel(Qt::RightDockWidgetArea, tr("Selection"), new SelectionPanel(session_)),
            docks_->addPanel(Qt::RightDockWidgetArea, tr("Classes"), views_[QStringLiteral("classes")])})
        dock->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum); // the room left over is for a list
    docks_->addPanel(Qt::RightDockWidgetArea, tr("Edits"), new EditsPanel(session_));
    docks_->addPanel(Qt::RightDockWidgetArea, tr("Display"), new DisplayPanel(session_));
    docks_->addPanel(Qt::RightDockWidgetArea, tr("Relevance"), new RelevancePanel(session_));
}

void MainWindow::connectSession()
{
    connect(
        &session_, &Session::failed, messages_, [this](const QString& text) { messages_->showError(text); });
    connect(
        &session_, &Session::noted, messages_, [this](const QString& text) { messages_->showNote(text); });
    connect(&session_, &Session::sessionOpened, this, &MainWindow::showSession);
    connect(&session_, &Session::historyChanged, this, &MainWindow::updateHistory);
    connect(&session_, &Session::replaced, this, &MainWindow::updateHistory);
    for (const auto signal : {&Session::modelChanged, &Session::inputChanged})
        connect(&session_, signal, this, &MainWindow::showTitle);
    for (const auto signal : {&Session::selectionChanged, &Session::traceChanged})
        connect(&session_, signal, this, &MainWindow::showRecordView);
    connect(&session_, &Session::recordFetched, this, &MainWindow::showRecordView);
    connect(&session_, &Session::traceChanged, this, &MainWindow::showFirstSignal);
}

View* MainWindow::view(const QString& id) const { return views_.value(id); }
QString MainWindow::readOutText() const { return status_->readOutText(); }

void MainWindow::showTitle()
{
    QStringList parts{inputName(session_.slot()), modelName(session_.slot()), QStringLiteral("Fovea")};
    parts.removeAll(QString());
    setWindowTitle(parts.join(QStringLiteral(" — ")));
}

/// Its layout, or the one view that a figure was made of in front.
void MainWindow::showSession(const SessionFile& session)
{
    docks_->restore(session.layout);
    if (!session.view.isEmpty() && !views_.contains(session.view))
        messages_->showError(tr("%1: there is no figure '%2'").arg(session.path, session.view));
    if (session.layout.isEmpty() && session.lab.contains(QLatin1String("study"))
        && !session.lab.contains(QLatin1String("runs"))) {
        isFollowing_ = true; // where labs are, and no run begins
        docks_->switchTo(QStringLiteral("dynamics"));
        isFollowing_ = false;
    }
    if (QDockWidget* dock = docks_->dock(session.view)) {
        dock->show();
        dock->raise();
    }
}

/// The view that fits the chosen record's kind.
void MainWindow::showRecordView()
{
    const RecordPtr record = session_.record(session_.selection().record);
    if (!record || record->kind() == recordKind_)
        return;
    recordKind_ = record->kind();
    View* fitting = makeRecordView(recordKind_, session_, nullptr);
    recordDock_->setWidget(fitting);
    std::swap(views_[QStringLiteral("record")], fitting);
    fitting->deleteLater();
}

void MainWindow::raiseRecordView()
{
    if (const View* both = view(QStringLiteral("compare")); both && !both->visibleRegion().isEmpty())
        return; // it draws the chosen record, too
    recordDock_->show();
    recordDock_->raise();
}

/// Where there is no attention to look at, the first signal is looked at.
void MainWindow::showFirstSignal()
{
    const TracePtr& trace = session_.slot().trace();
    if (!trace || !session_.patterns().empty() || !session_.selection().record.empty())
        return;
    const auto records = trace->matching("*", session_.selection().step);
    if (records.empty())
        return;
    Selection selection = session_.selection();
    selection.record = records.front()->path();
    session_.setSelection(selection);
    if (!session_.slot().lab) // which has views of its steps
        raiseRecordView();
}

void MainWindow::updateHistory()
{
    const History& history = session_.history();
    QAction *undo = action(QStringLiteral("undo")), *redo = action(QStringLiteral("redo"));
    undo->setEnabled(history.canUndo());
    redo->setEnabled(history.canRedo());
    undo->setText(history.canUndo() ? tr("&Undo: %1").arg(history.undoLabel()) : tr("&Undo"));
    redo->setText(history.canRedo() ? tr("&Redo: %1").arg(history.redoLabel()) : tr("&Redo"));
    const auto& previous = session_.previous();
    QAction* back = action(QStringLiteral("back"));
    back->setEnabled(previous.has_value());
    if (previous)
        back->setText(
            tr("&Back to %1").arg(QFileInfo(QString::fromStdString(previous->model.path)).fileName()));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList files;
    for (const QUrl& url : event->mimeData()->urls())
        files.append(url.toLocalFile());
    session_.open(files);
}

/// Space presses the button that has the keyboard before it plays anything.
bool MainWindow::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space
        && (qobject_cast<QAbstractButton*>(focusWidget()) || qobject_cast<QComboBox*>(focusWidget())))
        event->accept();
    return QMainWindow::event(event);
}

void MainWindow::setTheme(Theme theme)
{
    static constexpr const char* names[]{"theme-desktop", "theme-light", "theme-dark"};
    theme_->set(theme);
    action(QString::fromLatin1(names[static_cast<int>(theme)]))->setChecked(true);
    QSettings().setValue(QStringLiteral("theme"), static_cast<int>(theme));
}

void MainWindow::readSettings()
{
    const QSettings settings;
    setTheme(static_cast<Theme>(std::clamp(settings.value(QStringLiteral("theme")).toInt(), 0, 2)));
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    readLayouts(settings);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    saveLayouts(settings);
    for (Job* job : status_->jobs())
        job->cancel();
    QMainWindow::closeEvent(event);
}

}
