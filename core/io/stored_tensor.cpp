// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_tensor.h"

#include "core/io/half.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace fovea::io {

namespace {

struct Row {
    std::string_view name;
    std::size_t size;
    DType tensorType;
};

constexpr std::array<Row, 14> table{{
    {"f16", 2, DType::F32},
    {"bf16", 2, DType::F32},
    {"f32", 4, DType::F32},
    {"f64", 8, DType::F64},
    {"c64", 8, DType::C64},
    {"i8", 1, DType::I32},
    {"i16", 2, DType::I32},
    {"i32", 4, DType::I32},
    {"i64", 8, DType::I64},
    {"u8", 1, DType::U8},
    {"u16", 2, DType::I32},
    {"u32", 4, DType::I64},
    {"u64", 8, DType::I64},
    {"bool", 1, DType::U8},
}};

const Row& rowOf(StoredType type) { return table[static_cast<std::size_t>(type)]; }

/// Reads in pieces, so that a conversion needs little memory besides the result.
template <class From, class To, class Convert>
void convertAll(Tensor& tensor, const ByteSource& source, Convert convert)
{
    constexpr std::size_t pieceLength = 16384;
    std::vector<From> piece(pieceLength);
    const auto out = tensor.writable<To>();
    for (std::size_t done = 0; done < out.size();) {
        const std::size_t n = std::min(pieceLength, out.size() - done);
        source(piece.data(), n * sizeof(From));
        for (std::size_t i = 0; i < n; ++i)
            out[done + i] = convert(piece[i]);
        done += n;
    }
}

template <class From, class To>
void widen(Tensor& tensor, const ByteSource& source)
{
    convertAll<From, To>(tensor, source, [](From v) { return static_cast<To>(v); });
}

std::int64_t signedOf(std::uint64_t value)
{
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw Error("the number " + std::to_string(value) + " does not fit in 63 bits");
    return static_cast<std::int64_t>(value);
}

/// A finite number must stay one: rounded, it would come back as infinity.
void requireHeld(float value, float rounded, StoredType type)
{
    const double most = type == StoredType::F16 ? fromF16(0x7BFF) : fromBf16(0x7F7F);
    if (std::isinf(rounded) && std::isfinite(value)) {
        char text[120];
        std::snprintf(text, sizeof text, "expected numbers that %s can hold, from -%g to %g, found %.9g",
            type == StoredType::F16 ? "f16" : "bf16", most, most, double{value});
        throw Error(text);
    }
}

}

std::size_t sizeOf(StoredType type) { return rowOf(type).size; }
std::string_view nameOf(StoredType type) { return rowOf(type).name; }
bool isFloating(StoredType type) { return type <= StoredType::F64; }

std::optional<StoredType> storedTypeNamed(std::string_view name)
{
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].name == name)
            return static_cast<StoredType>(i);
    return std::nullopt;
}

StoredType storedTypeOf(DType type)
{
    constexpr StoredType types[] = {
        StoredType::F32, StoredType::F64, StoredType::C64, StoredType::I32, StoredType::I64, StoredType::U8};
    return types[static_cast<std::size_t>(type)];
}

Shape checkedShape(std::span<const std::uint64_t> extents, StoredType type)
{
    if (extents.size() > Shape::maxRank)
        throw Error("expected at most " + std::to_string(Shape::maxRank) + " axes, found "
            + std::to_string(extents.size()));
    std::array<std::uint64_t, Shape::maxRank + 1> all{};
    std::ranges::copy(extents, all.begin());
    all[extents.size()] = sizeOf(type); // the bytes must fit as well as the elements
    checkedCount(std::span(all).first(extents.size() + 1));
    std::array<Index, Shape::maxRank> signedExtents{};
    std::ranges::transform(
        extents, signedExtents.begin(), [](std::uint64_t e) { return static_cast<Index>(e); });
    return Shape(std::span<const Index>(signedExtents).first(extents.size()));
}

std::uint64_t byteCount(const StoredTensor& tensor)
{
    return static_cast<std::uint64_t>(tensor.shape.count()) * sizeOf(tensor.type);
}

Tensor decode(StoredType type, const Shape& shape, const ByteSource& source)
{
    Tensor tensor(shape, rowOf(type).tensorType);
    switch (type) {
    case StoredType::F16:
        convertAll<std::uint16_t, float>(tensor, source, fromF16);
        break;
    case StoredType::BF16:
        convertAll<std::uint16_t, float>(tensor, source, fromBf16);
        break;
    case StoredType::I8:
        widen<std::int8_t, std::int32_t>(tensor, source);
        break;
    case StoredType::I16:
        widen<std::int16_t, std::int32_t>(tensor, source);
        break;
    case StoredType::U16:
        widen<std::uint16_t, std::int32_t>(tensor, source);
        break;
    case StoredType::U32:
        widen<std::uint32_t, std::int64_t>(tensor, source);
        break;
    case StoredType::U64:
        convertAll<std::uint64_t, std::int64_t>(tensor, source, signedOf);
        break;
    default:
        if (tensor.byteSize() > 0)
            source(const_cast<void*>(tensor.bytes()), tensor.byteSize());
    }
    return tensor;
}

Tensor asF32(const Tensor& tensor)
{
    if (tensor.dtype() == DType::F32)
        return tensor;
    if (tensor.dtype() != DType::F64)
        throw Error("expected floating-point numbers, found " + std::string(nameOf(tensor.dtype())));
    Tensor narrowed(tensor.shape());
    std::ranges::transform(
        tensor.values<double>(), narrowed.writable().begin(), [](double v) { return static_cast<float>(v); });
    return narrowed;
}

std::vector<std::byte> encode(const Tensor& tensor, StoredType type)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(tensor.count()) * sizeOf(type));
    if (type == StoredType::F16 || type == StoredType::BF16) {
        const auto values = tensor.values<float>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            const bool isHalf = type == StoredType::F16;
            const std::uint16_t bits = isHalf ? toF16(values[i]) : toBf16(values[i]);
            requireHeld(values[i], isHalf ? fromF16(bits) : fromBf16(bits), type);
            std::memcpy(bytes.data() + 2 * i, &bits, 2);
        }
    } else {
        assert(type == storedTypeOf(tensor.dtype()));
        if (!bytes.empty())
            std::memcpy(bytes.data(), tensor.bytes(), bytes.size());
    }
    return bytes;
}

}
