// NumPy's .npy: one array in a file. Archives (.npz), objects and records are refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/stored_tensor.h"

namespace fovea::io {

/// What the header of a .npy file says. `name` of the tensor is empty.
struct NpyHeader {
    StoredTensor tensor;
    std::uint64_t dataOffset = 0;
};

/// Throws Error naming the file when the header is malformed, of an unknown type, in Fortran order or big
/// endian, or when the file is not exactly as long as the header says.
FOVEA_API NpyHeader readNpyHeader(const std::string& path);
/// f2 (becomes f32), f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1, c8.
FOVEA_API Tensor readNpy(const std::string& path);
/// Version 1.0, C order, atomically.
FOVEA_API void writeNpy(const std::string& path, const Tensor& tensor);

}
