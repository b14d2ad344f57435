// What an HDF5 file holds, found with libhdf5. Runs in the reader process only: the file may kill it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fovea::io::reader {

/// {"objects": [{"path": "parameters", "attributes": {...}}, {"path": "parameters/w", "type": "f32",
/// "shape": [3, 4], "offset": 2048, "attributes": {...}}, ...]}, groups before what is in
/// them, the root as "". `type` is a StoredType, "text" or "other"; `offset` is there when the bytes lie in
/// the file as they are, `missing_filter` when the values cannot be read for want of that filter. Throws
/// std::runtime_error.
nlohmann::json outline(const std::string& path);

using Sink = std::function<void(const void* bytes, std::size_t count)>;
/// The values of the objects at these positions of the outline, one after the other: little-endian numbers,
/// row-major; of texts each as a 32-bit length and its bytes.
void dump(const std::string& path, std::span<const std::size_t> positions, const Sink& sink);

}
