// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/attention.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// exp(scale * q_i . k_j - logSum_i) for one pair.
float weightOf(const AttentionFactors& f, HeadIndex at, Index i, Index j)
{
    const Index d = f.q.dim(3), heads = f.q.dim(1);
    const Index head = at.group * heads + at.head;
    const float* q = f.q.data() + (head * f.q.dim(2) + i) * d;
    const float* k = f.k.data() + (head * f.k.dim(2) + j) * d;
    float dot = 0;
    for (Index c = 0; c < d; ++c)
        dot += q[c] * k[c];
    return std::exp(f.scale * dot - f.logSum.data()[head * f.q.dim(2) + i]);
}

int tokenIn(const Tensor& index, int group, int position)
{
    return index.defined() ? index.at(group).values<std::int32_t>()[static_cast<std::size_t>(position)]
                           : position;
}

}

std::vector<float> attentionRow(const Record& record, HeadIndex at, int query)
{
    const Index keys = shapeOf(record)[3];
    if (record.value.defined()) {
        const auto row = record.value.at(at.group).at(at.head).at(query).values<float>();
        return {row.begin(), row.end()};
    }
    std::vector<float> row(static_cast<std::size_t>(keys));
    for (Index j = 0; j < keys; ++j)
        row[static_cast<std::size_t>(j)] = weightOf(record.factors, at, query, j);
    return row;
}

std::vector<float> attentionColumn(const Record& record, HeadIndex at, int key)
{
    const Index queries = shapeOf(record)[2], keys = shapeOf(record)[3];
    std::vector<float> column(static_cast<std::size_t>(queries));
    const Tensor kept = record.value.defined() ? record.value.at(at.group).at(at.head) : Tensor();
    for (Index i = 0; i < queries; ++i)
        column[static_cast<std::size_t>(i)]
            = kept.defined() ? kept.data()[i * keys + key] : weightOf(record.factors, at, i, key);
    return column;
}

Tensor attentionMap(const Record& record, HeadIndex at)
{
    if (record.value.defined())
        return record.value.at(at.group).at(at.head);
    const Shape shape = shapeOf(record);
    Tensor map({shape[2], shape[3]});
    const auto out = map.writable();
    for (Index i = 0; i < shape[2]; ++i)
        for (Index j = 0; j < shape[3]; ++j)
            out[static_cast<std::size_t>(i * shape[3] + j)] = weightOf(record.factors, at, i, j);
    return map;
}

int queryToken(const Record& record, int group, int position)
{
    return tokenIn(record.queryIndex, group, position);
}
int keyToken(const Record& record, int group, int position)
{
    return tokenIn(record.keyIndex, group, position);
}

int positionOf(const Tensor& index, Index extent, int group, int token)
{
    if (!index.defined())
        return token >= 0 && token < extent ? token : -1;
    const Tensor members = index.at(group);
    const auto values = members.values<std::int32_t>();
    const auto found = std::ranges::find(values, token);
    return found == values.end() ? -1 : static_cast<int>(found - values.begin());
}

TokenPosition findQuery(const Record& record, int token)
{
    const Shape shape = shapeOf(record);
    for (int group = 0; group < shape[0]; ++group)
        if (const int position = positionOf(record.queryIndex, shape[2], group, token); position >= 0)
            return {group, position};
    return {};
}

int findKey(const Record& record, int group, int token)
{
    return positionOf(record.keyIndex, shapeOf(record)[3], group, token);
}

}
