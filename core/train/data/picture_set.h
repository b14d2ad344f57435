// Pictures that lie in memory, with their labels: what every reader of pictures hands on. It reads no files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data_set.h"

namespace fovea::train::data {

/// The pictures of one split, and where they came from (for messages).
struct LabelledPictures {
    Tensor pictures; ///< u8 [N, channels, height, width]
    std::vector<Index> labels; ///< [N]
    std::string place, labelPlace; ///< of each: "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
    Index leftOut = 0; ///< files beside them that are no pictures
};

/// A share of the pictures, drawn by a seed, becomes the test split; nothing is held twice.
struct SeededSplit {
    double test = 0.1;
    std::uint64_t seed = 0;
};

/// Names for classes that have none: "0", "1", ...
std::vector<std::string> numberedLabels(Index classes);
/// The largest label plus one, 0 when there are no labels.
Index classesIn(const std::vector<Index>& labels);

/// A set with a test split of its own. Throws Error when a label is out of the range of `labels`, the shapes
/// differ, a class has no training picture or a split is empty.
DataSetPtr makePictureSet(
    std::string name, std::vector<std::string> labels, LabelledPictures train, LabelledPictures test);
/// The same for pictures that have to be split first.
DataSetPtr makePictureSet(
    std::string name, std::vector<std::string> labels, LabelledPictures all, const SeededSplit& split);

}
