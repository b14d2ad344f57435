// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_theory.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using Theory = std::vector<Record>;

const Record* theoryRecord(const Theory& theory, const std::string& path)
{
    const auto found = std::ranges::find(theory, path, [](const Record& record) { return record.path(); });
    return found == theory.end() ? nullptr : &*found;
}

bool isCurveOverSteps(const Record& record)
{
    return record.kind() == Kind::Vector && record.axes.front().labels.empty();
}

std::string firstPart(const std::string& label) { return label.substr(0, label.find(',')); }

std::vector<double> placesOf(const Theory& theory, const Record& curve)
{
    const Record* time = theoryRecord(theory, "theory.time");
    if (time && time->value.count() == curve.value.count())
        return time->value.toDoubles();
    std::vector<double> x = curve.axes.front().values;
    for (Index i = static_cast<Index>(x.size()); i < curve.value.count(); ++i)
        x.push_back(static_cast<double>(i));
    return x;
}

/// A column of theory.at_marks; NaN where there is none.
double atMark(const Record* table, std::size_t row, const std::string& column)
{
    if (!table || table->axes.size() != 2)
        return NAN;
    const std::vector<std::string>& columns = table->axes.back().labels;
    const auto found = std::ranges::find(columns, column);
    return found == columns.end()
        ? NAN
        : table->value.toDoubles()[row * columns.size() + static_cast<std::size_t>(found - columns.begin())];
}

std::string lastPart(const std::string& path) { return path.substr(path.rfind('.') + 1); }

void takeMark(TheoryLine& line, TheoryGrid& grid, const Theory& theory, const std::string& wanted)
{
    line.markX = NAN;
    line.markY.assign(grid.records.size(), NAN);
    const Record* marks = theoryRecord(theory, "theory.marks");
    if (wanted.empty() || !marks)
        return;
    const std::vector<std::string>& labels = marks->axes.front().labels;
    const auto found = std::ranges::find(labels, wanted, firstPart);
    if (found == labels.end()) {
        std::string there;
        for (const std::string& label : labels)
            there += (there.empty() ? "" : "; ") + firstPart(label);
        throw Error("field 'lab_mark': expected one of " + there + ", found '" + wanted + "'");
    }
    const auto row = static_cast<std::size_t>(found - labels.begin());
    const Record* table = theoryRecord(theory, "theory.at_marks");
    const double time = atMark(table, row, "time");
    line.markX = theoryRecord(theory, "theory.time") ? time : marks->value.toDoubles()[row];
    for (std::size_t i = 0; i < grid.records.size(); ++i)
        line.markY[i] = atMark(table, row, lastPart(grid.records[i].path));
    grid.mark = *found;
}

TheoryLine theoryLineOf(TheoryGrid& grid, const LabGridLine& asked, const TheoryQuestion& question)
{
    const Theory theory = question.lab->theory(asked.cells.front());
    if (theory.empty())
        throw Error("lab '" + question.lab->identity().id + "' has no theory");
    if (grid.records.empty())
        for (const Record& record : theory)
            if (isCurveOverSteps(record) && record.path() != "theory.time")
                grid.records.push_back({{}, record.path(), false, false});
    TheoryLine line{asked.label, {}, NAN, {}};
    for (DrawnRecord& drawn : grid.records) {
        const Record* record = theoryRecord(theory, drawn.path);
        if (!record || !isCurveOverSteps(*record))
            throw Error("field 'lab_records': the theory of lab '" + question.lab->identity().id
                + "' has no curve '" + drawn.path + "'");
        if (drawn.label.empty())
            drawn.label = record->info.role.empty() ? drawn.path : record->info.role;
        line.curves.push_back({placesOf(theory, *record), record->value.toDoubles()});
    }
    const Record* time = theoryRecord(theory, "theory.time");
    grid.axis = time ? time->info.role.substr(0, time->info.role.find(':')) : "step";
    takeMark(line, grid, theory, question.mark);
    return line;
}

}

std::vector<DrawnRecord> drawnRecords(std::string_view text, const std::string& field)
{
    const auto hadEnding = [](std::string& one, std::string_view ending) {
        const bool is = one.ends_with(ending);
        one.erase(one.size() - (is ? ending.size() : 0));
        return is;
    };
    std::vector<DrawnRecord> all;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(';', begin), text.size());
        std::string one(text.substr(begin, end - begin));
        begin = end + 1;
        DrawnRecord drawn;
        one.erase(0, std::min(one.find_first_not_of(' '), one.size()));
        one.erase(one.find_last_not_of(' ') + 1);
        if (const std::size_t colon = one.find(": "); colon != std::string::npos) {
            drawn.label = one.substr(0, colon);
            one.erase(0, one.find_first_not_of(' ', colon + 1));
        }
        drawn.isStairs = hadEnding(one, " as stairs");
        drawn.isBare = hadEnding(one, " as means");
        if (one.empty() || one.find(' ') != std::string::npos)
            throw Error("field '" + field + "': expected the path of a record, found '" + one + "'");
        drawn.path = one;
        all.push_back(std::move(drawn));
    }
    return all;
}

TheoryGrid theoryGrid(const TheoryQuestion& question, const std::function<void()>& check)
{
    TheoryGrid grid{question.records, {}, {}, {}};
    for (const LabGridPanel& asked : question.panels) {
        TheoryPanel panel{asked.label, {}};
        for (const LabGridLine& line : asked.lines) {
            if (check)
                check();
            panel.lines.push_back(theoryLineOf(grid, line, question));
        }
        grid.panels.push_back(std::move(panel));
    }
    return grid;
}

}
