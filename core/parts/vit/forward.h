// The links of a ViT's forward pass: what comes before the blocks, one block, what comes after them. The
// order in which they are called, and what happens between two blocks, is the architecture's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/attention.h"
#include "core/parts/vit/config.h"

namespace fovea::parts::vit {

/// cls, dist, registers and the patches of the whole picture.
FOVEA_API LayoutPtr layoutOf(const VitConfig& c);

/// Picture to tokens: patches, special tokens before them, positions added to all. [B, 3, H, W] -> [B, N, C].
FOVEA_API State embed(Run& run, const VitConfig& c, const State& picture);

struct BlockOptions {
    /// Of the result only the special tokens are made; for the last block, see needsSpecialsOnly().
    bool specialsOnly = false;
    /// f32 [B, N], 1 or 0: tokens that count; the others neither look nor are looked at. Undefined: all.
    Tensor kept = {};
    Tensor keyBias = {}; ///< f32 [B, N], see nn::AttentionOptions
    nn::AttentionTaken* taken = nullptr; ///< see nn::AttentionOptions
};

/// What attention adds: x + attn(norm1(x)), or norm1(x + attn(x)) where norms stand after the sums.
FOVEA_API Tensor attentionHalf(
    Run& run, const VitConfig& c, int index, const State& before, const BlockOptions& options = {});
/// What the MLP adds: x + mlp(norm2(x)), or norm2(x + mlp(x)); then shows `out`.
FOVEA_API State mlpHalf(Run& run, const VitConfig& c, int index, const State& before);
/// Both: block `index`, in the run's scope. [B, N, C] -> [B, N, C]; layout and `more` of the state stay.
FOVEA_API State block(
    Run& run, const VitConfig& c, int index, const State& before, const BlockOptions& options = {});

/// Whether of the last block's result only the special tokens are of use, since the head reads no other and
/// nobody watches: all that follows the last attention is then made for them alone.
FOVEA_API bool needsSpecialsOnly(Run& run, const VitConfig& c);

/// Final norm, pooling and classifier; shows `logits`. [B, N, C] -> [B, class].
FOVEA_API State head(Run& run, const VitConfig& c, const State& before);

}
