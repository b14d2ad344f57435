// Reading an Attention record: by row, column or head, whether the pattern was kept or only its factors.
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

/// The token of `record.queries` (or `.keys`) that stands at a position of a group, and back (-1: none).
FOVEA_API int queryToken(const Record& record, int group, int position);
FOVEA_API int keyToken(const Record& record, int group, int position);
/// A position of a query token: the group it stands in and its row there; group -1 when it is in none.
struct TokenPosition {
    int group = -1, position = -1;
};
FOVEA_API TokenPosition findQuery(const Record& record, int token);
FOVEA_API TokenPosition findKey(const Record& record, int token);

}
