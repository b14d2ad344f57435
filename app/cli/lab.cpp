// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"

#include "widgets/session/lab_work.h"

#include "core/io/trace_segments.h"
#include "core/source/recording.h"
#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <chrono>
#include <cmath>
#include <filesystem>

namespace fovea::app {

namespace {

constexpr std::uint64_t usualSteps = 1000, mostSteps = 1'000'000'000;

const Lab& requireLab(const Registry& registry, const std::string& id)
{
    if (const Lab* lab = registry.lab(id))
        return *lab;
    std::vector<std::string> known;
    std::string all;
    for (const Lab* lab : registry.labs()) {
        known.push_back(lab->identity().id);
        all += (all.empty() ? "" : ", ") + known.back();
    }
    throw UsageError("there is no lab '" + id + "'" + nearest(id, known) + "; there "
        + (all.empty() ? "is none" : "are " + all));
}

Config configOf(const Lab& lab, const Arguments& arguments)
{
    Config config(lab.schema());
    for (const auto& [name, value] : settings(arguments, "set"))
        setField(config, "set", name, value);
    return config;
}

/// What was recorded goes to files, a segment at a time, so that memory holds one.
class Writer {
public:
    explicit Writer(std::string path)
        : path_(std::move(path))
    {
    }
    /// Not to be stopped: a stop is when it is wanted most, and a segment is soon written.
    void write(const Trace& trace)
    {
        recorded_ += static_cast<Index>(trace.steps.size());
        if (!isWanted())
            return;
        const int number = static_cast<int>(files_.size()) + 1;
        const auto replaced = number == 1 ? io::segmentsAfter(path_, 1) : std::vector<std::string>();
        files_.push_back(io::segmentPath(path_, number));
        io::writeTrace(files_.back(), trace);
        remove(replaced);
        remove(io::segmentsAfter(path_, number)); // they would be read as its end
        begun_ = Clock::now();
    }
    bool isDue(std::size_t bytes) const
    {
        return isWanted()
            && io::isSegmentDue(bytes, std::chrono::duration<double>(Clock::now() - begun_).count());
    }
    const std::vector<std::string>& files() const { return files_; }
    bool isWanted() const { return !path_.empty(); }
    Index recorded() const { return recorded_; }

private:
    using Clock = std::chrono::steady_clock;

    static void remove(const std::vector<std::string>& files)
    {
        std::error_code ignored;
        for (const std::string& file : files)
            std::filesystem::remove(file, ignored);
    }

    std::string path_;
    std::vector<std::string> files_;
    Index recorded_ = 0;
    Clock::time_point begun_ = Clock::now(); // the present segment
};

/// A number, or null where there is none.
Json numberJson(double value) { return std::isfinite(value) ? Json(value) : Json(); }

/// The scalars of the last recorded step.
Json lastValues(const Trace& trace)
{
    Json values = Json::object();
    if (!trace.steps.empty())
        for (const RecordPtr& record : trace.steps.back()->all())
            if (record->kind() == Kind::Scalar)
                values[record->path()] = numberJson(record->value.toDoubles().front());
    return values;
}

/// Writes what a step leaves that fails or is stopped. Says where all of it is; nothing when there is
/// nothing.
std::string rescue(const LabWalk& walk, Writer& writer)
{
    const TracePtr before = walk.run()->trace;
    if (writer.isWanted() && !before->steps.empty())
        writer.write(*before);
    if (writer.files().empty())
        return {};
    return "the " + std::to_string(writer.recorded()) + " recorded steps before it are in "
        + writer.files().front();
}

/// One step more. One that fails or is stopped costs none of those before it.
void makeStep(LabWalk& walk, bool isLast, Writer& writer)
{
    try {
        walk.step(isLast);
    } catch (const Cancelled&) {
        if (const std::string kept = rescue(walk, writer); !kept.empty())
            Tool::say("fovea: step " + std::to_string(walk.done() + 1) + " was stopped; " + kept);
        throw;
    } catch (const Error& error) {
        const std::string kept = rescue(walk, writer);
        if (kept.empty())
            throw;
        throw Error(std::string(error.what()) + "; " + kept);
    }
}

/// Makes the steps and writes what is recorded; returns what was written last.
TracePtr recordedSteps(const LabRunPtr& start, Index steps, const RecordingOptions& options, Writer& writer)
{
    auto walk = std::make_unique<LabWalk>(start, options);
    while (walk->done() < steps) {
        makeStep(*walk, walk->done() + 1 == steps, writer);
        Tool::progress(static_cast<double>(walk->done()) / static_cast<double>(steps));
        if (walk->done() < steps && writer.isDue(walk->recordBytes())) {
            const LabRunPtr run = walk->run();
            writer.write(*run->trace);
            walk = std::make_unique<LabWalk>(withoutSteps(*run), options);
        }
    }
    const TracePtr last = walk->run()->trace;
    writer.write(*last);
    return last;
}

/// What a lab's theory predicts: path, role, the values, and along what they lie.
Json theoryJson(const Lab& lab, const Config& config)
{
    Json all = Json::array();
    for (const Record& record : lab.theory(config)) {
        Json row{{"path", record.path()}, {"role", record.info.role}, {"axes", Json::array()},
            {"values", Json::array()}};
        for (const Axis& axis : record.axes)
            row["axes"].push_back({{"name", axis.name}, {"values", axis.values}, {"labels", axis.labels}});
        for (const double value : record.value.toDoubles())
            row["values"].push_back(numberJson(value));
        all.push_back(std::move(row));
    }
    return all;
}

/// A line for each record: its last value, or each value that has a label.
std::string textOfTheory(const Json& theory)
{
    std::string text;
    for (const Json& row : theory) {
        const Json& labels = row["axes"].front()["labels"];
        text += row["path"].get<std::string>() + "  " + row["role"].get<std::string>();
        if (labels.empty())
            text += ": " + row["values"].back().dump() + " at the last of "
                + std::to_string(row["values"].size());
        const std::size_t each = labels.empty() ? 0 : row["values"].size() / labels.size();
        for (std::size_t i = 0; i < labels.size(); ++i) {
            text += "\n  " + labels[i].get<std::string>() + ":";
            for (std::size_t k = 0; k < each; ++k)
                text += (each > 1 ? " " + row["axes"].back()["labels"][k].get<std::string>() : "") + " "
                    + row["values"][i * each + k].dump();
        }
        text += "\n";
    }
    if (!text.empty())
        text.pop_back();
    return text;
}

void printTheory(const Lab& lab, const Config& config, const Arguments& arguments)
{
    for (const char* option : {"output", "steps", "every", "probe", "seed"})
        if (arguments.has(option))
            throw UsageError(std::string("--theory makes no run: --") + option + " does not go with it");
    const Json theory = theoryJson(lab, config);
    if (arguments.has("json"))
        return Tool::printJson({{"lab", lab.identity().id}, {"theory", theory}});
    Tool::print(theory.empty() ? "there is no theory of this lab" : textOfTheory(theory));
}

}

void runLab(Tool& tool, const Arguments& arguments)
{
    const Lab& lab = requireLab(tool.registry(), arguments.required(0, "the id of a lab"));
    const std::string output = arguments.value("output");
    const Config config = configOf(lab, arguments);
    if (arguments.has("theory"))
        return printTheory(lab, config, arguments);
    const auto steps = static_cast<Index>(arguments.number("steps", usualSteps, 1, mostSteps));
    RecordingOptions options;
    if (arguments.has("probe"))
        options.record = arguments.values("probe");
    requireSignals(arguments.values("probe"), lab.signalInfos(config), "lab");
    options.every = static_cast<Index>(arguments.number("every", 1, 1, mostSteps));
    options.checkpointEvery = steps; // nobody goes back
    options.recordBudget = options.stateBudget = std::numeric_limits<std::size_t>::max();
    options.derive = headCourses;
    options.pool = tool.pool();
    options.stop = tool.stop();

    const std::uint64_t seed = arguments.number("seed", 0);
    const auto begin = std::chrono::steady_clock::now();
    Writer writer(output);
    const TracePtr last = recordedSteps(startRun(lab, config, seed, options), steps, options, writer);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    Json result{{"lab", lab.identity().id}, {"config", Json::parse(config.json())}, {"seed", seed},
        {"steps", steps}, {"recorded", writer.recorded()}, {"seconds", seconds}, {"last", lastValues(*last)},
        {"traces", writer.files()}};
    if (arguments.has("json"))
        return Tool::printJson(result);
    for (const auto& [path, value] : result["last"].items())
        Tool::print(path + " " + value.dump());
    for (const std::string& file : writer.files())
        Tool::print("wrote " + file);
}

}
