// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/theory/theory.h"

#include "core/analysis/snap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::analysis {

namespace {

constexpr std::string_view theoryPrefix = "theory.";

/// The name without a suffix, when it ends so and is longer.
std::optional<std::string> withoutEnd(const std::string& name, std::string_view suffix)
{
    if (name.size() > suffix.size() && name.ends_with(suffix))
        return name.substr(0, name.size() - suffix.size());
    return {};
}

TheoryCurve curveOf(const Record& record)
{
    TheoryCurve curve{record.path(), record.info.role, record.axes.front().values, record.value.toDoubles()};
    if (curve.steps.empty()) {
        curve.steps.resize(curve.values.size());
        std::iota(curve.steps.begin(), curve.steps.end(), 0.0);
    }
    return curve;
}

TheoryQuantity& quantityNamed(Theory& theory, const std::string& name)
{
    const auto found = std::ranges::find(theory.quantities, name, &TheoryQuantity::name);
    if (found != theory.quantities.end())
        return *found;
    theory.quantities.emplace_back().name = name;
    return theory.quantities.back();
}

void addCurve(Theory& theory, const Record& record, const std::string& name)
{
    if (name == "time") {
        const TheoryCurve time = curveOf(record);
        theory.time = time.role;
        if (time.steps.size() > 1)
            theory.timePerStep = (time.values[1] - time.values[0]) / (time.steps[1] - time.steps[0]);
    } else if (const auto low = withoutEnd(name, "_low")) {
        quantityNamed(theory, *low).low = curveOf(record);
    } else if (const auto high = withoutEnd(name, "_high")) {
        quantityNamed(theory, *high).high = curveOf(record);
    } else {
        const auto star = withoutEnd(name, "_star");
        quantityNamed(theory, star ? *star : name).curves.push_back(curveOf(record));
    }
}

std::vector<double> labelledValues(
    const std::vector<Record>& records, std::string_view name, std::size_t count)
{
    for (const Record& record : records)
        if (record.path() == name && record.value.count() == static_cast<Index>(count))
            return record.value.toDoubles();
    return std::vector<double>(count, NAN);
}

void addConditions(Theory& theory, const std::vector<Record>& records, const Record& record)
{
    const std::vector<std::string>& labels = record.axes.front().labels;
    const std::vector<double> holds = record.value.toDoubles(),
                              values = labelledValues(records, "theory.conditions_value", labels.size()),
                              bounds = labelledValues(records, "theory.conditions_bound", labels.size());
    for (std::size_t i = 0; i < std::min(labels.size(), holds.size()); ++i)
        theory.conditions.push_back({labels[i], holds[i] != 0, values[i], bounds[i]});
}

void addMarks(Theory& theory, const Record& record)
{
    struct Part {
        std::string detail;
        double step;
    };
    std::vector<std::pair<std::string, std::vector<Part>>> groups;
    const std::vector<std::string>& labels = record.axes.front().labels;
    const std::vector<double> steps = record.value.toDoubles();
    for (std::size_t i = 0; i < std::min(labels.size(), steps.size()); ++i) {
        const std::size_t comma = labels[i].find(", ");
        const std::string name = labels[i].substr(0, comma);
        auto group = std::ranges::find(groups, name, [](const auto& one) { return one.first; });
        if (group == groups.end())
            group = groups.insert(group, {name, {}});
        if (std::isfinite(steps[i]))
            group->second.push_back(
                {comma == std::string::npos ? std::string() : labels[i].substr(comma + 2), steps[i]});
    }
    for (auto& [name, parts] : groups) {
        if (parts.empty())
            continue;
        std::ranges::sort(parts, {}, &Part::step);
        const Part& middle = parts[parts.size() / 2];
        const bool hasBand = parts.size() > 1;
        theory.marks.push_back({name, middle.detail, middle.step, hasBand ? parts.front().step : NAN,
            hasBand ? parts.back().step : NAN, false});
    }
}

}

double TheoryCurve::at(double step) const
{
    const auto after = std::ranges::lower_bound(steps, step);
    if (after == steps.end())
        return NAN;
    const auto i = static_cast<std::size_t>(after - steps.begin());
    if (*after == step)
        return values[i];
    if (i == 0)
        return NAN;
    return std::lerp(values[i - 1], values[i], (step - steps[i - 1]) / (steps[i] - steps[i - 1]));
}

bool TheoryQuantity::speaksOf(std::string_view path) const
{
    return path == name
        || (path.size() > name.size() && path.ends_with(name) && path[path.size() - name.size() - 1] == '.');
}

std::vector<std::string> Theory::failing() const
{
    std::vector<std::string> names;
    for (const TheoryCondition& condition : conditions)
        if (!condition.holds)
            names.push_back(condition.name);
    return names;
}

Theory readTheory(const std::vector<Record>& records)
{
    Theory theory;
    theory.timePerStep = NAN;
    for (const Record& record : records) {
        if (!record.path().starts_with(theoryPrefix) || record.kind() != Kind::Vector || record.axes.empty()
            || !record.value.defined())
            continue;
        const std::string name = record.path().substr(theoryPrefix.size());
        if (record.axes.front().name == "step")
            addCurve(theory, record, name);
        else if (name == "conditions")
            addConditions(theory, records, record);
        else if (name == "marks")
            addMarks(theory, record);
    }
    return theory;
}

Theory theoryOf(const Lab& lab, Config config, Index lastStep)
{
    const Field* field = findField(config.schema(), "theory_steps");
    if (field && field->low < field->high)
        config.set("theory_steps",
            static_cast<std::int64_t>(std::clamp(static_cast<double>(lastStep), field->low, field->high)));
    return readTheory(lab.theory(config));
}

bool isSameMark(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool PhaseMark::operator==(const PhaseMark& other) const
{
    return name == other.name && detail == other.detail && isFound == other.isFound
        && isSameMark(step, other.step) && isSameMark(low, other.low) && isSameMark(high, other.high);
}

std::optional<PhaseMark> foundSnap(const Course& growth)
{
    const auto at = [&](double share) {
        const std::optional<Index> step = snapStep(growth.steps(), growth.values(), share);
        return step ? static_cast<double>(*step) : NAN;
    };
    constexpr double share = 0.1, early = 0.2, late = 0.05;
    const double step = at(share);
    if (!std::isfinite(step))
        return {};
    return PhaseMark{"snap", "10 %", step, at(early), at(late), true};
}

}
