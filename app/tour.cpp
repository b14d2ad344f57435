// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/figure_export.h"
#include "app/idle.h"
#include "app/resources.h"

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
#include <QFile>
#include <QFileInfo>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <string_view>

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
constexpr std::array<std::string_view, 2> studies{"low-pass-sweep", "cost-accuracy"}; // take seconds
constexpr Index trained = 60, branched = 30;
constexpr int patienceMs = 600000; // of a machine on which compilers run

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
    void wait();
    void photograph(const QString& name);
    void draw(const QString& prefix);
    void compute();
    void show(const TourChapter& chapter);
    void playLab();

private:
    QString pathOf(const QString& name) const { return plan_.folder + QLatin1Char('/') + name; }

    MainWindow& window_;
    const TourPlan& plan_;
};

void Tour::wait()
{
    if (waitUntilIdle(window_, patienceMs, plan_.stop))
        return;
    for (const View* view : window_.findChildren<View*>())
        if (!view->isReady())
            throw Error("the view " + view->id().toStdString() + " is not ready after ten minutes");
    for (const Job* job : window_.session().jobs())
        if (job->isRunning())
            throw Error("after ten minutes this is not done: " + job->title().toStdString());
}

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
        View* view = window_.view(id);
        view->bringUpToDate();
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

/// Starts what views compute only when they are seen or asked.
void Tour::compute()
{
    for (const ViewEntry& entry : viewTable()) {
        const QString id = QString::fromLatin1(entry.id);
        window_.view(id)->bringUpToDate();
        const bool isStudy = std::ranges::find(studies, std::string_view(entry.id)) != studies.end();
        if (id != measuresForMinutes && (plan_.studies || !isStudy))
            window_.view(id)->compute();
    }
    wait();
}

void Tour::show(const TourChapter& chapter)
{
    window_.session().open(chapter.open);
    wait();
    window_.docks().switchTo(chapter.workspace);
    compute();
    photograph(chapter.workspace);
    draw(chapter.workspace + QLatin1Char('-'));
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

/// Before minutes of work: the Error of a file that the folder does not take.
void requireRoom(const QString& folder)
{
    const QString file = folder + QStringLiteral("/tour-%1.part").arg(QCoreApplication::applicationPid());
    figure::saveFile(QByteArray(4096, ' '), file);
    QFile::remove(file);
}

}

std::vector<TourChapter> bundledChapters()
{
    const QString folder = QString::fromStdString(resourcesFolder()) + QLatin1Char('/'),
                  picture = folder + QStringLiteral("samples/shapes_star_5.png");
    std::vector<TourChapter> chapters{
        {QStringLiteral("spectrum"),
            {folder + QStringLiteral("models/spectformer_micro_shapes.h5"), picture}},
        {QStringLiteral("tokens"), {folder + QStringLiteral("models/ia_red2_micro_shapes.h5"), picture}}};
    std::erase_if(chapters, [](const TourChapter& chapter) {
        return !std::ranges::all_of(
            chapter.open, [](const QString& file) { return QFileInfo::exists(file); });
    });
    return chapters;
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
    requireRoom(plan.folder);
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
    tour.compute();
    tour.photograph(QStringLiteral("window"));
    tour.draw(QStringLiteral("view-"));
    for (const TourChapter& chapter : plan.chapters)
        tour.show(chapter);
    if (!session.registry().lab(trainingLab))
        return;
    tour.playLab();
    tour.photograph(QStringLiteral("dynamics"));
    tour.draw(QStringLiteral("dynamics-"));
}

}
