// The names that a mistyped one may have meant. The one mechanism for paths, fields, options and views.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <string>
#include <string_view>
#include <vector>

namespace fovea {

/// "; nearest: 'a', 'b'": of the known names up to three that differ least from `word`; nothing when none is
/// alike. The difference is an edit distance in which a letter left out costs less than a wrong one, so that
/// "embed.cls" finds "embed.out.cls".
FOVEA_API std::string nearest(std::string_view word, const std::vector<std::string>& known);

}
