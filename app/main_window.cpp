// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/export_dialog.h"

#include "widgets/panels/action_palette.h"
#include "widgets/panels/message_bar.h"
#include "widgets/panels/side_panels.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"
#include "widgets/views/view_table.h"

#include "core/source/weights.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDataStream>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QProgressBar>
#include <QScreen>
#include <QSettings>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace fovea::app {

namespace {

constexpr int layoutVersion = 1;
constexpr int recentCount = 10;

}

MainWindow::MainWindow(Session& session, WindowContent content, QWidget* parent)
    : QMainWindow(parent)
    , session_(session)
    , content_(std::move(content))
    , workspace_(new QMainWindow)
    , messages_(new MessageBar)
    , time_(new TimeBar(session))
    , palette_(new ActionPalette(this))
    , readOut_(new QLabel)
    , task_(new QLabel)
    , model_(new QLabel)
    , progress_(new QProgressBar)
    , cancel_(new QToolButton)
{
    setObjectName(QStringLiteral("window"));
    setWindowTitle(QStringLiteral("Fovea"));
    setAcceptDrops(true);
    resize(QSize(1280, 800).boundedTo(screen()->availableSize() - QSize(16, 48))); // and room for its frame
    buildActions();
    buildWorkspace();
    buildSideDocks();
    buildStatusBar();
    export_ = new ExportDialog(session_, this);
    connectSession();
    arrange();
    firstLayout_ = layoutState();
    for (QDockWidget* dock : findChildren<QDockWidget*>())
        for (const auto signal : {&QDockWidget::topLevelChanged, &QDockWidget::visibilityChanged})
            connect(dock, signal, this, &MainWindow::showTitles, Qt::QueuedConnection);
    showTitles();
    readSettings();
    showModel();
    updateHistory();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildWorkspace()
{
    workspace_->setWindowFlags(Qt::Widget);
    workspace_->setObjectName(QStringLiteral("workspace"));
    workspace_->setDockNestingEnabled(true);
    for (QMainWindow* window : {static_cast<QMainWindow*>(this), workspace_})
        window->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    for (const ViewEntry& entry : viewTable()) {
        View* made = entry.make(session_, nullptr);
        made->setWhatsThis(
            QCoreApplication::translate("Views", entry.sentence)); // the status bar is the read-out's
        views_[made->id()] = made;
        if (made->id() != QLatin1String("classes"))
            addViewDock(made);
    }
    View* record = makeRecordView(Kind::Matrix, session_, nullptr);
    views_[QStringLiteral("record")] = record;
    recordDock_ = addViewDock(record);

    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(messages_);
    column->addWidget(workspace_, 1);
    column->addWidget(time_);
    setCentralWidget(centre);
}

QDockWidget* MainWindow::addViewDock(View* view)
{
    auto* dock = new QDockWidget(view->title(), workspace_);
    dock->setObjectName(QStringLiteral("dock-") + view->id());
    dock->setWidget(view);
    dock->setToolTip(view->explanation());
    workspace_->addDockWidget(Qt::LeftDockWidgetArea, dock);
    menus_[QStringLiteral("&View")]->addAction(dock->toggleViewAction());
    return dock;
}

QDockWidget* MainWindow::addSideDock(Qt::DockWidgetArea area, const QString& title, QWidget* panel)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(QStringLiteral("dock-") + panel->objectName());
    panel->setAccessibleName(title);
    dock->setWidget(panel);
    addDockWidget(area, dock);
    menus_[QStringLiteral("&View")]->addAction(dock->toggleViewAction());
    return dock;
}

void MainWindow::buildSideDocks()
{
    menus_[QStringLiteral("&View")]->addSeparator();
    library_ = new LibraryPanel(session_, content_.models);
    auto* gallery = new GalleryPanel(session_, content_.pictures);
    addSideDock(Qt::LeftDockWidgetArea, tr("Library"), library_);
    addSideDock(Qt::LeftDockWidgetArea, tr("Inputs"), gallery);
    addSideDock(Qt::LeftDockWidgetArea, tr("Trace"), new TracePanel(session_));
    addSideDock(Qt::RightDockWidgetArea, tr("Selection"), new SelectionPanel(session_));
    addSideDock(Qt::RightDockWidgetArea, tr("Classes"), views_[QStringLiteral("classes")]);
    addSideDock(Qt::RightDockWidgetArea, tr("Edits"), new EditsPanel(session_));
    addSideDock(Qt::RightDockWidgetArea, tr("Display"), new DisplayPanel(session_));
}

void MainWindow::arrange()
{
    const auto dock = [this](const char* id) {
        return findChild<QDockWidget*>(QStringLiteral("dock-") + QLatin1String(id));
    };
    struct Split {
        const char *of, *added;
        Qt::Orientation orientation;
    };
    static const Split splits[]{{"overlay", "head-grid", Qt::Horizontal}, {"overlay", "matrix", Qt::Vertical},
        {"head-grid", "head-scatter", Qt::Vertical}};
    for (const Split& split : splits)
        if (dock(split.of) && dock(split.added))
            workspace_->splitDockWidget(dock(split.of), dock(split.added), split.orientation);
    const char* front = dock("head-scatter") ? "head-scatter" : "matrix";
    for (const char* tab : {"rollout", "sweep", "record"})
        if (dock(tab))
            workspace_->tabifyDockWidget(dock(front), dock(tab));
    dock(front)->raise();
    resizeDocks({dock("library"), dock("selectionPanel")}, {216, 248}, Qt::Horizontal);
    resizeDocks({dock("library"), dock("gallery"), dock("trace")}, {160, 176, 344}, Qt::Vertical);
    tabifyDockWidget(dock("edits"), dock("display"));
    dock("edits")->raise();
    resizeDocks({dock("selectionPanel"), dock("classes"), dock("edits")}, {208, 216, 296}, Qt::Vertical);
}

void MainWindow::buildStatusBar()
{
    readOut_->setObjectName(QStringLiteral("readOut"));
    readOut_->setAccessibleName(tr("Read-out"));
    readOut_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    model_->setObjectName(QStringLiteral("modelStatus"));
    model_->setAccessibleName(tr("Model"));
    progress_->setRange(0, 100);
    progress_->setFixedWidth(120);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Progress"));
    cancel_->setText(tr("Cancel"));
    cancel_->setObjectName(QStringLiteral("cancel"));
    cancel_->setAutoRaise(true);
    connect(cancel_, &QToolButton::clicked, this, [this] {
        for (Job* job : jobs())
            job->cancel();
    });
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(8, 0, 8, 0);
    statusBar()->addWidget(readOut_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_, model_})
        statusBar()->addPermanentWidget(widget);
}

void MainWindow::connectSession()
{
    connect(&session_, &Session::failed, messages_, &MessageBar::showError);
    connect(&session_, &Session::noted, messages_, &MessageBar::showNote);
    connect(&session_, &Session::opened, this, &MainWindow::remember);
    connect(&session_, &Session::layoutOpened, this, &MainWindow::restoreLayout);
    connect(&session_, &Session::historyChanged, this, &MainWindow::updateHistory);
    for (const auto signal : {&Session::modelChanged, &Session::traceChanged, &Session::parityChanged})
        connect(&session_, signal, this, &MainWindow::showModel);
    connect(&session_, &Session::selectionChanged, this, [this] {
        showReadOut();
        showRecordView();
    });
    connect(&session_, &Session::traceChanged, this, [this] {
        showReadOut();
        showRecordView();
    });
    connect(&session_, &Session::recordFetched, this, &MainWindow::showRecordView);
    for (Job* job : jobs()) {
        connect(job, &Job::started, this, &MainWindow::showTask);
        connect(job, &Job::ended, this, &MainWindow::showTask);
        connect(job, &Job::progressed, this,
            [this](double share) { progress_->setValue(static_cast<int>(100 * share)); });
    }
    showTask();
}

View* MainWindow::view(const QString& id) const { return views_.value(id); }
QString MainWindow::readOutText() const { return readOut_->text(); }

void MainWindow::showReadOut() { readOut_->setText(readOut(session_.patterns(), session_.selection())); }

void MainWindow::showModel()
{
    const Slot& slot = session_.slot();
    QStringList parts;
    if (!slot.modelPath.empty() || slot.weights)
        parts.append(slot.modelPath.empty() ? tr("fresh weights")
                                            : QFileInfo(QString::fromStdString(slot.modelPath)).fileName());
    if (!session_.patterns().empty())
        parts.append(tr("%n tokens", nullptr, session_.patterns().queries(0).tokens()));
    if (!std::isnan(session_.parity()))
        parts.append(tr("parity %1").arg(readingText(session_.parity(), 2)));
    if (slot.trace()) {
        const auto bytes = slot.trace()->byteSize() + (slot.weights ? slot.weights->byteSize() : 0);
        parts.append(tr("%1 MB").arg(static_cast<double>(bytes) / 1e6, 0, 'f', 1));
    }
    model_->setToolTip(tr("%1\nParity: the largest difference to the reference values in the weights' file, "
                          "over their root mean "
                          "square.\nMemory: of the weights and of the records that are kept.")
                           .arg(QString::fromStdString(slot.modelPath)));
    model_->setText(parts.join(QStringLiteral("  ·  ")));
    setWindowTitle(parts.isEmpty() ? QStringLiteral("Fovea") : parts.first() + QStringLiteral(" — Fovea"));
}

std::vector<Job*> MainWindow::jobs() const
{
    std::vector<Job*> all = session_.jobs();
    all.push_back(export_->job());
    return all;
}

void MainWindow::showTask()
{
    const Job* running = nullptr;
    for (const Job* job : jobs())
        running = job->isRunning() ? job : running;
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_})
        widget->setVisible(running);
    task_->setText(running ? running->title() : QString());
    progress_->setValue(0);
}

void MainWindow::showRecordView()
{
    const RecordPtr record = session_.record(session_.selection().record);
    View* shown = views_.value(QStringLiteral("record"));
    if (!record)
        return;
    View* fitting = makeRecordView(record->kind(), session_, nullptr);
    if (shown->metaObject() == fitting->metaObject()) {
        delete fitting;
        return;
    }
    recordDock_->setWidget(fitting);
    views_[QStringLiteral("record")] = fitting;
    shown->deleteLater();
}

void MainWindow::updateHistory()
{
    const History& history = session_.history();
    QAction *undo = action(QStringLiteral("undo")), *redo = action(QStringLiteral("redo"));
    undo->setEnabled(history.canUndo());
    redo->setEnabled(history.canRedo());
    undo->setText(history.canUndo() ? tr("&Undo: %1").arg(history.undoLabel()) : tr("&Undo"));
    redo->setText(history.canRedo() ? tr("&Redo: %1").arg(history.redoLabel()) : tr("&Redo"));
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

void MainWindow::setTheme(Theme theme)
{
    static constexpr const char* names[]{"theme-desktop", "theme-light", "theme-dark"};
    applyTheme(theme);
    action(QString::fromLatin1(names[static_cast<int>(theme)]))->setChecked(true);
    QSettings().setValue(QStringLiteral("theme"), static_cast<int>(theme));
}

QByteArray MainWindow::layoutState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << saveState(layoutVersion) << workspace_->saveState(layoutVersion);
    return state;
}

void MainWindow::restoreLayout(const QByteArray& state)
{
    QByteArray outer, inner;
    QDataStream stream(state);
    stream >> outer >> inner;
    if (stream.status() != QDataStream::Ok || outer.isEmpty() || inner.isEmpty())
        return;
    restoreState(outer, layoutVersion);
    workspace_->restoreState(inner, layoutVersion);
    showTitles();
}

void MainWindow::showTitles()
{
    for (QDockWidget* dock : findChildren<QDockWidget*>()) {
        auto* owner = qobject_cast<QMainWindow*>(dock->parentWidget());
        const bool isTab = !dock->isFloating() && owner && !owner->tabifiedDockWidgets(dock).isEmpty();
        if (isTab == (dock->titleBarWidget() != nullptr))
            continue;
        QWidget* old = dock->titleBarWidget();
        dock->setTitleBarWidget(isTab ? new QWidget(dock) : nullptr); // the tab is the title
        delete old;
    }
}

void MainWindow::resetLayout() { restoreLayout(firstLayout_); }

void MainWindow::readSettings()
{
    const QSettings settings;
    setTheme(static_cast<Theme>(std::clamp(settings.value(QStringLiteral("theme")).toInt(), 0, 2)));
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreLayout(settings.value(QStringLiteral("layout")).toByteArray());
    library_->setRecent(settings.value(QStringLiteral("recent")).toStringList());
}

void MainWindow::remember(const QString& path)
{
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    const QString full = QFileInfo(path).absoluteFilePath();
    if (content_.models.contains(full) || content_.pictures.contains(full))
        return;
    recent.removeAll(full);
    recent.prepend(full);
    settings.setValue(QStringLiteral("recent"), QStringList(recent.mid(0, recentCount)));
    library_->setRecent(recent.mid(0, recentCount));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("layout"), layoutState());
    for (Job* job : jobs())
        job->cancel();
    QMainWindow::closeEvent(event);
}

}
