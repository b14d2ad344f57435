// The element types that files know, and the way from a file's bytes to a Tensor and back. Where the bytes
// lie is for the formats to say.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fovea::io {

/// Little endian, all of them. C64 is two f32.
enum class StoredType : std::uint8_t { F16, BF16, F32, F64, C64, I8, I16, I32, I64, U8, U16, U32, U64, Bool };

FOVEA_API std::size_t sizeOf(StoredType type);
/// "f16", "bf16", ..., "bool"
FOVEA_API std::string_view nameOf(StoredType type);
FOVEA_API std::optional<StoredType> storedTypeNamed(std::string_view name);
FOVEA_API bool isFloating(StoredType type);
/// How a tensor's own type is stored without loss.
FOVEA_API StoredType storedTypeOf(DType type);

/// One tensor of a file, seen from outside.
struct StoredTensor {
    std::string name;
    StoredType type = StoredType::F32;
    Shape shape;
};

/// A shape from a file's numbers. Throws Error (without the file's name) when there are more than
/// Shape::maxRank extents, or when the bytes do not fit in 63 bits. Takes no memory.
FOVEA_API Shape checkedShape(std::span<const std::uint64_t> extents, StoredType type);
FOVEA_API std::uint64_t byteCount(const StoredTensor& tensor);

/// Gives the next bytes of a tensor, in order.
using ByteSource = std::function<void(void* into, std::size_t bytes)>;
/// A Tensor from a file's bytes. 16-bit floats become f32; small integers i32 or u8, large ones i64. Throws
/// Error when a u64 does not fit in an i64, and whatever `source` throws.
FOVEA_API Tensor decode(StoredType type, const Shape& shape, const ByteSource& source);
/// An f32 or f64 tensor as f32; any other type is an Error.
FOVEA_API Tensor asF32(const Tensor& tensor);
/// The bytes of an f32 tensor as F16 or BF16 (rounded), or any tensor's own bytes. Throws Error (without the
/// file's name) where a finite number would become infinity.
FOVEA_API std::vector<std::byte> encode(const Tensor& tensor, StoredType type);

}
