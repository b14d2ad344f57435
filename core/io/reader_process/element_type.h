// The element types of HDF5 as the reader process tells them to its parent. Numbers are not read here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_handle.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <string_view>

namespace fovea::io::reader {

struct ElementType {
    const char* name = "other"; ///< of a StoredType, "text" or "other"
    bool isPlain = false; ///< numbers that lie in the file as a little-endian machine has them
};

ElementType elementTypeOf(hid_t type);
/// The same type in little-endian order: what values are read as.
Hdf5Handle littleEndian(hid_t type);

/// Calls `each` for every text of a dataset (fixed or variable length, in pieces).
void forEachText(
    hid_t dataset, hid_t type, std::size_t count, const std::function<void(std::string_view)>& each);
/// The values of an attribute as a JSON list: numbers or texts; null for anything else.
nlohmann::json attributeValues(hid_t attribute, hid_t type, std::size_t count);

}
