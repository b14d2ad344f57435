// Every action of the window in one table: menus, shortcuts and the palette derive from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/catalogue/paper_figures.h"
#include "app/export_dialog.h"
#include "app/file_desk.h"
#include "app/main_window.h"

#include "widgets/panels/action_palette.h"
#include "widgets/panels/message_bar.h"
#include "widgets/panels/time_bar.h"
#include "widgets/session/navigate.h"
#include "widgets/views/figure_presets.h"
#include "widgets/views/reading.h"
#include "widgets/views/view.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QMenuBar>
#include <QWhatsThis>

namespace fovea::app {

struct MainWindow::ActionSpec {
    const char* id;
    const char* menu;
    const char* text; ///< nullptr: a line between what is above and below
    QKeySequence keys;
    std::function<void(MainWindow&)> run;
};

#define FOVEA_TEXT(text) QT_TRANSLATE_NOOP("Actions", text)

// NOLINTNEXTLINE(readability-function-size): a table, a row an action
const std::vector<MainWindow::ActionSpec>& MainWindow::actionTable()
{
    using W = MainWindow;
    static const char *const file = FOVEA_TEXT("&File"), *const edit = FOVEA_TEXT("&Edit"),
                             *const go = FOVEA_TEXT("&Go"), *const model = FOVEA_TEXT("&Model"),
                             *const view = FOVEA_TEXT("&View"), *const help = FOVEA_TEXT("&Help");
    static const std::vector<ActionSpec> table{
        {"open", file, FOVEA_TEXT("&Open…"), QKeySequence::Open, [](W& w) { w.files_->open(); }},
        {"save", file, FOVEA_TEXT("&Save session…"), QKeySequence::Save,
            [](W& w) { w.files_->save(w.docks_->state()); }},
        {"back", file, FOVEA_TEXT("&Back to the model before"), QKeySequence(QStringLiteral("Alt+Left")),
            [](W& w) { w.files_->goBack(); }},
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
        {"sweep", model, FOVEA_TEXT("&Sweep all heads: switch off one at a time"),
            QKeySequence(QStringLiteral("Shift+K")), [](W& w) { w.session_.startSweep(); }},
        {"train", model, FOVEA_TEXT("&Train a model and watch it learn"), {},
            [](W& w) { w.docks_->switchTo(QStringLiteral("dynamics")); }},
        {"gfnet-look", view, FOVEA_TEXT("Filters as &GFNet's paper draws them"), {},
            [](W& w) { w.session_.setDisplay(displayAs("gfnet", w.session_.display())); }},
        {"reset-workspace", view, FOVEA_TEXT("&Reset this workspace"), {}, [](W& w) { w.docks_->reset(); }},
        {"full-screen", view, FOVEA_TEXT("&Full screen"), QKeySequence(Qt::Key_F11),
            [](W& w) { w.setWindowState(w.windowState() ^ Qt::WindowFullScreen); }},
        {"", view, nullptr, {}, {}},
        {"theme-desktop", view, FOVEA_TEXT("&Desktop's theme"), {}, [](W& w) { w.setTheme(Theme::Desktop); }},
        {"theme-light", view, FOVEA_TEXT("&Light theme"), {}, [](W& w) { w.setTheme(Theme::Light); }},
        {"theme-dark", view, FOVEA_TEXT("D&ark theme"), {}, [](W& w) { w.setTheme(Theme::Dark); }},
        {"", view, nullptr, {}, {}},
        {"palette", help, FOVEA_TEXT("Find an &action…"), QKeySequence(QStringLiteral("Ctrl+Shift+P")),
            [](W& w) { w.showPalette(); }},
        {"what", help, FOVEA_TEXT("&What is this?"), QKeySequence::WhatsThis,
            [](W&) { QWhatsThis::enterWhatsThisMode(); }},
        {"shortcuts", help, FOVEA_TEXT("&Keyboard shortcuts"), QKeySequence::HelpContents,
            [](W& w) { w.showShortcuts(); }},
        {"plugins", help, FOVEA_TEXT("&Plugins"), {}, [](W& w) { w.showPlugins(); }},
        {"about", help, FOVEA_TEXT("A&bout Fovea"), {}, [](W& w) { w.showAbout(); }},
    };
    return table;
}

void MainWindow::buildActions()
{
    auto* themes = new QActionGroup(this);
    for (const ActionSpec& spec : actionTable()) {
        QMenu*& menu = menus_[QString::fromLatin1(spec.menu)];
        if (!menu)
            menu = menuBar()->addMenu(QCoreApplication::translate("Actions", spec.menu));
        if (!spec.text) {
            menu->addSeparator();
            continue;
        }
        QAction* action = menu->addAction(QCoreApplication::translate("Actions", spec.text));
        action->setObjectName(QString::fromLatin1(spec.id));
        action->setIconText(action->iconText()); // stays when the text says what of just now
        action->setShortcut(spec.keys);
        connect(action, &QAction::triggered, this, [this, &spec] { spec.run(*this); });
        actions_[QString::fromLatin1(spec.id)] = action;
        if (action->objectName().startsWith(QLatin1String("theme-"))) {
            action->setCheckable(true);
            themes->addAction(action);
        }
    }
    QMenu* file = menus_[QStringLiteral("&File")];
    auto* recent = new QMenu(tr("Open &recent"), file);
    file->insertMenu(actions_[QStringLiteral("save")], recent);
    files_->showRecentIn(recent);
    auto* figures = new QMenu(tr("Open a &figure of a paper"), file);
    file->insertMenu(actions_[QStringLiteral("save")], figures);
    for (const std::string& known : paperFigures()) {
        const QString name = QString::fromStdString(known);
        QAction* action = figures->addAction(tr("Figure %1").arg(name)); // as the palette finds it
        action->setObjectName(QStringLiteral("figure-") + name);
        connect(action, &QAction::triggered, this, [this, name] { session_.open({paperFigureFile(name)}); });
        actions_[action->objectName()] = action;
    }
    figures->menuAction()->setEnabled(!figures->isEmpty());
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

void MainWindow::showPalette() { palette_->open(actions_.values() + docks_->actions()); }

void MainWindow::focusedExport()
{
    View* focused = nullptr;
    for (QWidget* widget = focusWidget(); widget && !focused; widget = widget->parentWidget())
        focused = qobject_cast<View*>(widget);
    if (!focused)
        focused = view(QStringLiteral("overlay"));
    focused->bringUpToDate();
    if (const QString why = focused->missing(); !why.isEmpty())
        return messages_->showNote(tr("%1: there is nothing to export. %2").arg(focused->title(), why));
    export_->open(focused);
}

}
