// What an architecture takes whose config has the field `vocab`: token ids. Which word an id stands for is
// the weights' to say (their labels), and a data set's before them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/weights.h"
#include "core/trace/probe.h"

#include <optional>

namespace fovea {

/// How many ids there are; 0: the architecture takes no ids.
FOVEA_API Index vocabularyOf(const Config& config);

/// Ids [B, N] as i32, from i32 or from whole numbers of f32 (what files hold and execute() takes). Throws
/// Error naming the sample, the place and the id that is not in [0, vocabulary).
FOVEA_API Tensor tokenIds(const Tensor& input, Index vocabulary);
/// The tokens of one sample of ids [B, N], each named by its id.
FOVEA_API LayoutPtr idLayout(const Tensor& ids, Index sample);

/// Hands signals on with their tokens named by words instead of ids. It changes no value.
class FOVEA_API WordNames final : public Probe {
public:
    /// Both outlive it. `words`: one for each id.
    WordNames(Probe& to, const std::vector<std::string>& words)
        : to_(to)
        , words_(words)
    {
    }
    Want wants(std::string_view path, std::size_t bytes) override { return to_.wants(path, bytes); }
    Tensor show(const Shown& shown, const Tensor& value) override;
    void showFactors(const Shown& shown, const AttentionFactors& factors) override;
    bool wantsState(std::string_view block) override { return to_.wantsState(block); }
    void enter(std::string_view block, const State& before) override { to_.enter(block, before); }
    void leave(std::string_view block, double seconds) override { to_.leave(block, seconds); }
    void reuse(std::string_view block) override { to_.reuse(block); }
    State handOn(std::string_view block, const State& before, State after) override
    {
        return to_.handOn(block, before, std::move(after));
    }
    Tensor pullBack(const Shown& shown, const Tensor& value, const Tensor& gradient) override
    {
        return to_.pullBack(shown, value, gradient);
    }
    std::pair<Tensor, Tensor> pullBackBlock(
        std::string_view block, const Tensor& before, const Tensor& after, const Tensor& gradient) override
    {
        return to_.pullBackBlock(block, before, after, gradient);
    }

private:
    Shown named(Shown shown);
    LayoutPtr named(const LayoutPtr& layout);

    Probe& to_;
    const std::vector<std::string>& words_;
    LayoutPtr last_, lastNamed_; // most signals of a run have the same
};

/// `to`, or what stands before it in `names` where the weights have words for an architecture's ids.
FOVEA_API Probe* withWords(Probe* to, const Weights& weights, std::optional<WordNames>& names);

}
