// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_setup.h"
#include "app/stopwatch.h"
#include "app/window.h"

#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

#include <QAction>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QTimer>

#include <limits>

namespace fovea::app {

namespace {

constexpr int beatMs = 1, partMs = 500, parts = 20;
constexpr std::size_t scrubbed = 1000;

double milliseconds(const QElapsedTimer& clock) { return static_cast<double>(clock.nsecsElapsed()) / 1e6; }

void turnUntil(const StopToken& stop, const std::function<bool()>& isDone, int timeoutMs)
{
    QTimer wakes;
    wakes.start(beatMs);
    QElapsedTimer clock;
    clock.start();
    while (!isDone()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        stop.check();
        if (clock.elapsed() > timeoutMs)
            throw Error("the lab did not come so far in " + std::to_string(timeoutMs) + " ms");
    }
}

/// The longest time between two turns of the window's loop, in each part of a second; and how often it
/// painted.
struct Heartbeat final : QObject {
    std::vector<double> longest;
    int paints = 0;

    void watch(const StopToken& stop)
    {
        QElapsedTimer part, beat;
        part.start();
        beat.start();
        double worst = 0;
        QTimer timer;
        timer.setTimerType(Qt::PreciseTimer);
        timer.start(beatMs);
        QObject::connect(&timer, &QTimer::timeout, [&] {
            worst = std::max(worst, milliseconds(beat));
            beat.restart();
            if (part.elapsed() >= partMs) {
                longest.push_back(std::exchange(worst, 0));
                part.restart();
            }
        });
        while (longest.size() < parts) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            stop.check();
        }
    }
    bool eventFilter(QObject*, QEvent* event) override
    {
        paints += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

/// `view`: whose paints are counted; `name`: before each row.
void benchRunning(Setup& setup, MainWindow& window, Player& player, const char* view, const QString& name)
{
    Heartbeat heart;
    window.view(QString::fromLatin1(view))->installEventFilter(&heart);
    const Index before = player.run()->done;
    heart.watch(setup.tool.stop());
    if (!player.isLive())
        throw Error("the lab was done before its timing");
    const double seconds = parts * partMs / 1e3;
    setup.report(name + "longest gap per half second", "ms", heart.longest, {1000.0 / 60, 100});
    setup.report(name + QStringLiteral("%1 painted per second").arg(QLatin1String(view)), "1/s",
        {heart.paints / seconds}, {});
    setup.report(
        name + "steps per second", "1/s", {static_cast<double>(player.run()->done - before) / seconds}, {});
}

void benchStop(Setup& setup, Player& player, const QString& name)
{
    std::vector<double> times;
    for (int i = 0; i < 10; ++i) {
        QElapsedTimer clock;
        clock.start();
        player.pause();
        Job::waitForAll();
        times.push_back(milliseconds(clock));
        const Index done = player.run()->done;
        player.play();
        turnUntil(
            setup.tool.stop(), [&] { return player.run()->done > done + 1; }, 60000);
    }
    setup.report(name + "stop of the lab", "ms", times, {none, 100});
}

void benchScrub(Setup& setup, MainWindow& window, Player& player, double most, const QString& name)
{
    Stopwatch watch(window, setup.tool.stop());
    std::vector<double> times;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t to = (i * 379 + 17) % std::min(scrubbed, player.steps());
        times.push_back(watch.untilQuiet([&] { player.goTo(to); }));
    }
    setup.report(name + "scrub to a recorded step", "ms", times, {none, most});
}

/// What Lab::start of the panel does, for any lab and as far as one likes.
void startLab(Setup& setup, Session& session, const char* id)
{
    const Lab* lab = session.registry().lab(id);
    if (!lab)
        throw Error(std::string("the lab ") + id + " is not there");
    session.player().start({id, Config(lab->schema()), 0, std::numeric_limits<int>::max(), 1});
    turnUntil(
        setup.tool.stop(),
        [&] {
            return session.player().run() && session.player().run()->lab == lab
                && session.player().steps() > 20;
        },
        120000);
}

}

void benchLab(Setup& setup)
{
    Studio studio(setup.tool);
    MainWindow& window = studio.window();
    Player& player = studio.session().player();
    window.show();
    startLab(setup, studio.session(), "train");
    benchRunning(setup, window, player, "curves", {});
    benchStop(setup, player, {});
    turnUntil(
        setup.tool.stop(), [&] { return player.steps() >= scrubbed; }, 600000);
    player.pause();
    benchScrub(setup, window, player, 50, {});
}

void benchScanSnapWindow(Setup& setup)
{
    Studio studio(setup.tool);
    MainWindow& window = studio.window();
    Player& player = studio.session().player();
    window.show();
    startLab(setup, studio.session(), "scan_snap");
    const QString name = QStringLiteral("scan_snap, ");
    benchRunning(setup, window, player, "step-rows", name);
    benchStop(setup, player, name);
    turnUntil(
        setup.tool.stop(), [&] { return player.steps() >= scrubbed; }, 600000);
    player.pause();
    benchScrub(setup, window, player, 30, name);
}

}
