// One thing under study: weights, an input, edits, and what a run of them left. Plain data.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/recording.h"
#include "core/trace/edit.h"
#include "core/trace/trace.h"

#include <QString>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fovea {

/// Where an object of a class truly is.
struct PictureMask {
    std::string label; ///< of the class
    Tensor coverage; ///< u8 [y, x, 3] as opened, [y, x] as a model sees it; 255: wholly covered
};

/// An input as it was opened; each model prepares it in its own way.
struct InputData {
    std::string path;
    std::string hash; ///< SHA-256 of the file, hexadecimal
    Tensor picture; ///< u8 [y, x, 3]; undefined: `values` is used as it is
    Tensor values; ///< f32
    std::vector<PictureMask> masks = {}; ///< of the picture's size
};
using InputPtr = std::shared_ptr<const InputData>;

/// What a file turned out to hold; several at once for a session.
struct Document {
    std::string path;
    std::string hash; ///< SHA-256 of the file, hexadecimal; empty for weights that are in none
    Answers answers; ///< with which weights were opened
    WeightsPtr weights;
    std::vector<TensorReport> tensors; ///< what became of each tensor of a weights file
    std::string naming; ///< of a weights file: "fovea", or the name map that fitted
    InputPtr input;
    TracePtr trace;
    std::vector<QString> notes; ///< what a person should know of it
};

/// An input as a model gets it, and as the person sees it.
struct ModelInput {
    Tensor values; ///< f32 [1, ...]
    Tensor picture; ///< u8 [y, x, 3]: what the model sees; undefined: the input is no picture
    std::vector<PictureMask> masks = {};
    /// Of the class with that label; undefined: nobody knows.
    Tensor maskOf(const std::string& label) const;
    /// Of all objects of other classes, one over the other; undefined: there are none.
    Tensor othersThan(const std::string& label) const;
};

/// A picture as the weights' preprocessing wants it; a tensor as it is, a missing batch axis added. Throws
/// Error naming the file: the input's, or `model` where the preprocessing of its weights gives no input.
ModelInput prepareInput(const InputData& input, const Architecture& architecture, const Weights& weights,
    const std::string& model);

struct Slot {
    std::string modelPath; ///< of the weights or the trace
    std::string modelHash; ///< SHA-256 of that file, hexadecimal
    Answers answers; ///< with which it was opened
    WeightsPtr weights; ///< none: only a trace is open
    const Architecture* architecture = nullptr; ///< of the weights
    InputPtr input;
    ModelInput prepared;
    std::vector<Edit> edits;
    std::map<std::string, std::string> patches; ///< path and SHA-256 of the traces that `edited` took from
    TracePtr base; ///< without edits
    TracePtr edited; ///< with them; none while there are no edits
    std::vector<std::string> withoutEffect; ///< edits that changed no number
    const Lab* lab = nullptr; ///< that makes the steps of `base`; there are no weights then
    LabRunPtr run; ///< of the lab

    /// What is shown.
    const TracePtr& trace() const { return edited ? edited : base; }
    std::vector<SignalInfo> signalInfos() const
    {
        return architecture ? architecture->signalInfos(weights->config())
            : lab           ? lab->signalInfos(run->config)
                            : std::vector<SignalInfo>();
    }
};

}
