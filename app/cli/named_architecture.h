// An architecture and its config as a word of the command line names them, ARCH[:PRESET]. Fields set by hand
// come later.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"

namespace fovea::app {

struct NamedArchitecture {
    const Architecture* architecture = nullptr;
    std::string preset; ///< empty: the defaults
    Config config;
};

/// Throws UsageError naming the nearest when there is no such architecture or preset.
NamedArchitecture namedArchitecture(const Registry& registry, const std::string& word);

}
