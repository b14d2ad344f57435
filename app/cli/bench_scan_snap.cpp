// Scan and Snap against the official loop in PyTorch: iterations a second, side by side, and the 640 runs of
// Figure 6.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_setup.h"
#include "app/resources.h"

#include "core/analysis/lab_sweep.h"
#include "core/source/recording.h"
#include "core/tensor/error.h"

#include <QElapsedTimer>
#include <QProcess>

namespace fovea::app {

namespace {

constexpr int askMs = 20, killMs = 60000, peerRounds = 9;
constexpr std::uint64_t peerSeed = 1;
constexpr auto python = "/usr/bin/python3"; // Debian's: the one for which python3-torch is

const Lab& scanSnapLab(const Setup& setup)
{
    if (const Lab* found = setup.tool.registry().lab("scan_snap"))
        return *found;
    throw Error("there is no lab 'scan_snap': its plugin is missing");
}

/// Answers each line with a line.
class PyTorch {
public:
    PyTorch(const QStringList& words, const StopToken& stop)
        : stop_(stop)
    {
        process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process_.start(python, words);
        if (line() != "ready")
            throw Error(std::string(python) + ": the peer did not start; it needs python3-torch");
    }
    ~PyTorch()
    {
        process_.kill();
        process_.waitForFinished(killMs);
    }
    QByteArray ask(const QByteArray& what)
    {
        process_.write(what + "\n");
        return line();
    }

private:
    QByteArray line()
    {
        while (!process_.canReadLine()) {
            stop_.check();
            process_.waitForReadyRead(askMs);
            if (process_.state() == QProcess::NotRunning && !process_.canReadLine())
                return {};
        }
        return process_.readLine().trimmed();
    }

    StopToken stop_;
    QProcess process_;
};

/// One turn of either side: milliseconds of an iteration, and the loss of the last.
struct Turn {
    double ms = 0, loss = 0;
};

Turn theirTurn(PyTorch& peer, int iterations)
{
    const QList<QByteArray> said = peer.ask(QByteArray::number(iterations)).split(' ');
    if (said.size() != 2)
        throw Error("the peer died");
    return {said[0].toDouble(), said[1].toDouble()};
}

/// The steps of a turn, of which the last alone is recorded.
Turn ourTurn(LabWalk& walk, int iterations)
{
    QElapsedTimer clock;
    clock.start();
    for (int i = 1; i <= iterations; ++i)
        walk.step(i == iterations);
    const double ms = static_cast<double>(clock.nsecsElapsed()) / 1e6 / iterations;
    return {ms, walk.run()->trace->steps.back()->find("loss")->value.toDoubles().front()};
}

struct Comparison {
    int queries, each;
    const char* init;
    int theirs, ours; ///< iterations of a turn
    double times; ///< as fast as the peer, at least
};

Config comparedConfig(const Lab& lab, const Comparison& one)
{
    Config config(lab.schema());
    config.set("num_last", std::int64_t{one.queries});
    config.set("num_next_per_last", std::int64_t{one.each});
    config.set("init", std::string(one.init));
    return config;
}

void compareSides(Setup& setup, const Comparison& one)
{
    const Lab& scanSnap = scanSnapLab(setup);
    const QString script = QString::fromStdString(resourcesFolder()) + "/peers/torch_scan_snap.py";
    PyTorch peer({script, QString::number(one.queries), QString::number(one.each), one.init, "1", "1",
                     QString::number(peerSeed)},
        setup.tool.stop());
    RecordingOptions options;
    options.record = {"loss"};
    options.every = options.checkpointEvery = 1'000'000; // what a turn asks for, no more
    options.stop = setup.tool.stop();
    LabWalk walk(startRun(scanSnap, comparedConfig(scanSnap, one), peerSeed, options), options);

    const Index m = walk.run()->state->find("Y")->dim(0);
    const QString name = QStringLiteral("M %1, ").arg(m);
    const Turn theirFirst = theirTurn(peer, 4), ourFirst = ourTurn(walk, 4); // both do the same
    if (!(std::abs(ourFirst.loss / theirFirst.loss - 1) < 1e-4))
        throw Error((name + "the two sides differ: losses %1 and %2")
                        .arg(ourFirst.loss)
                        .arg(theirFirst.loss)
                        .toStdString());
    std::vector<double> theirs, ours, shares;
    for (int round = 0; round < peerRounds; ++round) {
        const double their = theirTurn(peer, one.theirs).ms, our = ourTurn(walk, one.ours).ms;
        theirs.push_back(1000 / their);
        ours.push_back(1000 / our);
        shares.push_back(1000 * our / their);
    }
    setup.report(name + "Fovea", "iterations/s", ours, {});
    setup.report(name + peer.ask("about"), "iterations/s", theirs, {});
    setup.report(name + QStringLiteral("share of its time"), "per mille", shares, {1000 / one.times, none});
}

/// Four panels, four rates, four ratios, ten seeds of 100 steps each.
void benchFigure6(Setup& setup)
{
    const Lab& scanSnap = scanSnapLab(setup);
    analysis::LabSweep sweep{&scanSnap, {}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 100, {"entropy"}};
    for (const int queries : {1, 3, 5, 10})
        for (const double rate : {.5, 1.0, 2.0, 3.0})
            for (const double ratio : {1.0, 2.0, 5.0, 10.0}) {
                Config config = comparedConfig(scanSnap, {queries, 2, "random", 0, 0, 0});
                config.set("eta_z", rate);
                config.set("eta_y", rate * ratio);
                sweep.cells.push_back(config);
            }
    analysis::SweepMeans means;
    means.pool = std::make_shared<Pool>(2);
    means.stop = setup.tool.stop();
    means.progress = Tool::progress;
    QElapsedTimer clock;
    clock.start();
    analysis::sweepLab(sweep, means);
    setup.report(
        "figure 6, 640 runs", "s, 2 threads", {static_cast<double>(clock.nsecsElapsed()) / 1e9}, {60, none});
}

}

void benchScanSnap(Setup& setup)
{
    compareSides(setup, {2, 1, "zero", 10, 400, 40});
    compareSides(setup, {10, 2, "random", 3, 150, 200});
    benchFigure6(setup);
}

}
