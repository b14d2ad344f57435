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

void benchRunning(Setup& setup, MainWindow& window, Player& player)
{
    Heartbeat heart;
    window.view(QStringLiteral("curves"))->installEventFilter(&heart);
    const Index before = player.run()->done;
    heart.watch(setup.tool.stop());
    const double seconds = parts * partMs / 1e3;
    setup.report("longest gap per half second", "ms", heart.longest, {1000.0 / 60, 100});
    setup.report("curves painted per second", "1/s", {heart.paints / seconds}, {});
    setup.report(
        "training steps per second", "1/s", {static_cast<double>(player.run()->done - before) / seconds}, {});
}

void benchStop(Setup& setup, Player& player)
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
    setup.report("stop of the lab", "ms", times, {none, 100});
}

void benchScrub(Setup& setup, MainWindow& window, Player& player)
{
    Stopwatch watch(window, setup.tool.stop());
    std::vector<double> times;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t to = (i * 379 + 17) % std::min(scrubbed, player.steps());
        times.push_back(watch.untilQuiet([&] { player.goTo(to); }));
    }
    setup.report("scrub to a recorded step", "ms", times, {none, 50});
}

}

void benchLab(Setup& setup)
{
    Studio studio(setup.tool);
    MainWindow& window = studio.window();
    Player& player = studio.session().player();
    window.show();
    window.docks().switchTo(QStringLiteral("dynamics"));
    turnUntil(
        setup.tool.stop(), [&] { return player.steps() > 20; }, 120000);
    player.setTarget(static_cast<Index>(scrubbed));
    benchRunning(setup, window, player);
    benchStop(setup, player);
    turnUntil(
        setup.tool.stop(), [&] { return player.steps() >= scrubbed; }, 600000);
    player.pause();
    benchScrub(setup, window, player);
}

}
