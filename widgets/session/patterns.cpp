// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"

#include "core/analysis/rollout.h"
#include "core/analysis/special_tokens.h"

#include <cmath>

namespace fovea {

namespace {

using Values = std::vector<float>;

/// Heads as one: mean, min or max, element by element.
template <class LineOf>
Values fused(int heads, const MapChoice& choice, LineOf lineOf)
{
    if (choice.reading == HeadReading::One)
        return lineOf(choice.head);
    Values all = lineOf(0);
    for (int head = 1; head < heads; ++head) {
        const Values one = lineOf(head);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = choice.reading == HeadReading::Mean ? all[i] + one[i]
                : choice.reading == HeadReading::Min     ? std::min(all[i], one[i])
                                                         : std::max(all[i], one[i]);
    }
    if (choice.reading == HeadReading::Mean)
        for (float& value : all)
            value /= static_cast<float>(heads);
    return all;
}

ValueRange rangeOf(const Record& record)
{
    ValueRange range;
    if (record.value.defined()) {
        range.include(record.value);
        return range;
    }
    const Shape shape = shapeOf(record); // too large to look at: what a probability can be
    range.include(0);
    range.include(shape[3] > 0 ? 1 : 0);
    return range;
}

}

Patterns::Patterns(const Trace& trace, std::size_t step, bool hideSpecials)
{
    for (const RecordPtr& record : analysis::patternsOf(trace, step)) {
        if (!record->queries)
            continue;
        records_.push_back(hideSpecials ? analysis::withoutSpecialKeys(record) : record);
        ranges_.push_back(rangeOf(*records_.back()));
    }
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
    const auto put = [&](const Values& dense, const Tensor& index, int group) {
        for (int i = 0; i < static_cast<int>(dense.size()); ++i) {
            const int other
                = index.defined() ? index.at(group).values<std::int32_t>()[static_cast<std::size_t>(i)] : i;
            if (other >= 0 && other < static_cast<int>(values.size()))
                values[static_cast<std::size_t>(other)] = dense[static_cast<std::size_t>(i)];
        }
    };
    if (token < 0)
        return values;
    if (direction == Direction::QueryRow) {
        const TokenPosition at = findQuery(record, token);
        if (at.group >= 0)
            put(fused(heads(choice.layer), choice,
                    [&](int head) {
                        return attentionRow(record, {at.group, head}, at.position);
                    }),
                record.keyIndex, at.group);
        return values;
    }
    for (int group = 0; group < static_cast<int>(shapeOf(record)[0]); ++group)
        if (const int position = findKey(record, group, token); position >= 0)
            put(fused(heads(choice.layer), choice,
                    [&](int head) {
                        return attentionColumn(record, {group, head}, position);
                    }),
                record.queryIndex, group);
    return values;
}

Tensor Patterns::map(const MapChoice& choice, int group) const
{
    const Record& record = *layer(choice.layer);
    if (choice.reading == HeadReading::One)
        return attentionMap(record, {group, choice.head});
    const Shape shape = shapeOf(record);
    const Values all = fused(heads(choice.layer), choice, [&](int head) {
        const Tensor one = attentionMap(record, {group, head});
        return Values(one.values<float>().begin(), one.values<float>().end());
    });
    return Tensor::of<float>({shape[2], shape[3]}, all);
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
