// Many configs of a lab, as panels with lines of them over an axis: what a figure of many runs, or of the
// theory of many configs, is made of. It runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <optional>

namespace fovea {

/// The grid as text, as options and recipes have it. Each is a list of choices with ; between them, a choice
/// FIELD=VALUE, or several with commas, or a VALUE alone: of the field of the choice before. "LABEL: " in
/// front names it and those that follow as values; * in it stands for the value. A list for each panel is
/// told by | between them.
struct LabGridText {
    std::string fields; ///< of all configs: FIELD=VALUE,FIELD=VALUE
    std::string panels, lines;
    std::string across; ///< the axis; empty: a config a line
};

/// A config or what one says of it.
struct LabChoice {
    std::string name; ///< of the choices: "eta_y", or the label without *
    std::string label; ///< of this one: "eta_y 0.5"
    std::optional<double> value; ///< of its first field, where that is a number
    std::vector<std::pair<std::string, std::string>> fields;
};

struct LabGridLine {
    std::string label; ///< empty: it is the only one
    std::vector<Config> cells; ///< one for each place across
};

struct LabGridPanel {
    std::string label; ///< empty: it is the only one
    std::vector<LabGridLine> lines;
    std::vector<LabChoice> across; ///< empty: a cell a line
};

/// What a list says, without the lab. Throws Error naming `field`, which holds the text.
std::vector<LabChoice> labChoices(std::string_view text, const std::string& field);

/// What the names of the text's fields are, for messages.
struct LabGridNames {
    std::string fields = "fields", panels = "panels", lines = "lines", across = "across";
};

/// `base`, with what `text` says of all, of the panel, of the line and of the place, in that order. Throws
/// Error naming the field of the text, and within it that of the lab.
std::vector<LabGridPanel> labGrid(
    const Config& base, const LabGridText& text, const LabGridNames& names = {});

/// Whole numbers such as "1,2,5-8". Throws Error naming `field` where one is none, or more than 10,000 are
/// said.
std::vector<std::uint64_t> seedsIn(const std::string& text, const std::string& field);

}
