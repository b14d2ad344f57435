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
constexpr int patienceMs = 60000;

QByteArray pngOf(const QPixmap& pixmap)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    pixmap.save(&buffer, "PNG");
    return bytes;
}

/// A window on its tour.
class Tour {
public:
    Tour(MainWindow& window, const TourPlan& plan)
        : window_(window)
        , plan_(plan)
    {
    }
    void wait() { waitUntilIdle(window_, patienceMs, plan_.stop); }
    void photograph(const QString& name);
    void draw(const QString& prefix);
    void playLab();

private:
    QString pathOf(const QString& name) const { return plan_.folder + QLatin1Char('/') + name; }

    MainWindow& window_;
    const TourPlan& plan_;
};

/// The window in every size and theme.
void Tour::photograph(const QString& name)
{
    for (const Shot& shot : shots) {
        window_.resize(shot.size);
        window_.setTheme(shot.theme);
        window_.show();
        wait();
        const QString file = pathOf(QStringLiteral("%1-%2.png").arg(name, QLatin1String(shot.name)));
        figure::saveFile(pngOf(window_.grab()), file);
        plan_.wrote(file);
    }
}

/// Every view that lies in the workspace and has something to show, as figures.
void Tour::draw(const QString& prefix)
{
    const Session& session = window_.session();
    for (const ViewEntry& entry : viewTable()) {
        const QString id = QString::fromLatin1(entry.id);
        const View* view = window_.view(id);
        if (window_.docks().dock(id)->isHidden() || !view->missing().isEmpty())
            continue;
        const figure::Recipe recipe = recipeOf(*view, session, figureWidthPt, 300);
        for (const char* ending : {".pdf", ".png"}) {
            plan_.stop.check();
            const QString file = pathOf(prefix + id + QLatin1String(ending));
            exported(file, *view, session, recipe)();
            plan_.wrote(file);
        }
    }
}

/// A short training, and a branch of it at another rate.
void Tour::playLab()
{
    Session& session = window_.session();
    Player& player = session.player();
    const Lab& lab = *session.registry().lab(trainingLab);
    Config config(lab.schema());
    player.start({trainingLab, config, 1, trained, 1});
    wait();
    player.goTo(static_cast<std::size_t>(branched) - 1);
    config.set("lr", 3 * config.real("lr"));
    player.branch(config);
    wait();
    player.compare(0);
    player.play();
    wait();
    Selection selection = session.selection();
    selection.step = static_cast<std::size_t>(branched + trained) / 2;
    selection.record = session.patterns().layer(selection.layer)->path(); // what both runs are compared in
    session.setSelection(selection);
    wait();
}

}

bool waitUntilIdle(const MainWindow& window, int timeoutMs, const StopToken& stop)
{
    return waitUntilIdle(
        window.session(), [&] { return window.findChildren<View*>(); }, stop, timeoutMs);
}

void renderTour(MainWindow& window, const TourPlan& plan)
{
    if (!QDir().mkpath(plan.folder))
        throw Error(plan.folder.toStdString(), "the folder cannot be made");
    Tour tour(window, plan);
    Session& session = window.session();
    session.open(plan.open);
    tour.wait();
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
    tour.photograph(QStringLiteral("window"));
    tour.draw(QStringLiteral("view-"));
    if (!session.registry().lab(trainingLab))
        return;
    tour.playLab();
    tour.photograph(QStringLiteral("dynamics"));
    tour.draw(QStringLiteral("dynamics-"));
}

}
