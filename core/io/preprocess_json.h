// A Preprocess as JSON: how weights and traces keep it. What it does to a picture is core/image.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/weights.h"

namespace fovea::io {

FOVEA_API std::string toJson(const Preprocess& preprocess);
/// Throws Error naming the field that is missing, of a wrong type or out of range.
FOVEA_API Preprocess preprocessFromJson(const std::string& text);

}
