// Reading an Attention record: by row, column or head, whether the pattern was kept or only its factors. It
// computes no statistics.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <vector>

namespace fovea {

/// One head of one group of an Attention record.
struct HeadIndex {
    int group = 0, head = 0;
    bool operator==(const HeadIndex&) const = default;
};

/// The row of a query: its attention to every key, [key]; sums to 1.
FOVEA_API std::vector<float> attentionRow(const Record& record, HeadIndex at, int query);
/// The column of a key: what every query gives to it, [query].
FOVEA_API std::vector<float> attentionColumn(const Record& record, HeadIndex at, int key);
/// The whole pattern of one head, [query, key]; shares storage when the pattern was kept.
FOVEA_API Tensor attentionMap(const Record& record, HeadIndex at);

/// The token of `record.queries` (or `.keys`) that stands at a position of a group.
FOVEA_API int queryToken(const Record& record, int group, int position);
FOVEA_API int keyToken(const Record& record, int group, int position);
/// Where a query token stands: the first group that holds it and its row there; group -1 when it is in none.
struct TokenPosition {
    int group = -1, position = -1;
};
FOVEA_API TokenPosition findQuery(const Record& record, int token);
/// The column of a key token in a group; -1 when the group does not see it.
FOVEA_API int findKey(const Record& record, int group, int token);
/// The position of a token in one group of an index tensor [group, position], of which an undefined one
/// counts 0..extent-1; -1 when it is not there.
FOVEA_API int positionOf(const Tensor& index, Index extent, int group, int token);

}
