// What every relevance method is asked: a model, a run of it, and the class that is spoken of.
// It computes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea::analysis {

/// The architecture and the weights must outlive it.
struct RelevanceQuestion {
    const Architecture* architecture = nullptr;
    const Weights* weights = nullptr;
    TracePtr base; ///< a run with kept states; its input, sample and edits are those of the question
    int classIndex = 0; ///< of the output
    Tensor mask = {}; ///< u8 [y, x], 255 where the class's object is; undefined: nobody knows
    Tensor others = {}; ///< the same of objects of other classes; undefined: none is known
};

/// The class of a label or, where no label is called that, of a number; the most probable one when `name` is
/// empty. Throws UsageError.
FOVEA_API int classNamed(const std::string& name, const Weights& weights, const Tensor& logits);

/// "class 3 (Dress)", or "class 3" where labels are but numbers.
FOVEA_API std::string classText(int classIndex, const std::string& label);

/// Throws Error when the output has no such class or the run kept no states.
FOVEA_API void requireAnswerable(const RelevanceQuestion& question);

/// The Attention records `*.pattern` of the question's run in order, from its trace or, where that lacks
/// some, by running again. Throws Error when the model shows none, or shows them in several groups or of
/// other tokens than the layer before.
FOVEA_API std::vector<RecordPtr> patternsOf(
    const RelevanceQuestion& question, const ExecuteOptions& options = {});

/// The edits under which the question's run stands.
FOVEA_API std::vector<Edit> editsOf(const RelevanceQuestion& question);

/// The options of a further run of the question's input: its seed and sample, the pool, workspace, budget and
/// stop of `options`; no edits, nothing recorded.
FOVEA_API ExecuteOptions furtherRun(const RelevanceQuestion& question, const ExecuteOptions& options);

/// The tokens of the pictures' patches, special ones included, as the first block that knows tokens has them.
FOVEA_API LayoutPtr tokensOf(const RelevanceQuestion& question);
/// The patches alone.
FOVEA_API LayoutPtr patchesOf(const RelevanceQuestion& question);

/// The question's input alone, [1, ...].
FOVEA_API Tensor inputOf(const RelevanceQuestion& question);

}
