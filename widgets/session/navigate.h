// Moving the selection by keyboard: from cell to cell, layer to layer, head to head.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/patterns.h"

namespace fovea {

/// The anchor moved by cells of its grid; up from the top row lie the special tokens. A pin moves, else the
/// hover does.
Selection movedCell(const Patterns& patterns, Selection selection, int columns, int rows);
/// What is shown now pinned, anchor and other half.
Selection pinned(const Patterns& patterns, Selection selection);
/// Around the end comes the first layer or head again.
Selection movedLayer(const Patterns& patterns, Selection selection, int by);
Selection movedHead(const Patterns& patterns, Selection selection, int by);

}
