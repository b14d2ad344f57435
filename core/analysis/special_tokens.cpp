// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/special_tokens.h"

#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include <cmath>
#include <limits>

namespace fovea::analysis {

namespace {

/// The positions of the key axis that hold no special token, in any group.
std::vector<Index> patchPositions(const Record& record)
{
    const Shape shape = shapeOf(record);
    std::vector<Index> left;
    for (Index position = 0; position < shape[3]; ++position) {
        Index special = 0;
        for (int group = 0; group < shape[0]; ++group)
            special += record.keys->isSpecial(keyToken(record, group, static_cast<int>(position)));
        if (special == 0)
            left.push_back(position);
        else if (special != shape[0])
            throw Error(record.path() + ": special tokens cannot be left out, key " + std::to_string(position)
                + " is special in some groups only");
    }
    return left;
}

/// Elements `left` of an axis that is followed by `inner` elements; the result has that shape.
Tensor picked(const Tensor& values, const Shape& shape, std::span<const Index> left, Index inner)
{
    Tensor out(shape);
    const Index axis = values.count() / (shape.count() / static_cast<Index>(left.size()) / inner) / inner;
    float* to = out.writable().data();
    for (const float* from = values.data(); from < values.data() + values.count(); from += axis * inner)
        for (const Index position : left)
            to = std::copy_n(from + position * inner, inner, to);
    return out;
}

/// Divides each row of `keys` elements by its sum.
void normaliseRows(Tensor& pattern)
{
    const auto values = pattern.writable();
    const auto keys = static_cast<std::size_t>(pattern.dim(-1));
    for (std::size_t first = 0; first < values.size(); first += keys) {
        double sum = 0;
        for (const float v : values.subspan(first, keys))
            sum += v;
        for (float& v : values.subspan(first, keys))
            v = sum == 0 ? 0 : static_cast<float>(v / sum); // NaN stays NaN
    }
}

/// log of the softmax's denominator over fewer keys: the old one plus the log of the share that is left.
Tensor narrowedLogSum(const Record& factors)
{
    const Shape shape = shapeOf(factors);
    Tensor logSum = factors.factors.logSum.clone();
    const auto out = logSum.writable();
    std::size_t row = 0;
    for (int group = 0; group < shape[0]; ++group)
        for (int head = 0; head < shape[1]; ++head)
            for (int query = 0; query < shape[2]; ++query, ++row) {
                double share = 0;
                for (const float a : attentionRow(factors, {group, head}, query))
                    share += a;
                out[row] = share == 0 ? std::numeric_limits<float>::infinity()
                                      : out[row] + static_cast<float>(std::log(share));
            }
    return logSum;
}

}

RecordPtr withoutSpecialKeys(const RecordPtr& attention)
{
    if (!attention->keys || attention->keys->specialCount() == 0)
        return attention;
    const std::vector<Index> left = patchPositions(*attention);
    if (left.empty())
        return attention;
    auto result = std::make_shared<Record>(*attention);

    std::vector<int> tokens, number; // those that stay, and the new number of each
    for (int token = 0; token < attention->keys->tokens(); ++token) {
        number.push_back(static_cast<int>(tokens.size()));
        if (!attention->keys->isSpecial(token))
            tokens.push_back(token);
    }
    result->keys = attention->keys->selected(tokens);
    Shape shape = shapeOf(*attention);
    shape[3] = static_cast<Index>(left.size());
    if (attention->keyIndex.defined()) {
        result->keyIndex = Tensor({shape[0], shape[3]}, DType::I32);
        const auto index = result->keyIndex.writable<std::int32_t>();
        for (std::size_t i = 0; i < index.size(); ++i)
            index[i] = number[static_cast<std::size_t>(keyToken(
                *attention, static_cast<int>(i / left.size()), static_cast<int>(left[i % left.size()])))];
    }
    if (attention->value.defined()) {
        result->value = picked(attention->value, shape, left, 1);
        normaliseRows(result->value);
    } else {
        Shape kept = attention->factors.k.shape();
        kept[2] = shape[3];
        result->factors.k = picked(attention->factors.k, kept, left, kept[3]);
        result->factors.logSum = narrowedLogSum(*result);
    }
    result->axes.back() = Axis{attention->axes.back().name, attention->axes.back().unit, {}, {}};
    return result;
}

}
