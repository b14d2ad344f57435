// What a file is, told by its content and never by its name. It judges nothing: that is for who opens the
// file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/stored_tensor.h"

#include <utility>

namespace fovea::io {

class Hdf5File;

/// Checkpoint: tensors of another project (HDF5 or .safetensors). Input: a tensor to be used as it is.
enum class FileKind { Weights, Trace, Session, Checkpoint, Input, Unknown };

struct FileOutline {
    FileKind kind = FileKind::Unknown;
    std::string format; ///< "HDF5", "safetensors", "npy", "JSON"; empty when unknown
    std::uint64_t bytes = 0;
    std::vector<std::pair<std::string, std::string>>
        facts; ///< "architecture" -> "vit", "config" -> JSON, ...
    std::vector<StoredTensor> tensors; ///< parameters, records (with a step axis) or whatever there is
};

/// Reads no values. A file that is none of ours is Unknown; one that is damaged or cannot be read is an
/// Error.
FOVEA_API FileOutline describe(const std::string& path);
/// "weights", "trace", ...
FOVEA_API std::string_view nameOf(FileKind kind);

/// The tensor of a .npy file or of the dataset `input` of an HDF5 file, as f32. Throws Error naming the file.
FOVEA_API Tensor readInput(const std::string& path);
/// The dataset `input` of a file that is open.
FOVEA_API Tensor readInput(const Hdf5File& file);

}
