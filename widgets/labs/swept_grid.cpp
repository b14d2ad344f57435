// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/swept_grid.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fovea {

namespace {

using analysis::LabSweep;
using analysis::SweepRun;

std::vector<const Config*> cellsOf(const std::vector<LabGridPanel>& panels)
{
    std::vector<const Config*> cells;
    for (const LabGridPanel& panel : panels)
        for (const LabGridLine& line : panel.lines)
            for (const Config& cell : line.cells)
                cells.push_back(&cell);
    return cells;
}

const SignalInfo* signalOf(const std::vector<SignalInfo>& infos, const std::string& path)
{
    const auto found = std::ranges::find(infos, path, &SignalInfo::path);
    return found == infos.end() ? nullptr : &*found;
}

constexpr std::size_t mostRuns = 100'000;

/// Whether the same config always means the same run: a text that is free may name a file, which can change.
bool isWholeInConfig(const Schema& schema)
{
    return std::ranges::none_of(schema, [](const Field& field) {
        return std::holds_alternative<std::string>(field.standard) && (field.choices.empty() || field.isOpen);
    });
}

/// The wanted one first; then what is small and said of the whole, for the next question.
std::vector<std::string> keptRecords(const SweepQuestion& question)
{
    std::vector<std::string> paths{question.record.path};
    bool isFirst = true;
    for (const Config* cell : cellsOf(question.panels)) {
        const std::vector<SignalInfo> infos = question.lab->signalInfos(*cell);
        const SignalInfo* wanted = signalOf(infos, question.record.path);
        if (!wanted || (wanted->kind != Kind::Vector && wanted->kind != Kind::Scalar))
            throw Error("field 'lab_records': lab '" + question.lab->identity().id
                + "' has no number or vector '" + question.record.path + "' a step");
        for (const SignalInfo& info : infos)
            if (isFirst && info.path != question.record.path && info.path.find('.') == std::string::npos
                && (info.kind == Kind::Scalar || (info.kind == Kind::Vector && !info.fields.empty())))
                paths.push_back(info.path);
        std::erase_if(paths, [&](const std::string& path) { return !signalOf(infos, path); });
        isFirst = false;
    }
    return paths;
}

struct Known {
    std::vector<SweepRun> runs;
    std::vector<QByteArray> keys; ///< of all, by cell and seed
};

Known knownRuns(const LabSweep& sweep, const SweepMemory& memory)
{
    Known known;
    for (std::size_t cell = 0; cell < sweep.cells.size(); ++cell)
        for (std::size_t seed = 0; seed < sweep.seeds.size(); ++seed) {
            known.keys.push_back(
                SweepMemory::keyOf(*sweep.lab, sweep.cells[cell], sweep.seeds[seed], sweep.steps));
            const auto run = memory.find(known.keys.back());
            const std::vector<double>* values = run ? run->find(sweep.records.front()) : nullptr;
            if (values)
                known.runs.push_back({cell, seed, {*values}, {}});
        }
    return known;
}

KeptRun keptRun(const LabSweep& sweep, const SweepRun& run)
{
    KeptRun kept;
    for (std::size_t i = 0; i < run.values.size(); ++i)
        kept.records.emplace_back(sweep.records[i], run.values[i]);
    return kept;
}

/// Runs that failed are made again: what they lacked may be there then.
std::vector<SweepRun> madeRuns(const LabSweep& sweep, SweepMemory& memory, analysis::SweepMeans means)
{
    if (!isWholeInConfig(sweep.lab->schema()))
        return analysis::sweepLab(sweep, means);
    const Known known = knownRuns(sweep, memory);
    means.done = [&](const SweepRun& run) {
        if (run.problem.empty())
            memory.keep(known.keys[run.cell * sweep.seeds.size() + run.seed], keptRun(sweep, run));
    };
    return analysis::sweepLab(sweep, means, known.runs);
}

/// Columns of analysis::sweepTable().
SweptPlace placeIn(const std::vector<double>& table, std::size_t cell, double x)
{
    constexpr std::size_t fields = 5;
    return {x, table[cell * fields], table[cell * fields + 1], table[cell * fields + 2]};
}

/// What the elements of a record are, as its declaration says; else their indices.
std::vector<double> elementPlaces(const SignalInfo& info, std::size_t count)
{
    std::vector<double> places;
    for (std::size_t i = 0; i < count; ++i) {
        double value = static_cast<double>(i);
        if (i < info.fields.size()) {
            const std::string& text = info.fields[i];
            std::from_chars(text.data(), text.data() + text.size(), value);
        }
        places.push_back(value);
    }
    return places;
}

class Table {
public:
    Table(const SweepQuestion& question, const LabSweep& sweep, const std::vector<SweepRun>& runs)
        : question_(question)
        , sweep_(sweep)
        , runs_(runs)
    {
        for (const SweepRun& run : runs) {
            if (run.values.empty())
                continue;
            if (elements_ > 0 && run.values.front().size() != elements_)
                throw Error("field 'lab_records': expected as many numbers in '" + question.record.path
                    + "' for each config, found " + std::to_string(elements_) + " and "
                    + std::to_string(run.values.front().size()));
            elements_ = run.values.front().size();
        }
    }

    SweptGrid grid()
    {
        SweptGrid grid{question_.record, question_.axis, {}, {}, runs_.size(), 0, {}};
        for (const SweepRun& run : runs_)
            if (run.values.empty() && ++grid.failed == 1)
                grid.problem = run.problem;
        const bool hasAxis = !question_.panels.front().across.empty();
        if (hasAxis && elements_ > 0 && question_.element >= static_cast<Index>(elements_))
            throw Error("field 'lab_element': expected 0 to " + std::to_string(elements_ - 1) + ", found "
                + std::to_string(question_.element));
        if (hasAxis)
            nameAxisOf(grid);
        for (const LabGridPanel& panel : question_.panels)
            grid.panels.push_back(hasAxis ? acrossConfigs(panel) : acrossElements(panel));
        return grid;
    }

private:
    void nameAxisOf(SweptGrid& grid)
    {
        grid.axis = question_.panels.front().across.front().name;
        for (const LabGridPanel& panel : question_.panels)
            for (const LabChoice& place : panel.across)
                areNumbers_ = areNumbers_ && place.value.has_value();
        for (const LabChoice& place : question_.panels.front().across)
            if (!areNumbers_)
                grid.names.push_back(place.label);
    }

    const std::vector<double>& tableOf(std::size_t element)
    {
        if (element >= tables_.size())
            tables_.resize(element + 1);
        if (tables_[element].empty())
            tables_[element] = analysis::sweepTable(sweep_, runs_, 0, element).value.toDoubles();
        return tables_[element];
    }

    SweptPanel acrossConfigs(const LabGridPanel& panel)
    {
        SweptPanel made{panel.label, {}};
        for (const LabGridLine& line : panel.lines) {
            SweptLine swept{line.label, {}};
            for (std::size_t i = 0; i < line.cells.size(); ++i)
                swept.places.push_back(placeIn(tableOf(static_cast<std::size_t>(question_.element)), cell_++,
                    areNumbers_ ? *panel.across[i].value : static_cast<double>(i)));
            made.lines.push_back(std::move(swept));
        }
        return made;
    }

    SweptPanel acrossElements(const LabGridPanel& panel)
    {
        SweptPanel made{panel.label, {}};
        for (const LabGridLine& line : panel.lines) {
            const auto infos = question_.lab->signalInfos(line.cells.front());
            const std::vector<double> x = elementPlaces(*signalOf(infos, question_.record.path), elements_);
            SweptLine swept{line.label, {}};
            for (std::size_t i = 0; i < elements_; ++i)
                swept.places.push_back(placeIn(tableOf(i), cell_, x[i]));
            ++cell_;
            made.lines.push_back(std::move(swept));
        }
        return made;
    }

    const SweepQuestion& question_;
    const LabSweep& sweep_;
    const std::vector<SweepRun>& runs_;
    std::vector<std::vector<double>> tables_; // by element
    std::size_t elements_ = 0, cell_ = 0;
    bool areNumbers_ = true;
};

}

std::size_t runsOf(const SweepQuestion& question)
{
    return cellsOf(question.panels).size() * question.seeds.size();
}

SweptGrid sweptGrid(const SweepQuestion& question, SweepMemory& memory, analysis::SweepMeans means)
{
    if (runsOf(question) > mostRuns)
        throw Error("field 'lab_seeds': expected at most " + std::to_string(mostRuns) + " runs in all, found "
            + std::to_string(runsOf(question)));
    LabSweep sweep{question.lab, {}, question.seeds, question.steps, keptRecords(question)};
    for (const Config* cell : cellsOf(question.panels))
        sweep.cells.push_back(*cell);
    const std::vector<SweepRun> runs = madeRuns(sweep, memory, std::move(means));
    SweptGrid grid = Table(question, sweep, runs).grid();
    if (grid.record.label.empty()) {
        const auto infos = question.lab->signalInfos(sweep.cells.front());
        const SignalInfo& info = *signalOf(infos, question.record.path);
        grid.record.label = info.role.empty() ? info.path : info.role;
    }
    return grid;
}

}
