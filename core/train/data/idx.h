// IDX, the format of MNIST and Fashion-MNIST (LeCun, Cortes and Burges), plain or gzipped.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>

namespace fovea::train::data {

/// u8 of `rank` axes. Throws Error naming the file: wrong magic, another type or rank, a file that ends too
/// early or goes on.
FOVEA_API Tensor readIdx(const std::string& path, int rank, const StopToken& stop);

/// True when the folder holds pictures under the names that MNIST has.
bool holdsIdx(const std::filesystem::path& folder);
/// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-..., each with or without .gz; with one pair
/// alone the pictures are split. labels.txt, when there, names the classes, one a line.
DataSetPtr openIdx(const std::filesystem::path& folder, const Config& config, const OpenDataOptions& options);

}
