// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "plugins/ia_red2/stage.h"

#include "core/nn/tokens.h"
#include "core/parts/vit/description.h"
#include "core/parts/vit/forward.h"

#include <numeric>

namespace fovea::plugin::ia_red2 {

namespace shared = parts::vit;

namespace {

State embed(Run& run, const IaRed2Config& c, const State& picture)
{
    State tokens = shared::embed(run, c, picture);
    if (!c.hasInterpreters())
        tokens.more.set(flow::given, givenScores(run, c, picture.x));
    return tokens;
}

/// The share of the patches that is left, [B].
Tensor leftShare(Run& run, const IaRed2Config& c, const State& state)
{
    const Tensor* kept = state.more.find(flow::kept);
    const Index batch = state.x.dim(0), n = state.x.dim(1), specials = c.tokens() - c.patches();
    Tensor share = run.make({batch});
    for (Index b = 0; b < batch; ++b) {
        const float* row = kept ? kept->data() + b * n : nullptr;
        const double stay = row ? std::accumulate(row, row + n, 0.0) : static_cast<double>(n);
        share.writable().data()[b]
            = static_cast<float>((stay - static_cast<double>(specials)) / static_cast<double>(c.patches()));
    }
    return share;
}

State head(Run& run, const IaRed2Config& c, const State& before)
{
    if (const Tensor* cost = before.more.find(flow::cost))
        run.show("relative_cost", *cost);
    run.tell("kept", leftShare(run, c, before));
    return shared::head(run, c, before);
}

/// All samples of `input`, which go on together.
Tensor pass(Run& run, const IaRed2Config& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block("embed", {}, state, [&](const State& s) { return embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = shared::needsSpecialsOnly(run, c);
    for (int g = 0; g < c.groups(); ++g) {
        state = run.block(stagePath(g), {}, state, [&](const State& s) { return judge(run, c, g, s); });
        for (int i = c.firstBlock(g); i < c.firstBlock(g + 1); ++i)
            state = run.block(shared::blockPath(i), state, [&](const State& s) {
                const Tensor* kept = s.more.find(flow::kept);
                return shared::block(
                    run, c, i, s, {specialsOnly && i + 1 == c.depth, kept ? *kept : Tensor()});
            });
    }
    state = run.block("head", {}, state, [&](const State& s) { return head(run, c, s); });
    return state.x; // [B, class]
}

}

Tensor IaRed2::forward(Run& run, const Config& config, const Tensor& input) const
{
    const IaRed2Config c(config);
    const Index batch = input.dim(0), watched = std::min(run.watched(), batch - 1);
    if (batch == 1 || c.isMasked || run.isTraining())
        return pass(run, c, input);
    // Each sample keeps as many tokens as it needs, so they go one by one, the watched one first.
    std::vector<Tensor> rows(static_cast<std::size_t>(batch));
    const Tensor own = pass(run, c, input.rows(watched, watched + 1));
    if (own.dim(0) != 1)
        return own; // replayed from states of several samples
    for (Index b = 0; b < batch; ++b) {
        Run other = run.unwatched();
        rows[static_cast<std::size_t>(b)]
            = (b == watched ? own : pass(other, c, input.rows(b, b + 1))).reshaped({1, 1, c.classes});
    }
    return nn::concatTokens(run, rows).reshaped({batch, c.classes});
}

}
