// The project's own timings: the real window, offscreen, 1280 x 800, each figure against its limit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_setup.h"
#include "app/cli/commands.h"
#include "app/export_dialog.h"
#include "app/stopwatch.h"
#include "app/tour.h"
#include "app/window.h"

#include "widgets/session/patterns.h"
#include "widgets/views/spatial_view.h"

#include "core/source/weights.h"
#include "core/tensor/error.h"

#include <QCoreApplication>
#include <QFile>
#include <QMouseEvent>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fovea::app {

namespace {

constexpr int patienceMs = 60000, wakeMs = 20;

/// A window with the model and the input, painted once.
struct Opened {
    explicit Opened(Setup& setup)
        : studio(setup.tool)
        , window(studio.window())
        , session(studio.session())
        , stop(setup.tool.stop())
        , watch(window, stop)
    {
        window.show();
        watch.untilPainted([&] { session.open({setup.model, setup.input}); });
    }

    void settle() { waitUntilIdle(window, patienceMs, stop); }

    Studio studio;
    MainWindow& window;
    Session& session;
    StopToken stop;
    Stopwatch watch;
};

/// One start in this very process, told to who waits for it.
void benchWindow(Setup& setup)
{
    Opened opened(setup);
    Tool::print("painted");
    opened.settle();
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        throw Error("/proc/self/status", "cannot be read");
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("VmRSS:"))
            Tool::print(line.simplified().toStdString());
    Tool::print("weights: " + std::to_string(opened.session.slot().weights->byteSize()));
}

/// The lines that this program, called with these words, prints, and when each came, in milliseconds. It is
/// killed when `stop` is stopped.
std::vector<std::pair<QByteArray, double>> linesOf(const QStringList& words, const StopToken& stop)
{
    QElapsedTimer clock;
    clock.start();
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), words);
    std::vector<std::pair<QByteArray, double>> lines;
    const auto readLines = [&] {
        while (process.canReadLine())
            lines.push_back({process.readLine().trimmed(), static_cast<double>(clock.nsecsElapsed()) / 1e6});
    };
    for (; process.state() != QProcess::NotRunning && !stop.stopped(); readLines())
        process.waitForReadyRead(wakeMs);
    if (stop.stopped()) {
        process.kill();
        process.waitForFinished(patienceMs);
        throw Cancelled();
    }
    readLines();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        throw Error("fovea " + words.join(' ').toStdString() + ": failed");
    return lines;
}

QStringList windowWords(const Setup& setup)
{
    return {"bench", "window", "--model", setup.model, "--input", setup.input};
}

/// From exec to the first picture with its attention, with the files of a first start.
void benchStart(Setup& setup)
{
    std::vector<double> times;
    for (int i = 0; i < 10; ++i)
        times.push_back(linesOf({"bench", "window"}, setup.tool.stop()).front().second);
    setup.report("start", "ms", times, {none, 1000});
}

/// VmRSS of a window that is done, less the weights.
void benchMemory(Setup& setup)
{
    std::vector<double> megabytes;
    for (int i = 0; i < 3; ++i) {
        const auto lines = linesOf(windowWords(setup), setup.tool.stop());
        const double resident = lines.at(1).first.split(' ').at(1).toDouble() * 1024;
        megabytes.push_back((resident - lines.at(2).first.split(' ').at(1).toDouble()) / 1e6);
    }
    setup.report("memory over weights", "MB", megabytes, {none, 250});
}

/// A second model while the bundled one is open, and back again.
void benchOpen(Setup& setup)
{
    Setup first{setup.tool, firstFiles().value(0), setup.input, true};
    Opened opened(first);
    opened.settle();
    std::vector<double> times;
    for (int i = 0; i < 20; ++i) {
        times.push_back(opened.watch.untilPainted([&] { opened.session.open({setup.model}); }));
        opened.settle();
        opened.watch.untilPainted([&] { opened.session.open({first.model}); });
        opened.settle();
    }
    setup.report("second model", "ms", times, {none, 150});
}

void benchHover(Setup& setup)
{
    constexpr int events = 1000, warmUp = 20;
    Opened opened(setup);
    opened.settle();
    auto* view = static_cast<SpatialView*>(opened.window.view("overlay"));
    const TokenLayout& tokens = opened.session.patterns().queries(0);
    std::vector<double> times;
    for (int i = 0; i < events + warmUp; ++i) {
        const QPointF at = view->pointOf(tokens, i * 37 % tokens.tokens());
        const double ms = opened.watch.untilQuiet([&] {
            QCoreApplication::postEvent(
                view, new QMouseEvent(QEvent::MouseMove, at, view->mapToGlobal(at), Qt::NoButton, {}, {}));
        });
        if (!opened.session.selection().hover.query || ms == 0)
            throw Error("a hover was not painted");
        if (i >= warmUp)
            times.push_back(ms);
    }
    setup.report("hover", "ms", times, {8, 16});
}

void benchLayer(Setup& setup)
{
    Opened opened(setup);
    opened.settle();
    std::vector<double> times;
    for (int i = 0; i < 100; ++i)
        times.push_back(opened.watch.untilQuiet([&] {
            Selection selection = opened.session.selection();
            selection.layer = (selection.layer + 1) % opened.session.patterns().layers();
            opened.session.setSelection(selection);
        }));
    setup.report("layer", "ms", times, {none, 50});
}

/// The head grid as PDF, thumbnails and whole matrices: from the window, and made again by `fovea figure`.
void benchFigure(Setup& setup)
{
    const QTemporaryDir folder;
    const QString here = folder.filePath("window.pdf"), there = folder.filePath("line.pdf");
    Opened opened(setup);
    opened.settle();
    ExportDialog& dialog = opened.window.exportDialog();
    dialog.open(opened.window.view("head-grid"));
    for (const bool isWhole : {false, true}) {
        Display display = opened.session.display();
        display.wholeMatrices = isWhole;
        opened.session.setDisplay(display);
        std::vector<double> blocked, window, line;
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer clock;
            clock.start();
            dialog.exportTo(here);
            blocked.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
            while (dialog.job()->isRunning())
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            opened.stop.check();
            window.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
            line.push_back(linesOf({"figure", here, "-o", there}, opened.stop).back().second);
        }
        const QString name = isWhole ? "matrices" : "thumbnails";
        setup.report(name + ", window", "ms", window, {none, 2000});
        setup.report(name + ", its thread", "ms", blocked, {});
        setup.report(name + ", fovea figure", "ms", line, {none, 2000});
        setup.report(name + ", file", "MB", {static_cast<double>(QFile(there).size()) / 1e6}, {none, 12});
    }
}

struct Bench {
    const char* name;
    void (*run)(Setup&);
};
constexpr Bench benches[]{{"start", benchStart}, {"open", benchOpen}, {"hover", benchHover},
    {"layer", benchLayer}, {"memory", benchMemory}, {"figure", benchFigure}, {"lab", benchLab},
    {"scan-snap", benchScanSnap}, {"scan-snap-window", benchScanSnapWindow}, {"window", benchWindow}};

}

void runBench(Tool& tool, const Arguments& arguments)
{
    const QStringList bundled = firstFiles();
    Setup setup{tool, QString::fromStdString(arguments.value("model", bundled.value(0).toStdString())),
        QString::fromStdString(arguments.value("input", bundled.value(1).toStdString())),
        arguments.has("json")};
    const QString name = arguments.positional.value(0);
    bool isKnown = false;
    for (const Bench& bench : benches)
        if (name.isEmpty() ? bench.run != benchWindow : name == bench.name) {
            bench.run(setup);
            isKnown = true;
        }
    if (!isKnown)
        throw UsageError("there is no timing '" + name.toStdString() + "'");
    if (setup.isJson)
        Tool::printJson({{"results", setup.results}});
    if (!setup.isWithin)
        throw Error("over the limit");
}

}
