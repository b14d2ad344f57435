// Several values in one line of text: the fields of a config, "dim=48,depth=4", or the numbers of one field,
// "3,3,10,3". What they mean is the schema's matter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <span>

namespace fovea {

/// Each field with its value, which may be a list: "groups=4,4,4,depth=12". A value in brackets may hold
/// anything: "model=(dim=64,depth=2),lr=1". Throws UsageError naming `field`, which holds the text, where it
/// is no list.
FOVEA_API Answers fieldsIn(std::string_view text, std::string_view field);
/// The fields that differ from their defaults, in the schema's order, without those in `but`.
FOVEA_API std::string fieldsText(const Config& config, std::span<const std::string_view> but = {});

/// Whole numbers from 1 to 16384 between commas. Throws Error naming the field.
FOVEA_API std::vector<int> countsIn(const std::string& text, const std::string& field);
/// The same of numbers from `low` to `high`.
FOVEA_API std::vector<double> numbersIn(
    const std::string& text, const std::string& field, double low, double high);

}
