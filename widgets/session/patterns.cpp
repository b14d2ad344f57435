// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"

#include "core/analysis/head_fusion.h"
#include "core/analysis/rollout.h"
#include "core/analysis/special_tokens.h"

#include <cmath>

namespace fovea {

namespace {

using Values = std::vector<float>;

analysis::Fusion fusionOf(HeadReading reading)
{
    return reading == HeadReading::Min ? analysis::Fusion::Min
        : reading == HeadReading::Max  ? analysis::Fusion::Max
                                       : analysis::Fusion::Mean;
}

/// One head's line, or those of all heads as one: mean, min or max, element by element.
template <class LineOf>
Values fused(int heads, const MapChoice& choice, LineOf lineOf)
{
    if (choice.reading == HeadReading::One)
        return lineOf(choice.head);
    Values all = lineOf(0);
    for (int head = 1; head < heads; ++head)
        analysis::fuse(fusionOf(choice.reading), all, lineOf(head));
    if (choice.reading == HeadReading::Mean)
        for (float& value : all)
            value /= static_cast<float>(heads);
    return all;
}

/// Calls f(group, position) for the group that holds a query, or for each group that sees a key.
template <class F>
void eachPlace(const Record& record, Direction direction, int token, F f)
{
    if (token < 0)
        return;
    if (direction == Direction::QueryRow) {
        if (const TokenPosition at = findQuery(record, token); at.group >= 0)
            f(at.group, at.position);
        return;
    }
    for (int group = 0; group < static_cast<int>(shapeOf(record)[0]); ++group)
        if (const int position = findKey(record, group, token); position >= 0)
            f(group, position);
}

/// The tokens at the other end of a group's rows (columns), by position.
std::vector<int> farTokens(const Record& record, Direction direction, int group)
{
    const bool isRow = direction == Direction::QueryRow;
    std::vector<int> tokens(static_cast<std::size_t>(shapeOf(record)[isRow ? 3 : 2]));
    for (std::size_t i = 0; i < tokens.size(); ++i)
        tokens[i] = (isRow ? keyToken : queryToken)(record, group, static_cast<int>(i));
    return tokens;
}

ValueRange rangeOf(const Record& record)
{
    ValueRange range;
    if (record.value.defined()) {
        range.include(record.value);
        return range;
    }
    const Shape shape = shapeOf(record); // only factors were kept: a map at a time
    for (int group = 0; group < shape[0]; ++group)
        for (int head = 0; head < shape[1]; ++head)
            range.include(attentionMap(record, {group, head}));
    return range;
}

}

Patterns::Patterns(const Trace& trace, std::size_t step, bool hideSpecials)
{
    for (const RecordPtr& record : analysis::patternsOf(trace, step)) {
        if (!record->queries)
            continue;
        records_.push_back(hideSpecials ? analysis::withoutSpecialKeys(record) : record);
    }
    ranges_.resize(records_.size());
}

int Patterns::heads(int layer) const { return static_cast<int>(shapeOf(*this->layer(layer))[1]); }

int Patterns::mostHeads() const
{
    int most = 0;
    for (int i = 0; i < layers(); ++i)
        most = std::max(most, heads(i));
    return most;
}

const TokenLayout& Patterns::keys(int layer) const
{
    const Record& record = *this->layer(layer);
    return record.keys ? *record.keys : *record.queries;
}

const TokenLayout& Patterns::near(int layer, Direction direction) const
{
    return direction == Direction::QueryRow ? queries(layer) : keys(layer);
}

const TokenLayout& Patterns::far(int layer, Direction direction) const
{
    return direction == Direction::QueryRow ? keys(layer) : queries(layer);
}

int Patterns::anchorToken(int layer, const Selection& selection) const
{
    const TokenLayout& tokens = near(layer, selection.direction);
    return tokenAt(tokens, selection.anchor().value_or(defaultSpot(tokens)));
}

std::vector<float> Patterns::line(const MapChoice& choice, Direction direction, int token) const
{
    const Record& record = *layer(choice.layer);
    Values values(static_cast<std::size_t>(far(choice.layer, direction).tokens()), NAN);
    eachPlace(record, direction, token, [&](int group, int position) {
        const Values dense = fused(heads(choice.layer), choice, [&](int head) {
            return (direction == Direction::QueryRow ? attentionRow : attentionColumn)(
                record, {group, head}, position);
        });
        const auto tokens = farTokens(record, direction, group);
        for (std::size_t i = 0; i < dense.size(); ++i)
            values[static_cast<std::size_t>(tokens[i])] = dense[i];
    });
    return values;
}

std::vector<bool> Patterns::reach(int layer, Direction direction, int token) const
{
    const Record& record = *this->layer(layer);
    std::vector<bool> isMet(static_cast<std::size_t>(far(layer, direction).tokens()), false);
    eachPlace(record, direction, token, [&](int group, int) {
        for (const int other : farTokens(record, direction, group))
            isMet[static_cast<std::size_t>(other)] = true;
    });
    return isMet;
}

Tensor Patterns::map(const MapChoice& choice, int group) const
{
    return choice.reading == HeadReading::One
        ? attentionMap(*layer(choice.layer), {group, choice.head})
        : analysis::fuseHeads(*layer(choice.layer), group, fusionOf(choice.reading));
}

const ValueRange& Patterns::range(int layer) const
{
    auto& range = ranges_[static_cast<std::size_t>(layer)];
    if (!range)
        range = rangeOf(*this->layer(layer));
    return *range;
}

CellReading readCell(const Patterns& patterns, const Selection& s)
{
    CellReading reading;
    const TokenLayout& far = patterns.far(s.layer, s.direction);
    const int anchor = patterns.anchorToken(s.layer, s);
    const auto values = patterns.line({s.layer, s.head, s.reading}, s.direction, anchor);
    int other = s.other() ? tokenAt(far, *s.other()) : -1;
    for (int i = 0; i < static_cast<int>(values.size()) && !s.other(); ++i)
        if (const float value = values[static_cast<std::size_t>(i)];
            std::isfinite(value) && (other < 0 || value > values[static_cast<std::size_t>(other)]))
            other = i;
    const bool row = s.direction == Direction::QueryRow;
    reading.queryToken = row ? anchor : other;
    reading.keyToken = row ? other : anchor;
    reading.value = other >= 0 ? values[static_cast<std::size_t>(other)] : NAN;
    reading.rank = 1;
    for (const float value : values) {
        reading.among += std::isfinite(value) ? 1 : 0;
        reading.rank += value > reading.value ? 1 : 0;
    }
    return reading;
}

}
