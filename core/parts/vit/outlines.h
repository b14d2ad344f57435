// What the shapes and the presence of a ViT's tensors tell of its config. Which file it is, and under what
// names, is the architecture's to recognise.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/outlines.h"
#include "core/source/schema.h"

namespace fovea::parts::vit {

/// A config of `schema`, which has the fields of a ViT, with all that `shapes` tell. How many heads there are
/// they do not.
FOVEA_API Config configFor(const Schema& schema, const Outlines& shapes);

}
