// How far a block mixes tokens, filters and attention on one scale: each distance beside that of mixing all
// tokens alike. It says nothing of what is mixed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::analysis {

/// "<path>.mixing", Points [channel or head, field] with the fields distance, uniform and relative =
/// distance / uniform: 0 for a block that mixes nothing, 1 for one that mixes all tokens alike.
/// Filter: sqrt(sum k^2 d^2 / sum k^2) in tokens, d on the torus, as kernelRadius(); uniform: sqrt(mean d^2).
/// Attention: headStats()'s mean distance between patches in pixels of the input, plain, not on a torus, and
/// that of uniform attention over the same pairs. NaN where there is neither kernel nor patch query.
/// Throws Error for records of other Kinds.
FOVEA_API Record mixingDistance(const Record& filterOrAttention);

}
