// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/figure_export.h"
#include "app/idle.h"

#include "widgets/figure/writer.h"
#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "core/tensor/error.h"

#include <QApplication>
#include <QBuffer>
#include <QDir>
#include <QDockWidget>
#include <QPixmap>

namespace fovea::app {

namespace {

constexpr double figureWidthPt = 396; // 5.5 in: one column of NeurIPS

struct Shot {
    const char* name;
    QSize size;
    Theme theme;
};
constexpr Shot shots[]{{"light-1280", {1280, 800}, Theme::Light}, {"dark-1280", {1280, 800}, Theme::Dark},
    {"light-2560", {2560, 1440}, Theme::Light}, {"dark-2560", {2560, 1440}, Theme::Dark}};

constexpr const char* trainingLab = "train";
constexpr QLatin1String measuresForMinutes("methods-measured"); // shown as it stands before
constexpr Index trained = 60, branched = 30;

QByteArray pngOf(const QPixmap& pixmap)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    pixmap.save(&buffer, "PNG");
    return bytes;
}

/// The window in every size and theme.
QStringList photographed(MainWindow& window, const QString& folder, const QString& name)
{
    QStringList files;
    for (const Shot& shot : shots) {
        window.resize(shot.size);
        window.setTheme(shot.theme);
        window.show();
        waitUntilIdle(window);
        const QString file = QStringLiteral("%1/%2-%3.png").arg(folder, name, QLatin1String(shot.name));
        figure::saveFile(pngOf(window.grab()), file);
        files.append(file);
    }
    return files;
}

/// Every view that lies in the workspace and has something to show, as figures.
QStringList drawn(MainWindow& window, const QString& folder, const QString& prefix)
{
    QStringList files;
    const Session& session = window.session();
    for (const ViewEntry& entry : viewTable()) {
        const QString id = QString::fromLatin1(entry.id);
        const View* view = window.view(id);
        if (window.docks().dock(id)->isHidden() || !view->missing().isEmpty())
            continue;
        const figure::Recipe recipe = recipeOf(*view, session, figureWidthPt, 300);
        for (const char* ending : {".pdf", ".png"}) {
            const QString file = folder + QLatin1Char('/') + prefix + view->id() + QLatin1String(ending);
            exported(file, *view, session, recipe)();
            files.append(file);
        }
    }
    return files;
}

/// A short training, and a branch of it at another rate.
void playLab(MainWindow& window)
{
    Session& session = window.session();
    Player& player = session.player();
    const Lab& lab = *session.registry().lab(trainingLab);
    Config config(lab.schema());
    player.start({trainingLab, config, 1, trained, 1});
    waitUntilIdle(window);
    player.goTo(static_cast<std::size_t>(branched) - 1);
    config.set("lr", 3 * config.real("lr"));
    player.branch(config);
    waitUntilIdle(window);
    player.compare(0);
    player.play();
    waitUntilIdle(window);
    Selection selection = session.selection();
    selection.step = static_cast<std::size_t>(branched + trained) / 2;
    selection.record = session.patterns().layer(selection.layer)->path(); // what both runs are compared in
    session.setSelection(selection);
    waitUntilIdle(window);
}

}

bool waitUntilIdle(const MainWindow& window, int timeoutMs)
{
    return waitUntilIdle(
        window.session(), [&] { return window.findChildren<View*>(); }, {}, timeoutMs);
}

QStringList renderTour(MainWindow& window, const QStringList& open, const QString& folder)
{
    if (!QDir().mkpath(folder))
        throw Error(folder.toStdString(), "the folder cannot be made");
    QStringList files;
    Session& session = window.session();
    session.open(open);
    waitUntilIdle(window);
    if (session.patterns().empty())
        throw Error("nothing to show: " + window.messages().text().toStdString());
    Selection selection = session.selection();
    selection.layer = session.patterns().layers() / 2;
    const TokenLayout& tokens = session.patterns().queries(selection.layer);
    const Place centre = tokens.extent().centre();
    selection.pin.query = spotOf(tokens, std::max(0, tokens.tokenAt(centre)));
    session.setSelection(selection);
    for (const ViewEntry& entry : viewTable())
        if (QString::fromLatin1(entry.id) != measuresForMinutes)
            window.view(QString::fromLatin1(entry.id))->compute();
    files += photographed(window, folder, QStringLiteral("window"));
    files += drawn(window, folder, QStringLiteral("view-"));
    if (session.registry().lab(trainingLab)) {
        playLab(window);
        files += photographed(window, folder, QStringLiteral("dynamics"));
        files += drawn(window, folder, QStringLiteral("dynamics-"));
    }
    return files;
}

}
