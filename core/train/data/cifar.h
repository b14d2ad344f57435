// CIFAR-10 in its binary version (Krizhevsky 2009): batches of 1 label and 3 x 32 x 32 bytes a picture.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>

namespace fovea::train::data {

/// One batch; throws Error naming the file: not a whole number of records, none, a label above 9.
FOVEA_API LabelledPictures readCifarBatch(const std::string& path, const StopToken& stop);

/// True when the folder holds data_batch_1.bin.
bool holdsCifar(const std::filesystem::path& folder);
/// data_batch_1.bin, data_batch_2.bin, ... and test_batch.bin; without the latter the pictures are split.
DataSetPtr openCifar(
    const std::filesystem::path& folder, const Config& config, const OpenDataOptions& options);

}
