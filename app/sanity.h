// Which sanity checks this program knows of: those that come with it, and those that this person has made.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/sanity_file.h"

#include <memory>

namespace fovea::app {

/// models/sanity.json of the resources, and sanity.json in the person's data folder, which grows.
std::shared_ptr<io::SanityMemory> sanityMemory();

}
