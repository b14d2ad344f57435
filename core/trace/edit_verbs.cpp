// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit_verbs.h"

#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include <charconv>
#include <numeric>

namespace fovea::edits {

namespace {

/// The value as floats; complex numbers get a trailing axis of two. Other types cannot be edited.
struct Floats {
    float* data;
    Shape shape;
};

Floats floatsOf(Tensor& value, const Target& target)
{
    if (value.dtype() == DType::F32)
        return {value.writable().data(), value.shape()};
    if (value.dtype() != DType::C64)
        throw UsageError("edit '" + target.edit + "': values of type " + std::string(nameOf(value.dtype())));
    std::vector<Index> extents(value.shape().extents().begin(), value.shape().extents().end());
    extents.push_back(2);
    return {reinterpret_cast<float*>(value.writable<std::complex<float>>().data()), Shape(extents)};
}

/// Calls fn(flat index) for each element that the selection names.
template <class Fn>
void forEach(const Shape& shape, const Selection& selection, int axis, Index offset, Fn& fn)
{
    if (axis == shape.rank()) {
        fn(offset);
        return;
    }
    const auto slot = static_cast<std::size_t>(axis);
    const Index only = slot < selection.size() ? selection[slot] : -1;
    for (Index i = only < 0 ? 0 : only; i < (only < 0 ? shape[axis] : only + 1); ++i)
        forEach(shape, selection, axis + 1, offset * shape[axis] + i, fn);
}

template <class Fn>
void forEach(const Shape& shape, const std::vector<Selection>& selections, Fn fn)
{
    for (const Selection& selection : selections)
        forEach(shape, selection, 0, 0, fn);
}

/// The axes of an attention pattern with its batch.
constexpr int groupAxis = 1, headAxis = 2, queryAxis = 3, keyAxis = 4;

std::string where(const Shown& shown, const std::string& index)
{
    return std::string(shown.path) + ": index '" + index + "' ";
}

Index indexOf(const std::string& text, const TokenLayout* layout, Index extent, const Shown& shown)
{
    Index i = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), i);
    if (error != std::errc() || end != text.data() + text.size())
        i = layout ? layout->specialNamed(text) : -1;
    if (i < 0 || i >= extent)
        throw UsageError(where(shown, text) + "is " + (layout ? "neither" : "not") + " 0 to "
            + std::to_string(extent - 1) + (layout ? " nor a special token" : ""));
    return i;
}

/// The chosen query and key (tokens) as positions in one group; nothing when they are not both there.
std::optional<Selection> selectionIn(
    Index group, const Selection& chosen, const Shown& shown, const Tensor& value)
{
    Selection inGroup = chosen;
    inGroup[groupAxis] = group;
    for (const int axis : {queryAxis, keyAxis}) {
        Index& i = inGroup[static_cast<std::size_t>(axis)];
        const Tensor& index = axis == queryAxis ? shown.queryIndex : shown.keyIndex;
        const bool isAll = i < 0;
        if (!isAll)
            i = positionOf(index, value.dim(axis), static_cast<int>(group), static_cast<int>(i));
        if (!isAll && i < 0)
            return std::nullopt;
    }
    return inGroup;
}

/// Number of elements that follow one step of `axis`.
Index strideOf(const Shape& shape, int axis)
{
    Index stride = 1;
    for (int i = axis + 1; i < shape.rank(); ++i)
        stride *= shape[i];
    return stride;
}

}

std::optional<int> tokenAxis(Kind kind)
{
    switch (kind) {
    case Kind::Attention:
        return 2;
    case Kind::Heads:
        return 1;
    case Kind::Tokens:
    case Kind::Keep:
        return 0;
    default:
        return std::nullopt;
    }
}

std::vector<Selection> selections(
    Kind kind, const std::vector<std::string>& indices, const Shown& shown, const Tensor& value)
{
    Selection chosen(static_cast<std::size_t>(value.rank()), -1);
    int axis = kind == Kind::Attention ? headAxis : 1;
    for (const std::string& text : indices) {
        if (axis >= value.rank())
            throw UsageError(where(shown, text) + "is one too many for shape " + value.shape().tail().text());
        const bool isKey = kind == Kind::Attention && axis == keyAxis;
        const auto tokens = tokenAxis(kind);
        const bool isToken = tokens && (axis == *tokens + 1 || isKey);
        const TokenLayout* layout
            = isToken ? (isKey && shown.keys ? shown.keys : shown.queries).get() : nullptr;
        const bool isGrouped = kind == Kind::Attention && layout
            && ((isKey && shown.keyIndex.defined()) || (axis == queryAxis && shown.queryIndex.defined()));
        const Index extent = isGrouped ? layout->tokens() : value.dim(axis);
        chosen[static_cast<std::size_t>(axis)] = text == "*" ? -1 : indexOf(text, layout, extent, shown);
        ++axis;
    }
    if (kind != Kind::Attention || (chosen[queryAxis] < 0 && chosen[keyAxis] < 0))
        return {chosen};
    std::vector<Selection> found;
    for (Index group = 0; group < value.dim(groupAxis); ++group)
        if (const auto inGroup = selectionIn(group, chosen, shown, value))
            found.push_back(*inGroup);
    if (found.empty())
        throw UsageError(where(shown, indices.back()) + "names an edge that is in no group");
    return found;
}

void scale(Tensor& value, const Target& target, float factor)
{
    const Floats f = floatsOf(value, target);
    // times 0 would keep NaN alive: off is a constant
    forEach(f.shape, target.selections, [&](Index i) { f.data[i] = factor == 0 ? 0 : f.data[i] * factor; });
}

void set(Tensor& value, const Target& target, float constant)
{
    const Floats f = floatsOf(value, target);
    forEach(f.shape, target.selections, [&](Index i) { f.data[i] = constant; });
}

void mean(Tensor& value, const Target& target)
{
    const Tensor before = value.clone();
    const Floats f = floatsOf(value, target);
    const int axis = *tokenAxis(target.kind) + 1;
    const Index stride = strideOf(f.shape, axis), n = f.shape[axis];
    forEach(f.shape, target.selections, [&](Index i) {
        const float* line = before.data() + (i - i / stride % n * stride);
        double sum = 0;
        for (Index t = 0; t < n; ++t)
            sum += line[t * stride];
        f.data[i] = static_cast<float>(sum / static_cast<double>(n));
    });
}

void cut(Tensor& value, const Target& target, bool renormalise)
{
    const Floats f = floatsOf(value, target);
    forEach(f.shape, target.selections, [&](Index i) { f.data[i] = 0; });
    if (!renormalise)
        return;
    const Index keys = f.shape[-1];
    std::vector<Selection> rows = target.selections;
    for (Selection& row : rows)
        row.back() = 0;
    forEach(f.shape, rows, [&](Index first) {
        float* row = f.data + first;
        const double sum = std::accumulate(row, row + keys, 0.0);
        for (Index j = 0; j < keys && sum > 0; ++j)
            row[j] = static_cast<float>(row[j] / sum);
    });
}

void patch(Tensor& value, const Target& target, const RecordPtr& record)
{
    if (!record || !record->value.defined())
        throw Error("edit '" + target.edit + "': the other trace did not record this signal");
    if (record->value.shape() != value.shape().tail())
        throw Error("edit '" + target.edit + "': expected shape " + value.shape().tail().text()
            + ", the other trace has " + record->value.shape().text());
    Tensor other = record->value.clone();
    const float* source = floatsOf(other, target).data;
    const Floats f = floatsOf(value, target);
    const Index sampleSize = f.shape.tail().count();
    forEach(f.shape, target.selections, [&](Index i) { f.data[i] = source[i % sampleSize]; });
}

}
