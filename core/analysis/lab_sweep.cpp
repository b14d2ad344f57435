// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/lab_sweep.h"

#include "core/analysis/interval.h"
#include "core/source/recording.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <mutex>

namespace fovea::analysis {

namespace {

SweepRun madeRun(const LabSweep& sweep, SweepRun run, const StopToken& stop)
{
    RecordingOptions options;
    options.record = sweep.records;
    options.every = options.checkpointEvery = sweep.steps + 1; // nobody looks before, nobody goes back
    options.stop = stop;
    try {
        LabWalk walk(startRun(*sweep.lab, sweep.cells[run.cell], sweep.seeds[run.seed], options), options);
        while (walk.done() <= sweep.steps)
            walk.step(walk.done() == sweep.steps);
        const TracePtr trace = walk.run()->trace;
        for (const std::string& path : sweep.records) {
            const RecordPtr record = trace->steps.back()->find(path);
            if (!record)
                throw Error(
                    "a sweep of lab '" + sweep.lab->identity().id + "': it has no record '" + path + "'");
            run.values.push_back(record->value.toDoubles());
        }
    } catch (const Error& error) {
        run.values.clear();
        run.problem = error.what();
    }
    return run;
}

/// The runs that are not known, in the order of cells and seeds.
std::vector<SweepRun> missing(const LabSweep& sweep, const std::vector<SweepRun>& known)
{
    std::vector<SweepRun> runs;
    for (std::size_t cell = 0; cell < sweep.cells.size(); ++cell)
        for (std::size_t seed = 0; seed < sweep.seeds.size(); ++seed)
            if (std::ranges::none_of(
                    known, [&](const SweepRun& run) { return run.cell == cell && run.seed == seed; }))
                runs.push_back({cell, seed, {}, {}});
    return runs;
}

/// Tells of runs one at a time.
class Reporter {
public:
    Reporter(const SweepMeans& means, std::size_t done, std::size_t all)
        : means_(means)
        , done_(done)
        , all_(all)
    {
    }
    void tell(const SweepRun& run)
    {
        const std::lock_guard lock(mutex_);
        ++done_;
        if (means_.done)
            means_.done(run);
        if (means_.progress)
            means_.progress(static_cast<double>(done_) / static_cast<double>(all_));
    }

private:
    const SweepMeans& means_;
    std::size_t done_, all_;
    std::mutex mutex_;
};

}

std::vector<SweepRun> sweepLab(const LabSweep& sweep, const SweepMeans& means, std::vector<SweepRun> known)
{
    std::vector<SweepRun> runs = missing(sweep, known);
    Reporter reporter(means, known.size(), known.size() + runs.size());
    const auto make = [&](Index task) {
        SweepRun& run = runs[static_cast<std::size_t>(task)];
        try {
            run = madeRun(sweep, run, means.stop);
            reporter.tell(run);
        } catch (const Cancelled&) { // told below, in the thread that asked
        }
    };
    means.stop.check();
    const std::shared_ptr<Pool> pool = means.pool ? means.pool : std::make_shared<Pool>(1);
    pool->each(static_cast<Index>(runs.size()), make);
    means.stop.check();
    known.insert(known.end(), std::make_move_iterator(runs.begin()), std::make_move_iterator(runs.end()));
    std::ranges::sort(known, {}, [](const SweepRun& run) { return std::pair(run.cell, run.seed); });
    return known;
}

Record sweepTable(
    const LabSweep& sweep, const std::vector<SweepRun>& runs, std::size_t record, std::size_t element)
{
    constexpr Index fields = 5;
    Record table;
    table.info = {"sweep." + sweep.records[record], Kind::Points, "after the runs of a sweep", -1, "", "", "",
        {"n", "mean", "deviation", "low", "high"}, ""};
    table.value = Tensor({static_cast<Index>(sweep.cells.size()), fields}, DType::F64);
    table.axes = defaultAxes(table.info, table.value.shape());
    const auto out = table.value.writable<double>();
    for (std::size_t cell = 0; cell < sweep.cells.size(); ++cell) {
        double n = 0, mean = 0, squares = 0; // Welford's sums
        for (const SweepRun& run : runs)
            if (run.cell == cell && !run.values.empty()) {
                const double value = run.values[record][element], before = value - mean;
                mean += before / ++n;
                squares += before * (value - mean);
            }
        const double deviation = n > 1 ? std::sqrt(squares / (n - 1)) : nan;
        const std::array<double, fields> row{
            n, n > 0 ? mean : nan, deviation, mean - deviation, mean + deviation};
        std::ranges::copy(row, out.begin() + static_cast<std::ptrdiff_t>(cell * fields));
    }
    table.finite = allFinite(table.value);
    return table;
}

}
