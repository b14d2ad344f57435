// Several patterns of paths at once. What one pattern matches is core/trace/trace.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <algorithm>

namespace fovea {

inline bool matchesAny(const std::vector<std::string>& patterns, std::string_view path)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(pattern, path); });
}

}
