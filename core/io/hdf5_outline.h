// What an HDF5 file holds, as the reader process told it and after every claim was checked. No numbers:
// Hdf5File reads those.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/stored_tensor.h"

#include <map>
#include <variant>

namespace fovea::io {

/// An attribute. One of a kind that nobody asks for (or an unreadable one) is std::monostate.
using Hdf5Value = std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::int64_t>,
    std::vector<double>, std::vector<std::string>>;

/// A group or a dataset.
struct Hdf5Object {
    enum class Content { Group, Numbers, Texts, Other };

    std::string path; ///< "parameters/blocks.0.norm1.weight"; the root is ""
    Content content = Content::Group;
    StoredType type = StoredType::F32; ///< of Numbers
    Shape shape;
    std::optional<std::uint64_t> offset; ///< where the bytes lie in the file as they are
    std::string missingFilter; ///< what the values are compressed with, when libhdf5 does not have it
    std::map<std::string, Hdf5Value, std::less<>> attributes;
    std::size_t position = 0; ///< in the outline; how the reader process is asked for it
};

/// Groups come before what is in them. Each dataset with an offset lies inside a file of `fileBytes` bytes,
/// and all together claim no more than such a file can reasonably hold. Throws Error for anything else.
FOVEA_API std::vector<Hdf5Object> parseHdf5Outline(const std::string& json, std::uint64_t fileBytes);

}
