// The attention patterns of one step of a trace, as views read them: ordered by layer, by spots instead of
// positions, heads fused on request. A reading helper; it keeps no state of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/session/selection.h"

#include "core/trace/attention.h"
#include "core/trace/layer_number.h"
#include "core/trace/trace.h"

#include <optional>
#include <vector>

namespace fovea {

/// One map: a layer, and one head of it or all of them fused.
struct MapChoice {
    int layer = 0, head = 0;
    HeadReading reading = HeadReading::One;
};

class Patterns {
public:
    Patterns() = default;
    /// The records of Kind Attention that are called `*.pattern`. With `hideSpecials` special
    /// keys are left out and each row is divided by what remains.
    Patterns(const Trace& trace, std::size_t step, bool hideSpecials);

    int layers() const { return static_cast<int>(records_.size()); }
    bool empty() const { return records_.empty(); }
    const RecordPtr& layer(int layer) const { return records_[static_cast<std::size_t>(layer)]; }
    /// layerNumber() of it: what it is called.
    int number(int layer) const { return layerNumber(this->layer(layer)->info, layer); }
    int heads(int layer) const;
    int mostHeads() const;
    const TokenLayout& queries(int layer) const
    {
        return *records_[static_cast<std::size_t>(layer)]->queries;
    }
    const TokenLayout& keys(int layer) const;
    /// The tokens that a spot of that direction is among, and those at the other end.
    const TokenLayout& near(int layer, Direction direction) const;
    const TokenLayout& far(int layer, Direction direction) const;

    /// The token of near() at a selection's anchor; the default spot's when there is no anchor; -1: dropped.
    int anchorToken(int layer, const Selection& selection) const;
    /// A value for each token of far(): the row of a query or the column of a key. NaN where the token does
    /// not meet it (another window) or the record holds none; all NaN for token -1.
    std::vector<float> line(const MapChoice& choice, Direction direction, int token) const;
    /// Which tokens of far() meet it: what is NaN in their line has no number in the record.
    std::vector<bool> reach(int layer, Direction direction, int token) const;
    /// [query, key] of one group.
    Tensor map(const MapChoice& choice, int group) const;
    /// Of all values of a layer, over all heads; gathered when it is first asked for.
    const ValueRange& range(int layer) const;

private:
    std::vector<RecordPtr> records_;
    mutable std::vector<std::optional<ValueRange>> ranges_;
};

/// What a selection says of one cell.
struct CellReading {
    int queryToken = -1, keyToken = -1;
    double value = 0; ///< NaN: the two do not meet
    int rank = 0, among = 0; ///< of the value among its row, or column; 1 is the largest
};
/// The selected map's cell. Without a second spot it is the strongest one.
CellReading readCell(const Patterns& patterns, const Selection& selection);

}
