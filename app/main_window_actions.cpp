// Every action of the window in one table: menus, shortcuts and the palette derive from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_dialog.h"
#include "app/main_window.h"

#include "widgets/panels/action_palette.h"
#include "widgets/panels/side_panels.h"
#include "widgets/session/navigate.h"
#include "widgets/views/reading.h"
#include "widgets/views/view.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace fovea::app {

struct MainWindow::ActionSpec {
    const char* id;
    const char* menu; ///< empty: a shortcut and the palette only
    const char* text;
    QKeySequence keys;
    std::function<void(MainWindow&)> run;
};

#define FOVEA_TEXT(text) QT_TRANSLATE_NOOP("Actions", text)

const std::vector<MainWindow::ActionSpec>& MainWindow::actionTable()
{
    using W = MainWindow;
    static const char *const file = FOVEA_TEXT("&File"), *const edit = FOVEA_TEXT("&Edit"),
                             *const go = FOVEA_TEXT("&Go"), *const model = FOVEA_TEXT("&Model"),
                             *const view = FOVEA_TEXT("&View"), *const help = FOVEA_TEXT("&Help");
    static const std::vector<ActionSpec> table{
        {"open", file, FOVEA_TEXT("&Open…"), QKeySequence::Open, [](W& w) { w.openFiles(); }},
        {"save", file, FOVEA_TEXT("&Save session…"), QKeySequence::Save, [](W& w) { w.saveSession(); }},
        {"export", file, FOVEA_TEXT("&Export figure or data…"), QKeySequence(QStringLiteral("Ctrl+E")),
            [](W& w) { w.focusedExport(); }},
        {"quit", file, FOVEA_TEXT("&Quit"), QKeySequence::Quit, [](W& w) { w.close(); }},
        {"undo", edit, FOVEA_TEXT("&Undo"), QKeySequence::Undo, [](W& w) { w.session_.undo(); }},
        {"redo", edit, FOVEA_TEXT("&Redo"), QKeySequence::Redo, [](W& w) { w.session_.redo(); }},
        {"copy", edit, FOVEA_TEXT("&Copy the read-out"), QKeySequence(QStringLiteral("Ctrl+Shift+C")),
            [](W& w) { w.copyReadOut(); }},
        {"clear-edits", edit, FOVEA_TEXT("Remove all &edits"), {}, [](W& w) { w.clearEdits(); }},
        {"layer-next", go, FOVEA_TEXT("Next &layer"), QKeySequence(Qt::Key_PageDown),
            [](W& w) { w.moveLayer(1); }},
        {"layer-previous", go, FOVEA_TEXT("Previous l&ayer"), QKeySequence(Qt::Key_PageUp),
            [](W& w) { w.moveLayer(-1); }},
        {"head-next", go, FOVEA_TEXT("Next &head"), QKeySequence(QStringLiteral("]")),
            [](W& w) { w.moveHead(1); }},
        {"head-previous", go, FOVEA_TEXT("Previous h&ead"), QKeySequence(QStringLiteral("[")),
            [](W& w) { w.moveHead(-1); }},
        {"direction", go, FOVEA_TEXT("&Swap query and key"), QKeySequence(QStringLiteral("Q")),
            [](W& w) { w.swapDirection(); }},
        {"pin", go, FOVEA_TEXT("&Pin what is shown"), QKeySequence(QStringLiteral("P")),
            [](W& w) { w.pinNow(); }},
        {"release", go, FOVEA_TEXT("&Release the pin"), QKeySequence(Qt::Key_Escape),
            [](W& w) { w.releasePin(); }},
        {"play", go, FOVEA_TEXT("Pla&y or pause the steps"), QKeySequence(Qt::Key_Space),
            [](W& w) { w.time_->togglePlay(); }},
        {"first-step", go, FOVEA_TEXT("&First step"), QKeySequence(Qt::Key_Home),
            [](W& w) { w.goToStep(0); }},
        {"last-step", go, FOVEA_TEXT("Las&t step"), QKeySequence(Qt::Key_End), [](W& w) { w.goToStep(-1); }},
        {"head-off", model, FOVEA_TEXT("Switch the chosen &head off or on"),
            QKeySequence(QStringLiteral("K")), [](W& w) { w.toggleHeadOff(); }},
        {"sweep", model, FOVEA_TEXT("&Sweep all heads: switch off one at a time"), {},
            [](W& w) { w.session_.startSweep(); }},
        {"attention", view, FOVEA_TEXT("&Attention workspace"), QKeySequence(QStringLiteral("Ctrl+1")),
            [](W& w) { w.resetLayout(); }},
        {"theme-desktop", view, FOVEA_TEXT("Theme of the &desktop"), {},
            [](W& w) { w.setTheme(Theme::Desktop); }},
        {"theme-light", view, FOVEA_TEXT("&Light theme"), {}, [](W& w) { w.setTheme(Theme::Light); }},
        {"theme-dark", view, FOVEA_TEXT("D&ark theme"), {}, [](W& w) { w.setTheme(Theme::Dark); }},
        {"full-screen", view, FOVEA_TEXT("&Full screen"), QKeySequence(Qt::Key_F11),
            [](W& w) { w.setWindowState(w.windowState() ^ Qt::WindowFullScreen); }},
        {"reset-layout", view, FOVEA_TEXT("&Reset the layout"), QKeySequence(QStringLiteral("Ctrl+0")),
            [](W& w) { w.resetLayout(); }},
        {"palette", help, FOVEA_TEXT("Find an &action…"), QKeySequence(QStringLiteral("Ctrl+Shift+P")),
            [](W& w) { w.showPalette(); }},
        {"shortcuts", help, FOVEA_TEXT("&Keyboard shortcuts"), QKeySequence::HelpContents,
            [](W& w) { w.showShortcuts(); }},
        {"plugins", help, FOVEA_TEXT("&Plugins"), {}, [](W& w) { w.showPlugins(); }},
        {"about", help, FOVEA_TEXT("A&bout Fovea"), {}, [](W& w) { w.showAbout(); }},
    };
    return table;
}

void MainWindow::buildActions()
{
    for (const ActionSpec& spec : actionTable()) {
        QMenu*& menu = menus_[QString::fromLatin1(spec.menu)];
        if (!menu)
            menu = menuBar()->addMenu(QCoreApplication::translate("Actions", spec.menu));
        QAction* action = menu->addAction(QCoreApplication::translate("Actions", spec.text));
        action->setObjectName(QString::fromLatin1(spec.id));
        action->setShortcut(spec.keys);
        connect(action, &QAction::triggered, this, [this, &spec] { spec.run(*this); });
        actions_[QString::fromLatin1(spec.id)] = action;
    }
}

void MainWindow::openFiles()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Open"), {},
        tr("Models, pictures, traces, sessions (*.h5 *.hdf5 *.safetensors *.png *.jpg *.jpeg *.webp *.tif "
           "*.tiff *.bmp "
           "*.npy *.fovea);;All files (*)"));
    if (!files.isEmpty())
        session_.open(files);
}

void MainWindow::saveSession()
{
    QString file = QFileDialog::getSaveFileName(this, tr("Save session"), {}, tr("Fovea sessions (*.fovea)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QStringLiteral(".fovea")))
        file += QStringLiteral(".fovea");
    session_.save(file, layoutState());
}

void MainWindow::clearEdits() { session_.setEdits({}, tr("remove all edits")); }

void MainWindow::releasePin()
{
    Selection selection = session_.selection();
    selection.pin = {};
    session_.setSelection(selection);
    if (session_.selection().pin.empty())
        session_.setBrushed({});
}

void MainWindow::pinNow() { session_.setSelection(pinned(session_.patterns(), session_.selection())); }
void MainWindow::moveLayer(int by)
{
    session_.setSelection(movedLayer(session_.patterns(), session_.selection(), by));
}
void MainWindow::moveHead(int by)
{
    session_.setSelection(movedHead(session_.patterns(), session_.selection(), by));
}

void MainWindow::goToStep(int step)
{
    if (const auto count = time_->steps(); count > 1)
        time_->goTo(step < 0 ? count - 1 : static_cast<std::size_t>(step));
}

void MainWindow::swapDirection()
{
    Selection selection = session_.selection();
    std::swap(selection.pin.query, selection.pin.key);
    selection.hover = {};
    selection.direction
        = selection.direction == Direction::QueryRow ? Direction::KeyColumn : Direction::QueryRow;
    session_.setSelection(selection);
}

void MainWindow::toggleHeadOff()
{
    const Selection& selection = session_.selection();
    if (session_.patterns().empty())
        return;
    if (const auto target = headTarget(session_, selection.layer, selection.head))
        session_.toggleEdit(Edit{target->path, "off", {}});
}

void MainWindow::copyReadOut() { QApplication::clipboard()->setText(readOutText()); }

void MainWindow::showPalette() { palette_->open(actions_.values()); }

void MainWindow::focusedExport()
{
    const View* focused = nullptr;
    for (QWidget* widget = focusWidget(); widget && !focused; widget = widget->parentWidget())
        focused = qobject_cast<View*>(widget);
    export_->open(focused ? focused : view(QStringLiteral("overlay")));
}

namespace {

/// A window beside, with text that can be copied. Never in the way.
void showText(QWidget* parent, const QString& title, const QString& text)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto* layout = new QVBoxLayout(dialog);
    auto* edit = new QPlainTextEdit(text);
    edit->setReadOnly(true);
    edit->setAccessibleName(title);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    layout->addWidget(edit);
    layout->addWidget(buttons);
    dialog->resize(560, 400);
    dialog->show();
}

}

void MainWindow::showPlugins()
{
    QString text = tr("Architectures") + QStringLiteral("\n");
    for (const Architecture* architecture : session_.registry().architectures())
        text += QStringLiteral("  %1: %2\n")
                    .arg(QString::fromStdString(architecture->identity().id),
                        QString::fromStdString(architecture->identity().sentence));
    if (!session_.registry().labs().empty())
        text += tr("\nLabs\n");
    for (const Lab* lab : session_.registry().labs())
        text += QStringLiteral("  %1: %2\n")
                    .arg(QString::fromStdString(lab->identity().id),
                        QString::fromStdString(lab->identity().sentence));
    text += content_.pluginFailures.empty() ? tr("\nEvery plugin was loaded.\n") : tr("\nNot loaded\n");
    for (const auto& [file, reason] : content_.pluginFailures)
        text
            += QStringLiteral("  %1: %2\n").arg(QString::fromStdString(file), QString::fromStdString(reason));
    showText(this, tr("Plugins"), text);
}

void MainWindow::showShortcuts()
{
    QString text
        = tr("Arrows  move the cell\nShift+Arrows  move the other end: the key of a query\nEnter  pin it\n");
    for (const ActionSpec& spec : actionTable())
        if (!spec.keys.isEmpty())
            text += spec.keys.toString(QKeySequence::NativeText) + QStringLiteral("  ")
                + QCoreApplication::translate("Actions", spec.text).remove(QLatin1Char('&'))
                + QStringLiteral("\n");
    showText(this, tr("Keyboard shortcuts"), text);
}

void MainWindow::showAbout()
{
    showText(this, tr("About Fovea"),
        tr("Fovea %1\nA laboratory for looking inside transformers.\n\nGPL-3.0-or-later. Built on Qt %2, "
           "Eigen, HDF5 "
           "and QCustomPlot.\nFovea never uses the network.\n")
            .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion())));
}

}
