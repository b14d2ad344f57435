// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/layers.h"

#include "core/nn/activation.h"
#include "core/nn/affine.h"
#include "core/nn/causal_attention.h"
#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/embedding.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/parts/signal_list.h"
#include "core/source/token_input.h"

#include <cmath>

namespace fovea::plugin::word_lm {

namespace {

std::string encoderLayer(int i) { return "transformer_encoder.layers." + std::to_string(i); }

Manifest encoderManifest(const WordLmConfig& c)
{
    using Rule = Initialiser::Rule;
    constexpr Initialiser small{Rule::Uniform, 0.1};
    const Index dim = c.dim;
    Manifest list{{"encoder.weight", {c.vocab, dim}, small}};
    for (int i = 0; i < c.layers; ++i) {
        const std::string layer = encoderLayer(i), attention = layer + ".self_attn.";
        const double glorot = std::sqrt(6.0 / static_cast<double>(dim + 3 * dim));
        list.push_back({attention + "in_proj_weight", {3 * dim, dim}, {Rule::Uniform, glorot}});
        list.push_back({attention + "in_proj_bias", {3 * dim}, {}});
        list.push_back({attention + "out_proj.weight", {dim, dim}, usualBegin(dim)});
        list.push_back({attention + "out_proj.bias", {dim}, {}});
        addLinear(list, layer + ".linear1", c.hidden, dim);
        addLinear(list, layer + ".linear2", dim, c.hidden);
        addNorm(list, layer + ".norm1", dim);
        addNorm(list, layer + ".norm2", dim);
    }
    list.push_back({"decoder.weight", {c.vocab, dim}, small});
    list.push_back({"decoder.bias", {c.vocab}, {}});
    return list;
}

std::vector<std::string> encoderBlocks(const WordLmConfig& c)
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < c.layers; ++i)
        paths.push_back(encoderLayer(i));
    paths.emplace_back("head");
    return paths;
}

std::vector<SignalInfo> encoderSignals(const WordLmConfig& c)
{
    std::vector<SignalInfo> all;
    parts::SignalList stem{all, "embed", ""};
    stem.add("embed.out", Kind::Tokens, "embedded words",
        c.hasPositions ? "with their positions added" : "without positions");
    for (int i = 0; i < c.layers; ++i) {
        parts::SignalList list{all, encoderLayer(i), encoderLayer(i) + ".", i};
        list.attention("self_attn", "what attention adds to the stream");
        list.norm("norm1", "of the stream with that added");
        list.add("hidden", Kind::Tokens, "hidden units", "the MLP's units after ReLU");
        list.add("linear2.out", Kind::Tokens, "MLP output", "what the MLP adds to the stream");
        list.add("out", Kind::Tokens, "layer output", "normalised after both sums");
    }
    parts::SignalList head{all, "head", ""};
    head.add(
        "logits", Kind::Tokens, "logits", "what follows each token: one number per word, before softmax");
    return all;
}

/// sin and cos of the place over 10000^(2 i / dim), channel by channel in turn: [1, N, dim].
Tensor sinusoids(Run& run, Index tokens, Index dim)
{
    Tensor out = run.make({1, tokens, dim});
    float* to = out.writable().data();
    for (Index t = 0; t < tokens; ++t)
        for (Index c = 0; c < dim; ++c) {
            const double angle = static_cast<double>(t)
                * std::exp(static_cast<double>(c / 2 * 2) * -std::log(10000.0) / static_cast<double>(dim));
            to[t * dim + c] = static_cast<float>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    return out;
}

State embedded(Run& run, const WordLmConfig& c, const State& s)
{
    const Tensor ids = tokenIds(s.x, c.vocab);
    const LayoutPtr layout = idLayout(ids, run.watched());
    const Tensor words = nn::embedding(run, ids, "encoder");
    Tensor x = nn::scaled(run, words, std::sqrt(static_cast<float>(c.dim)));
    if (c.hasPositions)
        x = nn::dropout(run, nn::add(run, x, sinusoids(run, ids.dim(1), c.dim)), c.dropout, "pos_encoder");
    return {run.show("embed.out", x, {.queries = layout}), layout, {}};
}

Tensor encoderAttention(Run& run, const WordLmConfig& c, const State& s)
{
    const auto scope = run.in("self_attn");
    const Tensor qkv
        = nn::affine(run, s.x, run.weight("in_proj_weight"), run.weight("in_proj_bias")); // [B, N, 3 dim]
    const nn::Heads q = nn::unpacked(qkv, 0, 3, c.heads), k = nn::unpacked(qkv, 1, 3, c.heads),
                    v = nn::unpacked(qkv, 2, 3, c.heads);
    const float scale = 1 / std::sqrt(static_cast<float>(c.headDim()));
    const Tensor z = nn::causalAttention(run, q, k, v, {scale, s.layout, c.dropout}); // [B, N, dim]
    return run.show("out", nn::linear(run, z, "out_proj"), {.queries = s.layout});
}

State encoderLayerOf(Run& run, const WordLmConfig& c, const State& s)
{
    const auto shown
        = [&](const char* path, const Tensor& value) { return run.show(path, value, {.queries = s.layout}); };
    const Tensor attended = nn::dropout(run, encoderAttention(run, c, s), c.dropout, "dropout1");
    const Tensor x = shown(
        "norm1.out", nn::layerNorm(run, nn::add(run, s.x, attended), "norm1", normEps)); // [B, N, dim]
    Tensor hidden = shown("hidden", nn::linear(run, x, "linear1", nn::Activation::Relu)); // [B, N, hidden]
    hidden = nn::dropout(run, hidden, c.dropout, "dropout");
    const Tensor added = shown("linear2.out", nn::linear(run, hidden, "linear2"));
    const Tensor sum = nn::add(run, x, nn::dropout(run, added, c.dropout, "dropout2"));
    return {shown("out", nn::layerNorm(run, sum, "norm2", normEps)), s.layout, {}};
}

Tensor encoderForward(Run& run, const WordLmConfig& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, N]
    state = run.block("embed", {}, state, [&](const State& s) { return embedded(run, c, s); });
    for (int i = 0; i < c.layers; ++i)
        state = run.block(encoderLayer(i), state, [&](const State& s) { return encoderLayerOf(run, c, s); });
    state = run.block("head", {}, state, [&](const State& s) {
        return State{
            run.show("logits", nn::linear(run, s.x, "decoder"), {.queries = s.layout}), s.layout, {}};
    });
    return state.x; // [B, N, vocab]
}

}

FormOfModel encoder() { return {encoderManifest, encoderBlocks, encoderSignals, encoderForward}; }

}
