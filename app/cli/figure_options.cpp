// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/figure_options.h"

#include "app/cli/commands.h"
#include "app/cli/report.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/patterns.h"
#include "widgets/session/selection_fields.h"

#include "core/tensor/error.h"

#include <QStringList>

#include <algorithm>

namespace fovea::app {

namespace {

/// "cls", or "7,4" as row and column of the input's grid.
Spot spotOf(const std::string& name, const std::string& text, const TokenLayout& layout)
{
    const QStringList parts = QString::fromStdString(text).split(',');
    bool isRow = false, isCol = false;
    const int row = parts.value(0).toInt(&isRow), col = parts.value(1).toInt(&isCol);
    if (parts.size() == 2 && isRow && isCol && row >= 0 && col >= 0 && row < layout.gridRows()
        && col < layout.gridCols())
        return {{}, layout.cellArea(row * layout.gridCols() + col).centre()};
    const auto& specials = layout.specialNames(); // the hidden ones too: a window pins them
    if (std::ranges::find(specials, text) != specials.end())
        return {text, {}};
    throw UsageError("--option: field '" + name + "': expected row,column below "
        + std::to_string(layout.gridRows()) + "," + std::to_string(layout.gridCols())
        + " or a special token (" + (specials.empty() ? "there is none" : listed(specials)) + "), found '"
        + text + "'");
}

void requireLayer(const Config& options, const std::string& name, const Patterns& patterns)
{
    if (const int layer = options.count(name); layer > 0 && layer >= patterns.layers())
        throw UsageError("--option: field '" + name + "': expected 0 to "
            + std::to_string(std::max(0, patterns.layers() - 1)) + ", found '" + std::to_string(layer) + "'");
}

Selection selectionIn(const Config& options)
{
    try {
        return selectionFrom(options);
    } catch (const Error& error) {
        throw UsageError(std::string("--option: ") + error.what());
    }
}

/// As the display's `strip` has them.
std::string furtherInputs(const std::vector<std::string>& inputs)
{
    std::string all;
    for (std::size_t i = 1; i < inputs.size(); ++i)
        all += (i > 1 ? ";" : "") + inputs[i];
    return all;
}

Display displayIn(const Config& options)
{
    Display display = displayFrom(options);
    try {
        thresholdsOf(display.cost);
        stepsOf(display.map);
        panelsOf(display.map);
    } catch (const Error& error) {
        throw UsageError(std::string("--option: ") + error.what());
    }
    return display;
}

Config studyIn(const Config& options)
{
    Config study(labStudySchema());
    for (const Field& field : study.schema())
        study.set(field.name, options.value(field.name));
    return study;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

/// What --preset says; nothing where it is left out.
Fields presetOf(const QString& view, const Arguments& arguments)
{
    if (!arguments.has("preset"))
        return {};
    const std::string name = arguments.value("preset");
    for (const FigurePreset& preset : figurePresets())
        if (preset.name == name && view == QLatin1String(preset.view))
            return preset.options;
    std::vector<std::string> there;
    for (const FigurePreset& preset : figurePresets())
        there.push_back(preset.name + " (" + preset.view + ")");
    throw UsageError("--preset: the figure " + view.toStdString() + " has none that is called '" + name
        + "'; there are " + listed(there));
}

}

void applyOptions(StrictSession& session, const Arguments& arguments, const QString& view)
{
    Config options(figureOptions());
    for (const auto& [name, value] : presetOf(view, arguments))
        options.setText(name, value);
    for (const auto& [name, value] : settings(arguments, "option"))
        setField(options, "option", name, value);
    if (arguments.has("data"))
        setField(options, "data", "study_data", arguments.value("data"));
    if (const std::vector<std::string> inputs = arguments.values("input"); inputs.size() > 1)
        setField(options, "input", "strip", furtherInputs(inputs));
    LabStudies::of(*session).setStudy(studyIn(options));
    session->setDisplay(displayIn(options)); // without special tokens there are other keys
    session.settle();
    const Patterns& patterns = session->patterns();
    requireLayer(options, "layer", patterns);
    requireLayer(options, "rollout_start", patterns);
    Selection wanted = selectionIn(options);
    for (const auto& [name, spot] :
        {std::pair("query", &wanted.pin.query), std::pair("key", &wanted.pin.key)}) {
        const std::string& text = options.text(name);
        if (!text.empty() && patterns.empty())
            throw UsageError("--option: field '" + std::string(name) + "': nothing here speaks of tokens");
        if (!text.empty())
            *spot = spotOf(name, text,
                spot == &wanted.pin.query ? patterns.queries(wanted.layer) : patterns.keys(wanted.layer));
    }
    session->setSelection(wanted);
    session.settle();
    if (const std::string why = refusal(wanted, session->selection(), patterns, ""); !why.empty())
        throw UsageError("--option: " + why);
}

}
