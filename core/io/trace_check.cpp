// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_check.h"

#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::io {

namespace {

void require(bool fits, const std::string& what)
{
    if (!fits)
        throw Error(what);
}

void checkFactors(const AttentionFactors& f)
{
    const auto isF32 = [](const Tensor& t, int rank) {
        return t.defined() && t.dtype() == DType::F32 && t.rank() == rank;
    };
    require(isF32(f.q, 4) && isF32(f.k, 4) && isF32(f.logSum, 3),
        "the factors q, k and log_sum do not belong together");
    const Shape &q = f.q.shape(), &k = f.k.shape();
    require(k[0] == q[0] && k[1] == q[1] && k[3] == q[3] && f.logSum.shape() == Shape{q[0], q[1], q[2]},
        "the factors " + q.text() + ", " + k.text() + " and " + f.logSum.shape().text() + " do not fit");
}

/// `index` [group, position] names tokens of `layout`; without it the positions are the tokens.
void checkTokens(const Tensor& index, const LayoutPtr& layout, Index groups, Index positions)
{
    const Index tokens = layout ? layout->tokens() : 0;
    if (!index.defined()) {
        require(!layout || positions <= tokens,
            "found " + std::to_string(positions) + " tokens, the layout has " + std::to_string(tokens));
        return;
    }
    require(index.dtype() == DType::I32 && index.shape() == Shape{groups, positions},
        "the token indices " + index.shape().text() + " do not fit");
    require(std::ranges::all_of(index.values<std::int32_t>(),
                [&](std::int32_t t) { return t >= -1 && (!layout || t < tokens); }),
        "a token index is out of range");
}

}

void checkRecord(const Record& record)
{
    const Kind kind = record.kind();
    const bool hasFactors = record.factors.defined();
    require(record.value.defined() || (hasFactors && kind == Kind::Attention), "there is no value");
    if (hasFactors)
        checkFactors(record.factors);
    const Shape shape = shapeOf(record);
    require(
        shape.rank() == static_cast<int>(axesOf(kind).size()) && record.axes.size() == axesOf(kind).size(),
        "the shape " + shape.text() + " is not of the kind " + std::string(nameOf(kind)));
    for (int i = 0; i < shape.rank(); ++i) {
        const Axis& axis = record.axes[static_cast<std::size_t>(i)];
        const auto fits = [&](std::size_t n) { return n == 0 || static_cast<Index>(n) == shape[i]; };
        require(fits(axis.values.size()) && fits(axis.labels.size()),
            "the axis '" + axis.name + "' does not fit");
    }
    if (kind == Kind::Attention) {
        require(!record.value.defined() || record.value.dtype() == DType::F32, "expected attention in f32");
        checkTokens(record.queryIndex, record.queries, shape[0], shape[2]);
        checkTokens(record.keyIndex, record.keys, shape[0], shape[3]);
    } else if (kind == Kind::Heads) {
        checkTokens({}, record.queries, 1, shape[1]);
    } else if (kind == Kind::Tokens || kind == Kind::Keep) {
        checkTokens({}, record.queries, 1, shape[0]);
    }
}

}
