// The .safetensors format: a JSON header and the bytes of the tensors. Reading only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/input_file.h"
#include "core/io/stored_tensor.h"

#include <map>
#include <memory>

namespace fovea::io {

/// Everything in the header is checked against the file's size when it is opened: header length, types,
/// shapes, offsets (inside the file, no overlap, as long as the shape says), names (UTF-8, unique).
/// Errors name the file and the tensor.
class FOVEA_API SafetensorsFile {
public:
    explicit SafetensorsFile(std::shared_ptr<const InputFile> file);
    explicit SafetensorsFile(const std::string& path);

    /// In the order of their bytes.
    const std::vector<StoredTensor>& tensors() const { return tensors_; }
    const std::map<std::string, std::string>& metadata() const { return metadata_; }
    const InputFile& file() const { return *file_; }
    /// The tensor at a position of tensors().
    Tensor read(std::size_t position) const;

private:
    std::shared_ptr<const InputFile> file_;
    std::vector<StoredTensor> tensors_;
    std::vector<std::uint64_t> offsets_; // from the file's beginning
    std::map<std::string, std::string> metadata_;
};

/// True when the first bytes could begin a .safetensors file.
FOVEA_API bool looksLikeSafetensors(const InputFile& file);

}
