// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_grid.h"

#include "core/source/field_list.h"

#include <algorithm>
#include <charconv>

namespace fovea {

namespace {

constexpr std::size_t mostSeeds = 10'000, mostConfigs = 100'000;

std::string gridTrimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
    return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin, end - begin + 1));
}

std::vector<std::string> gridParts(std::string_view text, char between)
{
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = text.find(between);
        parts.push_back(gridTrimmed(text.substr(0, end)));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<double> numberIn(const std::string& text)
{
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string withValue(std::string label, const std::string& value)
{
    if (const std::size_t star = label.find('*'); star != std::string::npos)
        label.replace(star, 1, value);
    return label;
}

/// "η = *" is of choices that are called "η".
std::string gridNameOf(std::string label)
{
    if (const std::size_t star = label.find('*'); star != std::string::npos)
        label.erase(star, 1);
    while (label.ends_with(' ') || label.ends_with('='))
        label.pop_back();
    return label;
}

using GridFields = std::vector<std::pair<std::string, std::string>>;

/// The one that was written first in front.
GridFields gridFields(const std::string& text, const std::string& field)
{
    const Answers answers = fieldsIn(text, field);
    GridFields fields(answers.begin(), answers.end());
    const auto first = std::ranges::find(
        fields, text.substr(0, text.find('=')), [](const auto& one) { return one.first; });
    if (first != fields.end())
        std::rotate(fields.begin(), first, first + 1);
    return fields;
}

void setFields(Config& config, const GridFields& fields, const std::string& owner)
{
    for (const auto& [name, value] : fields) {
        if (!findField(config.schema(), name))
            throw Error("field '" + owner + "': this lab has no field '" + name + "'");
        try {
            config.setText(name, value);
        } catch (const Error& error) {
            throw Error("field '" + owner + "': " + error.what());
        }
    }
}

/// The list of a panel, where there is one for each.
std::vector<LabChoice> listOf(
    const std::string& text, const std::string& field, std::size_t panel, std::size_t panels)
{
    const std::vector<std::string> lists = gridParts(text, '|');
    if (lists.size() != 1 && lists.size() != panels)
        throw Error("field '" + field + "': expected one list, or one for each of the "
            + std::to_string(panels) + " panels with | between them, found " + std::to_string(lists.size()));
    return labChoices(lists[lists.size() == 1 ? 0 : panel], field);
}

LabGridLine gridLineOf(const Config& config, const std::string& label, const std::vector<LabChoice>& across,
    const std::string& field)
{
    LabGridLine line{label, {}};
    for (const LabChoice& place : across) {
        line.cells.push_back(config);
        setFields(line.cells.back(), place.fields, field);
    }
    if (across.empty())
        line.cells.push_back(config);
    return line;
}

/// What stands below the axis of one panel is what stands below that of every other.
void requireOneAxis(const std::vector<LabGridPanel>& panels, const std::string& field)
{
    const auto isText = [](const LabGridPanel& panel) {
        return !std::ranges::all_of(
            panel.across, [](const LabChoice& place) { return place.value.has_value(); });
    };
    const bool hasText = std::ranges::any_of(panels, isText);
    const LabGridPanel& first = panels.front();
    for (const LabGridPanel& panel : panels) {
        if (panel.across.empty() != first.across.empty())
            throw Error("field '" + field + "': expected an axis for each panel, or for none");
        if (hasText
            && !std::ranges::equal(panel.across, first.across, {}, &LabChoice::label, &LabChoice::label))
            throw Error(
                "field '" + field + "': expected the same places for each panel, since they are no numbers");
    }
}

}

std::vector<LabChoice> labChoices(std::string_view text, const std::string& field)
{
    std::vector<LabChoice> choices;
    if (gridTrimmed(text).empty())
        return choices;
    std::string pattern; // of the labels
    for (const std::string& part : gridParts(text, ';')) {
        const std::size_t colon = part.find(": ");
        const std::string said = colon == std::string::npos ? part : gridTrimmed(part.substr(colon + 2));
        LabChoice choice;
        const bool isValue = said.find('=') == std::string::npos;
        if (isValue && (choices.empty() || choices.back().fields.size() != 1 || said.empty()))
            throw Error("field '" + field + "': expected FIELD=VALUE, found '" + said + "'");
        choice.fields
            = isValue ? GridFields{{choices.back().fields[0].first, said}} : gridFields(said, field);
        if (colon != std::string::npos)
            pattern = part.substr(0, colon);
        else if (!isValue)
            pattern = choice.fields.size() == 1 ? choice.fields[0].first + " *" : said;
        choice.name = gridNameOf(pattern);
        choice.label = withValue(pattern, choice.fields[0].second);
        choice.value = numberIn(choice.fields[0].second);
        choices.push_back(std::move(choice));
    }
    return choices;
}

std::vector<LabGridPanel> labGrid(const Config& base, const LabGridText& text, const LabGridNames& names)
{
    Config common = base;
    setFields(common, gridFields(text.fields, names.fields), names.fields);
    std::vector<LabChoice> choices = labChoices(text.panels, names.panels);
    if (choices.empty())
        choices.emplace_back();
    std::vector<LabGridPanel> panels;
    std::size_t configs = 0;
    for (std::size_t p = 0; p < choices.size(); ++p) {
        Config config = common;
        setFields(config, choices[p].fields, names.panels);
        LabGridPanel panel{choices[p].label, {}, listOf(text.across, names.across, p, choices.size())};
        std::vector<LabChoice> lines = listOf(text.lines, names.lines, p, choices.size());
        if (lines.empty())
            lines.emplace_back();
        for (const LabChoice& line : lines) {
            Config own = config;
            setFields(own, line.fields, names.lines);
            panel.lines.push_back(gridLineOf(own, line.label, panel.across, names.across));
            configs += panel.lines.back().cells.size();
        }
        if (configs > mostConfigs)
            throw Error("field '" + names.across + "': expected at most " + std::to_string(mostConfigs)
                + " configs in all");
        panels.push_back(std::move(panel));
    }
    requireOneAxis(panels, names.across);
    return panels;
}

std::vector<std::uint64_t> seedsIn(const std::string& text, const std::string& field)
{
    std::vector<std::uint64_t> seeds;
    const auto refuse = [&] {
        throw Error("field '" + field + "': expected up to " + std::to_string(mostSeeds)
            + " whole numbers, as in 1,2,5-8, found '" + text + "'");
    };
    const auto number = [&](std::string_view part) {
        std::uint64_t value = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || stop != part.data() + part.size())
            refuse();
        return value;
    };
    for (const std::string& part : gridParts(text, ',')) {
        const std::size_t dash = part.find('-');
        const std::uint64_t first = number(std::string_view(part).substr(0, dash)),
                            last = dash == std::string::npos ? first : number(part.substr(dash + 1));
        if (last < first || last - first >= mostSeeds - seeds.size())
            refuse();
        for (std::uint64_t i = 0; i <= last - first; ++i) // last may be the largest there is
            seeds.push_back(first + i);
    }
    std::vector<std::uint64_t> sorted = seeds;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
        throw Error(
            "field '" + field + "': expected each seed once, found " + std::to_string(*twice) + " twice");
    return seeds;
}

}
