// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_desk.h"

#include "app/status_line.h"

#include "widgets/panels/file_panels.h"
#include "widgets/panels/foreign_dialog.h"
#include "widgets/panels/message_bar.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

namespace fovea::app {

namespace {

constexpr int recentCount = 10;

QString fileName(const std::string& path) { return QFileInfo(QString::fromStdString(path)).fileName(); }

QStringList recentFiles() { return QSettings().value(QStringLiteral("recent")).toStringList(); }

}

FileDesk::FileDesk(Session& session, MessageBar& messages, QStringList shipped, QWidget* window)
    : QObject(window)
    , session_(session)
    , messages_(messages)
    , shipped_(std::move(shipped))
    , window_(window)
{
    connect(&session_, &Session::needed, this, &FileDesk::ask);
    connect(&session_, &Session::replaced, this, &FileDesk::offerWayBack);
    connect(&session_, &Session::opened, this, &FileDesk::remember);
}

void FileDesk::open()
{
    const QStringList files = QFileDialog::getOpenFileNames(window_, tr("Open"), {},
        tr("Models, pictures, traces, sessions, figures (*.h5 *.hdf5 *.safetensors *.png *.jpg *.jpeg *.webp "
           "*.tif *.tiff *.bmp *.npy *.fovea *.pdf *.svg *.json);;All files (*)"));
    if (!files.isEmpty())
        session_.open(files);
}

void FileDesk::save(const QByteArray& layout)
{
    QString file
        = QFileDialog::getSaveFileName(window_, tr("Save session"), {}, tr("Fovea sessions (*.fovea)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QStringLiteral(".fovea")))
        file += QStringLiteral(".fovea");
    session_.save(file, layout);
}

void FileDesk::ask(const OpenRequest& request)
{
    delete dialog_;
    if (!request.questions)
        return sayMissing(request);
    dialog_ = new ForeignDialog(session_, request, window_);
    dialog_->show();
}

void FileDesk::sayMissing(const OpenRequest& request)
{
    const QString path = QString::fromStdString(request.path);
    messages_.showError(request.from.isEmpty()
            ? tr("%1 is not there.").arg(path)
            : tr("%1 needs %2, which is not there.").arg(QFileInfo(request.from).fileName(), path),
        {tr("Locate…"), [this, request] { locate(request); }});
}

void FileDesk::locate(const OpenRequest& request)
{
    auto* dialog = new QFileDialog(window_, tr("Locate %1").arg(fileName(request.path)));
    dialog->setObjectName(QStringLiteral("locate"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this, request](const QString& file) {
        OpenPlan plan = request.plan;
        plan.located[request.path] = file.toStdString();
        session_.proceed(plan);
    });
    connect(dialog, &QFileDialog::rejected, this, [this, request] { sayMissing(request); });
    dialog->show();
}

void FileDesk::offerWayBack()
{
    const QString before = fileName(session_.previous()->model.path);
    messages_.showNote(tr("%1 took the place of %2.").arg(modelName(session_.slot()), before),
        {tr("Back to %1").arg(before), [this] { goBack(); }});
}

void FileDesk::goBack()
{
    if (session_.previous())
        session_.proceed({{}, session_.previous()});
}

void FileDesk::showRecentIn(LibraryPanel* library)
{
    library_ = library;
    showRecent();
}

void FileDesk::showRecentIn(QMenu* menu)
{
    menu_ = menu;
    showRecent();
}

void FileDesk::showRecent()
{
    const QStringList recent = recentFiles();
    if (library_)
        library_->setRecent(recent);
    if (!menu_)
        return;
    menu_->clear();
    for (const QString& file : recent) {
        QString name = QDir::toNativeSeparators(file);
        if (name.startsWith(QDir::homePath() + '/'))
            name.replace(0, QDir::homePath().size(), QStringLiteral("~"));
        name = menu_->fontMetrics().elidedText(name, Qt::ElideMiddle, 480);
        QAction* action = menu_->addAction(name.replace('&', QStringLiteral("&&")));
        action->setData(file);
        connect(action, &QAction::triggered, this, [this, file] { session_.open({file}); });
    }
    menu_->menuAction()->setEnabled(!recent.isEmpty());
}

void FileDesk::remember(const QString& path)
{
    const QString full = QFileInfo(path).absoluteFilePath();
    if (shipped_.contains(full))
        return;
    QStringList recent = recentFiles();
    recent.removeAll(full);
    recent.prepend(full);
    recent = recent.mid(0, recentCount);
    QSettings().setValue(QStringLiteral("recent"), recent);
    showRecent();
}

}
