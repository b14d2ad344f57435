// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace fovea {

Tensor::Tensor(const Shape& shape, DType type)
    : Tensor(Storage::ofSize(static_cast<std::size_t>(shape.count()) * sizeOf(type)), shape, type)
{
}

Tensor Tensor::zeros(const Shape& shape, DType type)
{
    Tensor t(shape, type);
    std::memset(t.address(), 0, t.byteSize());
    return t;
}

Tensor Tensor::full(const Shape& shape, float value)
{
    Tensor t(shape);
    std::ranges::fill(t.writable(), value);
    return t;
}

Tensor Tensor::reshaped(const Shape& shape) const
{
    assert(shape.count() == count());
    Tensor t = *this;
    t.shape_ = shape;
    return t;
}

Tensor Tensor::rows(Index begin, Index end) const
{
    assert(rank() > 0 && begin >= 0 && begin <= end && end <= dim(0));
    const Index rowCount = shape_.tail().count();
    Tensor t = *this;
    t.offset_ += static_cast<std::size_t>(begin * rowCount) * sizeOf(type_);
    t.shape_[0] = end - begin;
    return t;
}

Tensor Tensor::window(std::size_t bytes, const Shape& shape, DType type) const
{
    Tensor t = *this;
    t.offset_ += bytes;
    t.shape_ = shape;
    t.type_ = type;
    assert(t.offset_ + t.byteSize() <= storage_.capacity());
    return t;
}

Tensor Tensor::clone() const
{
    Tensor t(shape_, type_);
    std::memcpy(t.address(), address(), byteSize());
    return t;
}

namespace {

template <class T>
std::vector<double> widened(std::span<const T> values)
{
    return {values.begin(), values.end()};
}

/// By the bits of the exponent, and in blocks without a branch: as fast as memory is read.
template <class T>
bool finite(std::span<const T> values)
{
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    constexpr Bits exponent = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
    constexpr std::size_t block = 1024;
    for (std::size_t begin = 0; begin < values.size(); begin += block) {
        Bits largest = 0;
        for (const T v : values.subspan(begin, std::min(block, values.size() - begin)))
            largest = std::max(largest, std::bit_cast<Bits>(v) & exponent);
        if (largest == exponent)
            return false;
    }
    return true;
}

}

std::vector<double> Tensor::toDoubles() const
{
    switch (type_) {
    case DType::F32:
        return widened(values<float>());
    case DType::F64:
        return widened(values<double>());
    case DType::I32:
        return widened(values<std::int32_t>());
    case DType::I64:
        return widened(values<std::int64_t>());
    case DType::U8:
        return widened(values<std::uint8_t>());
    case DType::C64: {
        std::vector<double> real;
        real.reserve(static_cast<std::size_t>(count()));
        for (const auto& z : values<std::complex<float>>())
            real.push_back(z.real());
        return real;
    }
    }
    return {};
}

bool Tensor::identical(const Tensor& other) const
{
    return type_ == other.type_ && shape_ == other.shape_ && defined() == other.defined()
        && (!defined() || std::memcmp(address(), other.address(), byteSize()) == 0);
}

bool allFinite(const Tensor& t)
{
    switch (t.dtype()) {
    case DType::F32:
        return finite(t.values<float>());
    case DType::F64:
        return finite(t.values<double>());
    case DType::C64:
        return finite(
            std::span(static_cast<const float*>(t.bytes()), 2 * static_cast<std::size_t>(t.count())));
    default:
        return true;
    }
}

}
