// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/figure_export.h"
#include "app/idle.h"

#include "widgets/figure/writer.h"
#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "core/tensor/error.h"

#include <QApplication>
#include <QBuffer>
#include <QDir>
#include <QPixmap>

namespace fovea::app {

namespace {

constexpr double figureWidthPt = 396; // 5.5 in: one column of NeurIPS

struct Shot {
    const char* name;
    QSize size;
    Theme theme;
};
constexpr Shot shots[]{{"window-light-1280", {1280, 800}, Theme::Light},
    {"window-dark-1280", {1280, 800}, Theme::Dark}, {"window-light-2560", {2560, 1440}, Theme::Light},
    {"window-dark-2560", {2560, 1440}, Theme::Dark}};

QByteArray pngOf(const QPixmap& pixmap)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    pixmap.save(&buffer, "PNG");
    return bytes;
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
        window.view(QString::fromLatin1(entry.id))->compute();
    for (const Shot& shot : shots) {
        window.resize(shot.size);
        window.setTheme(shot.theme);
        window.show();
        waitUntilIdle(window);
        const QString file = folder + QLatin1Char('/') + QLatin1String(shot.name) + QStringLiteral(".png");
        figure::saveFile(pngOf(window.grab()), file);
        files.append(file);
    }
    for (const ViewEntry& entry : viewTable()) {
        const View* view = window.view(QString::fromLatin1(entry.id));
        const figure::Recipe recipe = recipeOf(*view, session, figureWidthPt, 300);
        for (const char* ending : {".pdf", ".png"}) {
            const QString file = folder + QStringLiteral("/view-") + view->id() + QLatin1String(ending);
            exported(file, *view, session, recipe)();
            files.append(file);
        }
    }
    return files;
}

}
