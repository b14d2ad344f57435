// The element types a Tensor may hold. bf16 and f16 live in files only: see core/io.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <cstdint>
#include <string_view>

namespace fovea {

/// F32 is the engine's type; F64 serves labs, C64 (two f32) filters, integers ids and masks, U8 pictures.
enum class DType : std::uint8_t { F32, F64, C64, I32, I64, U8 };

constexpr std::size_t sizeOf(DType type)
{
    switch (type) {
    case DType::F32:
    case DType::I32:
        return 4;
    case DType::F64:
    case DType::C64:
    case DType::I64:
        return 8;
    case DType::U8:
        return 1;
    }
    return 0;
}

constexpr std::string_view nameOf(DType type)
{
    constexpr std::string_view names[] = {"f32", "f64", "c64", "i32", "i64", "u8"};
    return names[static_cast<std::size_t>(type)];
}

template <class T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
    static constexpr DType value = DType::F32;
};
template <>
struct DTypeOf<double> {
    static constexpr DType value = DType::F64;
};
template <>
struct DTypeOf<std::complex<float>> {
    static constexpr DType value = DType::C64;
};
template <>
struct DTypeOf<std::int32_t> {
    static constexpr DType value = DType::I32;
};
template <>
struct DTypeOf<std::int64_t> {
    static constexpr DType value = DType::I64;
};
template <>
struct DTypeOf<std::uint8_t> {
    static constexpr DType value = DType::U8;
};

}
