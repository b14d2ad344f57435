// What models that drop or merge tokens have in common: which tokens stand, the record of a judgement, the
// shorter sequence behind it. Who stays is the architecture's to say.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <functional>

namespace fovea::parts {

/// What flows on beside the tokens.
namespace flow {
/// f32 [B, n], 1 or 0: which tokens count; missing: all. Where samples of a batch keep different numbers,
/// the shorter ones are filled up with tokens that do not count.
constexpr std::string_view kept = "kept";
/// i32 [B, n]: which of the picture's tokens each is, -1 one that was made of several; missing: 0..n-1.
constexpr std::string_view numbers = "numbers";
}

/// The tokens before a judgement; i counts them over the batch, [B, n].
struct FOVEA_API StandingTokens {
    Index batch, n, all, specials; ///< `all`: before any was dropped; special tokens stand first
    Tensor kept, numbers; ///< as they flow, always defined

    StandingTokens(Run& run, const State& before, Index allTokens, Index specialTokens);
    Index number(Index i) const { return numbers.values<std::int32_t>()[static_cast<std::size_t>(i)]; }
    bool isKept(Index i) const { return kept.data()[i] != 0; }
    bool isSpecial(Index i) const { return i % n < specials; }
    /// Patches of sample b that count.
    Index patches(Index b) const;

    /// Each token's fate, f32 [B, n]: special tokens always stay, and what was dropped stays dropped.
    Tensor chosen(Run& run, const std::function<bool(Index i)>& stays) const;
    /// The count(b) patches of the highest scores [B, n] in each sample b; of equal ones the first.
    Tensor highest(Run& run, const Tensor& score, const std::function<Index(Index b)>& count) const;
    /// Positions of the kept tokens of sample b, in their order.
    std::vector<std::int32_t> positions(const Tensor& keptNow, Index b) const;
};

/// "stages.1": a judgement of tokens.
FOVEA_API std::string stagePath(int stage);
/// Declares `keep` and `left` of a stage, whose list knows the block that shows them.
FOVEA_API void addStageSignals(
    std::vector<SignalInfo>& list, int stage, const std::string& block, int depth, const std::string& score);

/// Shows `keep` in the run's scope: score [B, n] and fate [B, n] of all original tokens, [B, all, 2], 0 for
/// those that are gone. `layout` makes that of all, where somebody watches. Returns the fates after edits; a
/// token that was made of several is not in it.
FOVEA_API Tensor showKeep(Run& run, const StandingTokens& t, const Tensor& score, const Tensor& kept,
    const std::function<LayoutPtr()>& layout);
/// Shows `left`: numbers of the watched sample's tokens that are kept.
FOVEA_API void showLeft(Run& run, const StandingTokens& t, const Tensor& kept);

/// The sequence without what is not kept.
struct Shortened {
    Tensor positions; ///< i32 [B, m], ascending but for what fills up
    Tensor numbers; ///< i32 [B, m]
    Tensor kept; ///< f32 [B, m]; undefined: all count
};
FOVEA_API Shortened shortened(Run& run, const StandingTokens& t, const Tensor& kept);
/// Those tokens alone go on, under the layout of the watched sample.
FOVEA_API State selected(Run& run, const State& before, const Shortened& shorter);
/// The numbers and what counts of a shorter sequence, put into `more`.
FOVEA_API void flowOn(NamedTensors& more, const Tensor& numbers, const Tensor& kept);

/// The field `drop_at`: numbers of blocks, ascending.
FOVEA_API Field dropAtField(const std::string& help);
/// Its blocks. Throws Error naming the field where they do not ascend or reach `depth`.
FOVEA_API std::vector<int> dropBlocks(const Config& config, int depth);
/// Of a ViT's presets those of a DeiT and those that are trained here, dropping at a quarter, half and three
/// quarters of the depth.
FOVEA_API std::vector<Preset> droppingPresets();

}
