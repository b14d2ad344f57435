// The one way to weights in a file, whatever its format and naming.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights_file.h"

namespace fovea::io {

struct OpenOptions {
    /// What names and shapes cannot tell; may also correct what was found or what our own format says:
    /// another input size resizes the positions.
    Answers answers;
    std::string mapFile = {}; ///< a name map of the user's own, with its `architecture`; empty: those known
    StopToken stop = {};
};

/// What was made of a foreign file before all was said of it.
struct Recognition {
    std::string architecture; ///< id
    std::string naming; ///< the name map that fitted
    Schema questions; ///< the fields that names and shapes do not tell: keys of Answers
    std::vector<TensorReport> report;
};

/// A foreign file that leaves questions open. The message names each with its meaning.
class FOVEA_API OpenQuestions : public Error {
public:
    OpenQuestions(const std::string& file, const std::string& what, Recognition recognition)
        : Error(file, what)
        , found(std::move(recognition))
    {
    }
    Recognition found;
};

/// An answer that does not fit its field, or for a field that there is not. The message names the field.
class FOVEA_API AnswerError : public UsageError {
public:
    using UsageError::UsageError;
};

/// Our own format, dumps of a state_dict in HDF5 (flat or nested groups) and .safetensors. Throws Error
/// naming the file and the tensor, attribute or field; OpenQuestions when something has to be asked for.
FOVEA_API OpenedWeights openWeights(
    const std::string& path, const Registry& registry, const OpenOptions& options = {});
FOVEA_API OpenedWeights openWeights(
    const Hdf5File& file, const Registry& registry, const OpenOptions& options = {});

/// For a picture of `pixels` x `pixels`. "imagenet": ImageNet's mean and deviation, resized to 8/7 and
/// cropped, as the official evaluation of DeiT does; "half": mean and deviation 0.5, crop 0.9, as timm's
/// augreg models; "none": resized to the very size, values left in [0, 1]. Anything else is read as JSON.
FOVEA_API Preprocess foreignPreprocess(const std::string& answer, int pixels);

}
