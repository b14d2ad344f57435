// Fields of a config as one line of text, "dim=48,depth=4", and back. What they mean is the schema's matter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <span>

namespace fovea {

/// Each field with its value. Throws UsageError naming `field`, which holds the text, where it is no list.
FOVEA_API Answers fieldsIn(std::string_view text, std::string_view field);
/// The fields that differ from their defaults, in the schema's order, without those in `but`.
FOVEA_API std::string fieldsText(const Config& config, std::span<const std::string_view> but = {});

}
