// What a model answers when it is not given some of the patches: out of the sequence, or painted over.
// An intervention; it ranks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_question.h"

#include <functional>
#include <span>
#include <string>

namespace fovea::analysis {

/// How a patch is taken away: its token out of the sequence after the embedding; or its pixels become the
/// picture's mean colour, the picture blurred (Gaussian, sigma a twentieth of the longer side), or 0 as
/// prepared (under the usual normalisation the mean colour of the training pictures).
enum class Removal { Sequence, Mean, Blur, Zero };
/// Throws Error for any other name than "sequence", "mean", "blur" and "zero".
FOVEA_API Removal removalOf(const std::string& name);
FOVEA_API std::string removalName(Removal removal);
/// "taken from the sequence", "set to the mean colour", ... for captions
FOVEA_API std::string removalText(Removal removal);

/// What stands where patches of a picture [1, C, H, W] were: the whole of it painted over, of that shape. Not
/// for Removal::Sequence.
FOVEA_API Tensor paintedOver(const Tensor& picture, Removal removal);

/// Answers for many sets of patches; sets of equal size run as one batch, equal sets once. A sequence is
/// really shortened: blocks run on the tokens that are left, with the positions that the embedding gave them.
/// For plain attention blocks that is the same as no query being able to look at the others (edit
/// `blocks.*.attn.scores.*.*.T=mask`); it is refused where blocks other than the last show no attention of
/// one group, or tokens change between blocks.
class FOVEA_API PatchRemover {
public:
    /// Throws Error where patches cannot be removed that way.
    PatchRemover(const RelevanceQuestion& question, Removal removal, const ExecuteOptions& options);

    Removal removal() const { return removal_; }
    /// The patches alone; what the sets below count.
    const LayoutPtr& patches() const { return patches_; }
    int patchCount() const { return patches_->tokens(); }

    /// Logits [set, class]. Each set lists the patches that stay in order, at least one. `progress` is told
    /// the share done; throws Cancelled.
    Tensor answers(
        const std::vector<std::vector<int>>& kept, const std::function<void(double)>& progress = {}) const;

private:
    Tensor runShortened(const std::vector<std::vector<int>>& kept, std::span<const std::size_t> sets) const;
    Tensor painted(const std::vector<std::vector<int>>& kept, std::span<const std::size_t> sets) const;
    Tensor forward(const Tensor& input, const Replay& replay) const;
    void requireSequence();

    RelevanceQuestion question_;
    Removal removal_;
    ExecuteOptions options_;
    LayoutPtr patches_;
    std::size_t first_ = 0; ///< index of the block before which tokens are taken out
    State full_; ///< the state there, of the watched sample alone
    Tensor fill_; ///< [1, C, H, W]: what stands where a patch was
};

/// What the class's logit loses when each patch is removed alone, before - after, [patch]: its effect.
FOVEA_API std::vector<double> removalEffects(
    const PatchRemover& remover, int classIndex, const std::function<void(double)>& progress = {});

}
