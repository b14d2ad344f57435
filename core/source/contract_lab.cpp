// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/contract_report.h"
#include "core/source/contract_witness.h"
#include "core/source/execute.h"

#include <algorithm>

namespace fovea {

namespace {

bool identical(const NamedTensors& a, const NamedTensors& b)
{
    return std::ranges::equal(a, b,
        [](const auto& x, const auto& y) { return x.first == y.first && x.second.identical(y.second); });
}

NamedTensors copyOf(const NamedTensors& state)
{
    NamedTensors copy;
    for (const auto& [name, tensor] : state)
        copy.set(name, tensor.clone());
    return copy;
}

/// One step from a state, watched by a probe or by nobody.
NamedTensors advanced(const Lab& lab, const Config& config, const NamedTensors& state, Probe* probe,
    int threads, const StopToken& stop)
{
    Weights::Parts parts;
    parts.config = config;
    const Weights none(std::move(parts));
    RunOptions options;
    options.probe = probe;
    options.pool = std::make_shared<Pool>(threads);
    options.stop = stop;
    Run run(none, options);
    return lab.advance(run, config, state);
}

void checkSteps(Report& report, const Lab& lab, const Config& config)
{
    const NamedTensors start = lab.start(config, 1), before = copyOf(start);
    report.stop().check();
    report.require(identical(start, lab.start(config, 1)), "start() gives another state the second time");
    Witness witness(lab.signalInfos(config), {}, 1);
    const NamedTensors next = advanced(lab, config, start, &witness, 1, report.stop());
    for (const std::string& problem : witness.problems())
        report.add(problem);
    report.require(identical(start, before), "advance() changes the state it was given");
    report.require(identical(next, advanced(lab, config, before, nullptr, 1, report.stop())),
        "an unobserved step gives another state");
    report.require(identical(next, advanced(lab, config, before, nullptr, 3, report.stop())),
        "three threads give another state");
    report.require(std::ranges::equal(start, next,
                       [](const auto& a, const auto& b) {
                           return a.first == b.first && a.second.dtype() == b.second.dtype();
                       }),
        "a step changes the names or types of the state");
    for (const auto& [name, tensor] : next)
        report.require(allFinite(tensor), "state '" + name + "' is not finite after a step");
}

void checkTraces(Report& report, const Lab& lab, const Config& config)
{
    constexpr Index steps = 3;
    ExecuteOptions options;
    options.stop = report.stop();
    const TracePtr once = executeLab(lab, config, steps, 1, options),
                   again = executeLab(lab, config, steps, 1, options);
    for (std::size_t step = 0; step < steps; ++step) {
        const std::string path = firstDifference(*once->steps[step], *again->steps[step]);
        report.require(path.empty(), "a second run differs at " + path);
    }
    ExecuteOptions stopped;
    stopped.stop.stop();
    try {
        executeLab(lab, config, steps, 1, stopped);
        report.add("a run that was stopped goes on");
    } catch (const Cancelled&) {
    }
}

void checkTheory(Report& report, const Lab& lab, const Config& config)
{
    for (const Record& record : lab.theory(config)) {
        report.require(
            !record.path().empty() && record.value.defined(), "a record without a path or a value");
        report.require(static_cast<std::size_t>(record.value.rank()) == axesOf(record.kind()).size()
                && record.axes.size() == axesOf(record.kind()).size(),
            record.path() + " has not the axes of its Kind");
    }
}

}

void checkRuns(Report& report, const Lab& lab)
{
    const Config config(lab.schema());
    report.rule("steps", [&] { checkSteps(report, lab, config); });
    report.rule("repeating and stopping", [&] { checkTraces(report, lab, config); });
    report.rule("theory", [&] { checkTheory(report, lab, config); });
}

}
