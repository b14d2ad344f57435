// Trees of runs as recipes and sessions keep them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/display.h"
#include "widgets/session/lab_work.h"

#include "core/source/registry.h"

#include <QJsonArray>

#include <cmath>

namespace fovea {

namespace {

constexpr double mostSteps = 1e9;

[[noreturn]] void refuse(const std::string& field, const std::string& expected)
{
    throw Error("field 'lab." + field + "': expected " + expected);
}

Index wholeNumber(
    const QJsonObject& json, const char* name, const std::string& owner, double low, double high)
{
    const double value = json[QLatin1String(name)].toDouble(-2);
    if (!(value >= low && value <= high) || value != std::floor(value))
        refuse(owner + name,
            "a whole number from " + std::to_string(static_cast<Index>(low)) + " to "
                + std::to_string(static_cast<Index>(high)));
    return static_cast<Index>(value);
}

/// What one entry of the list says.
struct Described {
    int number, parent;
    Index from, steps, every;
    std::uint64_t seed;
    Config config;
    std::vector<Index> asked;
};

Described describedIn(const QJsonObject& json, const Lab& lab, int index)
{
    const std::string owner = "runs." + std::to_string(index) + ".";
    Described run;
    run.number = static_cast<int>(wholeNumber(json, "number", owner, 0, 1e6));
    run.parent = static_cast<int>(wholeNumber(json, "parent", owner, -1, index - 1));
    run.from = wholeNumber(json, "from", owner, 0, run.parent < 0 ? 0 : mostSteps);
    run.steps = wholeNumber(json, "steps", owner, static_cast<double>(run.from), mostSteps);
    run.every = wholeNumber(json, "every", owner, 1, mostSteps);
    bool isNumber = false;
    run.seed = json["seed"].toString().toULongLong(&isNumber);
    if (!isNumber)
        refuse(owner + "seed", "a whole number as text");
    run.config = configFrom(lab.schema(), json["config"].toObject(), "lab." + owner + "config");
    for (const QJsonValue& step : json["asked"].toArray())
        run.asked.push_back(static_cast<Index>(step.toDouble()));
    return run;
}

}

QJsonObject describedRuns(const RunTree& tree)
{
    QJsonArray all;
    for (std::size_t i = 0; i < tree.runs.size(); ++i) {
        const LabRun& run = *tree.runs[i];
        QJsonArray asked;
        for (const StepPtr& step : run.trace->steps)
            if (step->step() >= run.from && step->step() % run.askedEvery != 0)
                asked.append(static_cast<qint64>(step->step()));
        QJsonObject json{{"number", tree.numbers[i]}, {"parent", tree.parents[i]},
            {"from", static_cast<qint64>(run.from)}, {"steps", static_cast<qint64>(run.done)},
            {"every", static_cast<qint64>(run.askedEvery)}, {"seed", QString::number(run.seed)},
            {"config", toJson(run.config)}};
        if (!asked.isEmpty())
            json["asked"] = asked;
        all.append(json);
    }
    return {{"id", QString::fromStdString(tree.runs.front()->lab->identity().id)}, {"runs", all}};
}

RunTree rebuiltRuns(const QJsonObject& json, const Registry& registry, const RecordingOptions& options,
    const Job::Context& context)
{
    const std::string id = json["id"].toString().toStdString();
    const Lab* lab = registry.lab(id);
    if (!lab)
        refuse("id", "a lab that there is, found '" + id + "'; see `fovea list`");
    const QJsonArray list = json["runs"].toArray();
    if (list.isEmpty() || list.size() > RunTree::most)
        refuse("runs", "1 to " + std::to_string(RunTree::most) + " runs");
    RunTree tree;
    Index total = 0, made = 0;
    std::vector<Described> all;
    for (int i = 0; i < list.size(); ++i) {
        all.push_back(describedIn(list[i].toObject(), *lab, i));
        total += all.back().steps - all.back().from;
    }
    for (const Described& run : all) {
        RecordingOptions with = options;
        with.stop = context.stop;
        with.every = run.every;
        with.record = keptSignals(*lab, run.config, json["record"].toString().toStdString());
        const auto parent = static_cast<std::size_t>(run.parent);
        if (run.parent >= 0 && run.from > tree.runs[parent]->done)
            refuse("runs.from", "a step that the parent made");
        LabWalk walk(run.parent < 0 ? startRun(*lab, run.config, run.seed, with)
                                    : branchOf(tree.runs[parent], run.from, run.config, with),
            with);
        while (walk.done() < run.steps) {
            walk.step(std::ranges::find(run.asked, walk.done()) != run.asked.end());
            context.progress(static_cast<double>(++made) / static_cast<double>(total));
        }
        tree.runs.push_back(walk.run());
        tree.parents.push_back(run.parent);
        tree.numbers.push_back(run.number);
    }
    return tree;
}

}
