// The one way to weights in a file, whatever its format and naming. Traces and inputs are not its business.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights_file.h"

namespace fovea::io {

struct OpenOptions {
    /// What names and shapes cannot tell; may also correct what was found or what our own format says:
    /// another input size resizes the positions.
    Answers answers;
    /// A name map of the user's own, with its `architecture`; empty: those known. Our own format takes none.
    std::string mapFile = {};
    StopToken stop = {};
};

/// A foreign file that leaves questions open: keys of Answers. The message names each with its meaning.
class FOVEA_API OpenQuestions : public NotOpened {
public:
    using NotOpened::NotOpened;
};

/// Our own format, dumps of a state_dict in HDF5 (flat or nested groups) and .safetensors; hashed while it is
/// read. Throws Error naming the file and the tensor, attribute or field; NotOpened with what became of each
/// tensor, OpenQuestions when something has to be asked for; AnswerError when one is wrong whatever the file.
FOVEA_API OpenedWeights openWeights(
    const std::string& path, const Registry& registry, const OpenOptions& options = {});
/// Of a file that is open; leaves the hash empty, for withHash().
FOVEA_API OpenedWeights openWeights(
    const Hdf5File& file, const Registry& registry, const OpenOptions& options = {});

/// The same weights, as those of a file with that hash. What was derived from them is not kept.
FOVEA_API WeightsPtr withHash(const Weights& weights, std::string hash);

/// For a picture of `pixels` x `pixels`. "imagenet": ImageNet's mean and deviation, resized to 8/7 and
/// cropped, as the official evaluation of DeiT does; "half": mean and deviation 0.5, crop 0.9, as timm's
/// augreg models; "none": resized to the very size, values left in [0, 1]. Anything else is read as JSON.
FOVEA_API Preprocess foreignPreprocess(const std::string& answer, int pixels);

}
