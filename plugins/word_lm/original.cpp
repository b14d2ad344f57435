// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/layers.h"

#include "core/nn/activation.h"
#include "core/nn/causal_attention.h"
#include "core/nn/elementwise.h"
#include "core/nn/embedding.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/parts/signal_list.h"
#include "core/source/token_input.h"

#include <cmath>

namespace fovea::plugin::word_lm {

namespace {

std::string originalBlock(int i) { return "blocks." + std::to_string(i); }

Manifest originalManifest(const WordLmConfig& c)
{
    Manifest list{{"embed.weight", {c.vocab, c.dim}, {Initialiser::Rule::Normal, 1}}};
    for (int i = 0; i < c.layers; ++i) {
        const std::string block = originalBlock(i) + ".";
        for (const char* name : {"Wk", "Wq", "Wv"})
            addLinear(list, block + name, c.dim, c.dim, false);
        if (c.hasMlp) {
            addLinear(list, block + "w1", c.hidden, c.dim);
            addLinear(list, block + "w2", c.dim, c.hidden);
        }
        if (c.hasNorm)
            addNorm(list, block + "ln", c.dim);
        if (c.hasNorm && c.hasMlp)
            addNorm(list, block + "ln2", c.dim);
    }
    return list;
}

std::vector<std::string> originalBlocks(const WordLmConfig& c)
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < c.layers; ++i)
        paths.push_back(originalBlock(i));
    paths.emplace_back("head");
    return paths;
}

std::vector<SignalInfo> originalSignals(const WordLmConfig& c)
{
    std::vector<SignalInfo> all;
    parts::SignalList stem{all, "embed", ""};
    stem.add("embed.out", Kind::Tokens, "embedded words");
    for (int i = 0; i < c.layers; ++i) {
        parts::SignalList list{all, originalBlock(i), originalBlock(i) + ".", i};
        list.attention("attn", "what all heads gathered");
        if (c.hasMlp) {
            list.add("hidden", Kind::Tokens, "hidden units", "the MLP's units after ReLU");
            list.add("w2.out", Kind::Tokens, "MLP output", "what the MLP makes of the stream");
        }
        list.add("out", Kind::Tokens, "block output", "what the next block reads");
    }
    parts::SignalList head{all, "head", ""};
    head.add(
        "logits", Kind::Tokens, "logits", "what follows each token: one number per word, before softmax");
    return all;
}

/// What a part makes of x, with x added and normalised as the config says.
Tensor joined(Run& run, const WordLmConfig& c, const Tensor& x, const Tensor& made, const char* norm)
{
    const Tensor sum = c.hasResidual ? nn::add(run, made, x) : made;
    return c.hasNorm ? nn::layerNorm(run, sum, norm, normEps) : sum;
}

State originalBlockOf(Run& run, const WordLmConfig& c, const State& s)
{
    const auto shown
        = [&](const char* path, const Tensor& value) { return run.show(path, value, {.queries = s.layout}); };
    const Tensor keys = nn::linear(run, s.x, "Wk"), queries = nn::linear(run, s.x, "Wq"),
                 values = nn::linear(run, s.x, "Wv"); // [B, N, dim] each
    const auto headsIn = [&](const Tensor& x) { return nn::unpacked(x, 0, 1, c.heads); };
    Tensor attended;
    {
        const auto scope = run.in("attn");
        const float scale = 1 / std::sqrt(static_cast<float>(c.headDim()));
        attended = shown("out",
            nn::causalAttention(run, headsIn(queries), headsIn(keys), headsIn(values), {scale, s.layout, 0}));
    }
    Tensor x = joined(run, c, s.x, attended, "ln");
    if (c.hasMlp) {
        const Tensor hidden = shown("hidden", nn::linear(run, x, "w1", nn::Activation::Relu));
        x = joined(run, c, x, shown("w2.out", nn::linear(run, hidden, "w2")), "ln2");
    }
    return {shown("out", x), s.layout, {}};
}

Tensor originalForward(Run& run, const WordLmConfig& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, N]
    state = run.block("embed", {}, state, [&](const State& s) {
        const Tensor ids = tokenIds(s.x, c.vocab);
        const LayoutPtr layout = idLayout(ids, run.watched());
        return State{
            run.show("embed.out", nn::embedding(run, ids, "embed"), {.queries = layout}), layout, {}};
    }); // [B, N, dim]
    for (int i = 0; i < c.layers; ++i)
        state
            = run.block(originalBlock(i), state, [&](const State& s) { return originalBlockOf(run, c, s); });
    state = run.block("head", {}, state, [&](const State& s) { // the embedding's own table
        return State{run.show("logits", nn::linear(run, s.x, "embed"), {.queries = s.layout}), s.layout, {}};
    });
    return state.x; // [B, N, vocab]
}

}

FormOfModel original() { return {originalManifest, originalBlocks, originalSignals, originalForward}; }

}
