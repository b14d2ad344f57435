// What several views of attention say alike: scales, captions, badges, records for export.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/session/patterns.h"
#include "widgets/session/session.h"

#include <span>

namespace fovea {

/// The ranges that the scale modes choose from.
struct Ranges {
    ValueRange map, layer, shown;
};

/// A sequential scale as the display settings want it; it begins at 0 unless it is logarithmic.
ValueScale sequentialScale(const Display& display, const QString& quantity, const Ranges& ranges);
/// "colours: this layer"
QString scaleBadge(ScaleMode mode);
/// "special tokens left out, rows renormalised", or nothing.
QStringList attentionBadges(const Display& display);
/// For views of the patterns as they are, whatever the display settings leave out elsewhere.
QStringList wholePatternBadges(const Display& display);
ValueRange rangeOf(std::span<const float> values);

/// What a layer is called, by its layerNumber(): "layer 6", and where there is little room "L6".
QString layerName(int number);
QString layerMark(int number);

/// "layer 6 · head 3", "layer 6 · mean of 12 heads"
QString mapName(const Patterns& patterns, const Selection& selection);
/// "query (7,4)", "key cls"
QString anchorName(const Patterns& patterns, const Selection& selection);
/// The longest that anchorName() can be in that layer: what room to leave.
QString longestAnchorName(const Patterns& patterns, const Selection& selection);
/// "0.0831, row max", "0.0831, rank 2 of 197", "no number": one value among those of its row (column).
QString rankedText(std::span<const float> line, std::size_t index, Direction direction);
/// "query (7,4), key cls, 0.0831, row max": what readCell() finds, to be read aloud.
QString spokenCell(const Patterns& patterns, const Selection& selection);
/// The name of a token, "none" for -1.
QString tokenName(const TokenLayout& tokens, int token);
/// "L6 H3 q=(7,4) k=cls 0.0831 rank 2/197"; empty without patterns.
QString readOut(const Patterns& patterns, const Selection& selection);

/// The same in words, with what uniform attention would give; a line each.
QString readOutInWords(const Patterns& patterns, const Selection& selection);

/// A record of that path around a value, for export.
Record namedRecord(const std::string& path, Kind kind, Tensor value, const std::string& role);
/// What an axis of it is, and what its elements are called where the data are exported.
void nameAxis(Record& record, std::size_t axis, const std::string& name, const QStringList& labels);

}
