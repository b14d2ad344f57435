// Pictures in HDF5: `images` u8 [N, channels, height, width] and `labels`, integers [N]. Parsed by the reader
// process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>

namespace fovea::train::data {

bool isHdf5(const std::filesystem::path& path);
/// Also read where they are there: `test_images`, `test_labels` (else the pictures are split), and
/// `label_names`, texts. Throws Error naming the dataset: missing, of another type or rank, counts that
/// differ.
DataSetPtr openHdf5Pictures(
    const std::filesystem::path& path, const Config& config, const OpenDataOptions& options);

}
