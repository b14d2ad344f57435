// A folder with one folder of pictures per class. The pictures are decoded by who opens it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>

namespace fovea::train::data {

/// Fields size (0: as they are), test, seed.
Schema pictureFolderSchema();
bool isFolder(const std::filesystem::path& path);
/// <folder>/<class>/<picture>, or <folder>/train/<class>/... and <folder>/test/<class>/... (or val for test);
/// classes in the order of their names; files that are no pictures by their names' endings are left out. With
/// the field size the short side is resized and the centre cut out; without it all pictures must have one
/// size. Throws Error for a picture that cannot be decoded or differs, an empty class or folder.
DataSetPtr openPictureFolder(
    const std::filesystem::path& folder, const Config& config, const OpenDataOptions& options);

}
