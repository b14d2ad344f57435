// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_series.h"

#include "core/io/naming.h"

#include <algorithm>
#include <cstring>

namespace fovea::io {

namespace {

constexpr Index shapeColumns = 1 + Shape::maxRank;

bool isDense(const std::vector<Tensor>& tensors)
{
    return !tensors.empty() && std::ranges::all_of(tensors, [&](const Tensor& t) {
        return t.defined() && t.shape() == tensors.front().shape() && t.rank() < Shape::maxRank;
    });
}

Shape withSteps(Index steps, const Shape& shape)
{
    std::vector<Index> extents{steps};
    extents.insert(extents.end(), shape.extents().begin(), shape.extents().end());
    return Shape(extents);
}

/// The type that all defined tensors share.
DType commonType(const SeriesPlace& place, const std::vector<Tensor>& tensors)
{
    std::optional<DType> type;
    for (const Tensor& tensor : tensors)
        if (tensor.defined() && type.value_or(tensor.dtype()) != tensor.dtype())
            throw Error("dataset '" + place.values + "': the steps are of different types");
        else if (tensor.defined())
            type = tensor.dtype();
    return type.value_or(DType::F32);
}

Tensor concatenated(const std::vector<Tensor>& tensors, const Shape& shape, DType type)
{
    Tensor all(shape, type);
    auto* to = static_cast<std::byte*>(const_cast<void*>(all.bytes()));
    for (const Tensor& tensor : tensors)
        if (tensor.defined() && tensor.byteSize() > 0) {
            std::memcpy(to, tensor.bytes(), tensor.byteSize());
            to += tensor.byteSize();
        }
    return all;
}

void writeRagged(Hdf5Writer& writer, const SeriesPlace& place, const std::vector<Tensor>& tensors)
{
    const auto steps = static_cast<Index>(tensors.size());
    Tensor offsets = Tensor::zeros({steps + 1}, DType::I64),
           shapes = Tensor::zeros({steps, shapeColumns}, DType::I64);
    const auto offset = offsets.writable<std::int64_t>(), row = shapes.writable<std::int64_t>();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const Tensor& tensor = tensors[i];
        const auto columns = row.subspan(i * shapeColumns, shapeColumns);
        columns[0] = tensor.defined() ? tensor.rank() : -1;
        std::ranges::copy(tensor.shape().extents(), columns.begin() + 1);
        offset[i + 1] = offset[i] + (tensor.defined() ? tensor.count() : 0);
    }
    writer.write(place.values, concatenated(tensors, {offset.back()}, commonType(place, tensors)));
    writer.write(place.companions + ".offsets", offsets);
    writer.write(place.companions + ".shapes", shapes);
}

/// One tensor of a concatenation, by its row of `shapes`.
Tensor cut(const Tensor& values, Index begin, Index end, std::span<const std::int64_t> row)
{
    const std::int64_t rank = row[0];
    if (begin < 0 || end < begin || end > values.count() || rank < -1 || rank > Shape::maxRank)
        throw Error("offsets or shapes are out of range");
    const auto extents = row.subspan(1, static_cast<std::size_t>(std::max<std::int64_t>(rank, 0)));
    const std::vector<std::uint64_t> unsignedExtents(extents.begin(), extents.end());
    const Shape shape = checkedShape(unsignedExtents, StoredType::F64);
    if (end - begin != (rank < 0 ? 0 : shape.count()))
        throw Error("offsets and shapes contradict each other");
    return rank < 0 ? Tensor() : values.rows(begin, end).reshaped(shape);
}

std::vector<Tensor> readRagged(
    const Hdf5File& file, const SeriesPlace& place, const Tensor& values, std::size_t count)
{
    const Tensor offsets = file.read(file.numbers(place.companions + ".offsets"));
    const Tensor shapes = file.read(file.numbers(place.companions + ".shapes"));
    const auto steps = static_cast<Index>(count);
    if (values.rank() != 1 || offsets.dtype() != DType::I64 || offsets.shape() != Shape{steps + 1}
        || shapes.dtype() != DType::I64 || shapes.shape() != Shape{steps, shapeColumns})
        throw Error("offsets or shapes are not for " + std::to_string(count) + " steps");
    const auto offset = offsets.values<std::int64_t>();
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < count; ++i)
        tensors.push_back(cut(values, offset[i], offset[i + 1],
            shapes.values<std::int64_t>().subspan(i * shapeColumns, shapeColumns)));
    return tensors;
}

}

void writeSeries(Hdf5Writer& writer, const SeriesPlace& place, const std::vector<Tensor>& tensors)
{
    if (!isDense(tensors))
        return writeRagged(writer, place, tensors);
    const Shape shape = withSteps(static_cast<Index>(tensors.size()), tensors.front().shape());
    const DType type = commonType(place, tensors);
    writer.write(place.values,
        tensors.size() == 1 ? tensors.front().reshaped(shape) : concatenated(tensors, shape, type));
}

void writeOptionalSeries(Hdf5Writer& writer, const SeriesPlace& place, const std::vector<Tensor>& tensors)
{
    if (std::ranges::any_of(tensors, [](const Tensor& t) { return t.defined(); }))
        writeSeries(writer, place, tensors);
}

std::vector<Tensor> readSeries(const Hdf5File& file, const SeriesPlace& place, std::size_t count)
{
    if (!file.find(place.values))
        return std::vector<Tensor>(count);
    const Tensor values = file.read(file.numbers(place.values));
    return naming(file.file().path(), "dataset '" + place.values + "'", [&] {
        if (file.find(place.companions + ".offsets"))
            return readRagged(file, place, values, count);
        if (values.rank() < 1 || values.dim(0) != static_cast<Index>(count))
            throw Error("expected " + std::to_string(count) + " steps, found " + values.shape().text());
        std::vector<Tensor> tensors;
        for (std::size_t i = 0; i < count; ++i)
            tensors.push_back(values.at(static_cast<Index>(i)));
        return tensors;
    });
}

}
