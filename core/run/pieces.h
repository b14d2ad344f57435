// Work on many equal elements, cut into pieces by their number alone, so that sums come out the same for any
// number of threads. It knows nothing of what is done with them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <algorithm>

namespace fovea {

/// Elements of a piece: neither a trifle nor more than a cache holds.
inline constexpr Index pieceLength = 16384;

/// fn(begin, end) for pieces of [0, count), in parallel.
template <class Fn>
void eachPiece(Run& run, Index count, Fn fn)
{
    run.parallel((count + pieceLength - 1) / pieceLength,
        [&](Index task) { fn(task * pieceLength, std::min(count, (task + 1) * pieceLength)); });
}

}
