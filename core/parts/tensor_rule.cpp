// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/tensor_rule.h"

#include "core/tensor/error.h"

#include <cmath>
#include <cstring>

namespace fovea::parts {

/// A rule for given shapes: join to `joined`, view as `viewed`, permute by `order`, view as `result`.
struct TensorRule::Steps {
    Shape joined, viewed;
    std::vector<int> order;
    Shape result;
};

namespace {

Shape joinedShape(const std::vector<Shape>& sources)
{
    Shape joined = sources.front();
    for (std::size_t i = 1; i < sources.size(); ++i) {
        if (joined.rank() == 0 || sources[i].rank() != joined.rank() || sources[i].tail() != joined.tail())
            throw Error("the parts " + joined.text() + " and " + sources[i].text() + " cannot be joined");
        joined[0] += sources[i][0];
    }
    return joined;
}

/// [C, n] as [C, y, x, c] or [C, c, y, x], for square patches of one or three channels; [n] as [1, n].
Shape patchShape(const Shape& flat, const std::string& order)
{
    const Index rows = flat.rank() == 2 ? flat[0] : 1, values = flat.rank() == 0 ? 0 : flat[-1];
    for (const Index channels : {1, 3}) {
        const Index n = flat.rank() <= 2 ? values / channels : 0;
        const auto side = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(n))));
        if (n > 0 && side * side * channels == values)
            return order == "yxc" ? Shape{rows, side, side, channels} : Shape{rows, channels, side, side};
    }
    throw Error("the matrix " + flat.text() + " is not on square patches of one or three channels");
}

Shape permuted(const Shape& shape, const std::vector<int>& order)
{
    Shape result = shape;
    if (static_cast<int>(order.size()) != shape.rank())
        throw Error("expected " + std::to_string(order.size()) + " axes, found " + shape.text());
    for (int i = 0; i < shape.rank(); ++i)
        result[i] = shape[order[static_cast<std::size_t>(i)]];
    return result;
}

Shape reshaped(const Shape& shape, const std::vector<Extent>& extents)
{
    std::vector<Index> all;
    for (const Extent& extent : extents) {
        if (extent.axis && (*extent.axis >= shape.rank() || *extent.axis < -shape.rank()))
            throw Error("there is no extent $" + std::to_string(*extent.axis) + " in " + shape.text());
        all.push_back(extent.axis ? shape[*extent.axis] : extent.number);
    }
    const Shape result(all);
    if (checkedCount(std::vector<std::uint64_t>(all.begin(), all.end())) != shape.count())
        throw Error(shape.text() + " cannot be reshaped to " + result.text());
    return result;
}

Tensor joined(const std::vector<Tensor>& sources, const Shape& shape)
{
    if (sources.size() == 1)
        return sources.front();
    Tensor all(shape, sources.front().dtype());
    auto* to = static_cast<std::byte*>(const_cast<void*>(all.bytes()));
    for (const Tensor& source : sources) {
        if (source.dtype() != all.dtype())
            throw Error("the parts are of different types");
        std::memcpy(to, source.bytes(), source.byteSize());
        to += source.byteSize();
    }
    return all;
}

/// Copies element by element in the order of the result.
Tensor permuted(const Tensor& source, const std::vector<int>& order)
{
    const Shape shape = permuted(source.shape(), order);
    Tensor result(shape, source.dtype());
    std::vector<Index> stride(order.size(), 1), step(order.size()), at(order.size(), 0);
    for (int i = source.rank() - 2; i >= 0; --i)
        stride[static_cast<std::size_t>(i)] = stride[static_cast<std::size_t>(i) + 1] * source.dim(i + 1);
    for (std::size_t i = 0; i < order.size(); ++i)
        step[i] = stride[static_cast<std::size_t>(order[i])];
    const std::size_t size = sizeOf(source.dtype());
    const auto* from = static_cast<const std::byte*>(source.bytes());
    auto* to = static_cast<std::byte*>(const_cast<void*>(result.bytes()));
    Index position = 0;
    for (Index n = 0; n < result.count(); ++n) {
        std::memcpy(
            to + static_cast<std::size_t>(n) * size, from + static_cast<std::size_t>(position) * size, size);
        for (int axis = shape.rank() - 1; axis >= 0; --axis) { // the odometer of the result's indices
            const auto a = static_cast<std::size_t>(axis);
            position += step[a];
            if (++at[a] < shape[axis])
                break;
            position -= step[a] * shape[axis];
            at[a] = 0;
        }
    }
    return result;
}

}

TensorRule::Steps TensorRule::stepsFor(const std::vector<Shape>& sources) const
{
    Steps steps{joinedShape(sources), {}, permute, {}};
    steps.viewed = steps.joined;
    if (!patches.empty()) {
        steps.viewed = patchShape(steps.joined, patches);
        if (patches == "yxc")
            steps.order = {0, 3, 1, 2};
    } else if (!reshape.empty()) {
        steps.viewed = reshaped(steps.joined, reshape);
    }
    steps.result = steps.order.empty() ? steps.viewed : permuted(steps.viewed, steps.order);
    if (!patches.empty() && steps.joined.rank() == 1)
        steps.result = steps.joined;
    return steps;
}

Shape TensorRule::shapeFor(const std::vector<Shape>& sources) const { return stepsFor(sources).result; }

Tensor TensorRule::apply(const std::vector<Tensor>& sources) const
{
    std::vector<Shape> shapes;
    for (const Tensor& source : sources)
        shapes.push_back(source.shape());
    if (constant)
        return Tensor::full(shapeFor(shapes), *constant);
    const Steps steps = stepsFor(shapes);
    const Tensor viewed = joined(sources, steps.joined).reshaped(steps.viewed);
    return (steps.order.empty() ? viewed : permuted(viewed, steps.order)).reshaped(steps.result);
}

}
