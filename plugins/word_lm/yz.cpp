// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/layers.h"

#include "core/nn/activation.h"
#include "core/nn/affine.h"
#include "core/nn/attention.h"
#include "core/nn/causal_attention.h"
#include "core/nn/custom.h"
#include "core/nn/elementwise.h"
#include "core/nn/linear.h"
#include "core/nn/softmax.h"
#include "core/parts/signal_list.h"
#include "core/run/pieces.h"
#include "core/source/token_input.h"

#include <cmath>

namespace fovea::plugin::word_lm {

namespace {

std::string yzLayer(int i) { return "layers." + std::to_string(i); }

Manifest yzManifest(const WordLmConfig& c)
{
    Manifest list;
    for (int i = 0; i < c.layers; ++i)
        for (const char* name : {".Y_", ".Z_"}) {
            addLinear(list, yzLayer(i) + name + "pre", c.dim, c.vocab, false);
            addLinear(list, yzLayer(i) + name + "post", c.vocab, c.dim, false);
        }
    return list;
}

std::vector<std::string> yzBlocks(const WordLmConfig& c)
{
    std::vector<std::string> paths;
    for (int i = 0; i < c.layers; ++i)
        paths.push_back(yzLayer(i));
    return paths;
}

std::vector<SignalInfo> yzSignals(const WordLmConfig& c)
{
    std::vector<SignalInfo> all;
    for (int i = 0; i < c.layers; ++i) {
        parts::SignalList list{all, yzLayer(i), yzLayer(i) + ".", i};
        list.add("attn.q", Kind::Heads, "queries", "Z_post^T x");
        list.add("attn.k", Kind::Heads, "keys", "Z_pre x");
        list.add("attn.scores", Kind::Attention, "scores before softmax", "x^T Z x");
        list.add("attn.pattern", Kind::Attention, "attention after softmax",
            "how each query shares itself out over the keys");
        list.add("out", Kind::Tokens, "layer output", "one number per word");
    }
    parts::SignalList head{all, "", ""};
    head.add("logits", Kind::Tokens, "logits", "the last layer's output: what follows each token");
    return all;
}

/// f32 [B, N, vocab] of ids [B, N].
Tensor oneHot(Run& run, const Tensor& ids, Index vocab)
{
    Tensor out = run.make({ids.dim(0), ids.dim(1), vocab});
    const auto values = out.writable();
    std::ranges::fill(values, 0.0F);
    std::size_t row = 0;
    for (const std::int32_t id : ids.values<std::int32_t>())
        values[static_cast<std::size_t>(vocab) * row++ + static_cast<std::size_t>(id)] = 1;
    return out;
}

/// fn(row number) for each row of the last axis, in parallel.
template <class Fn>
void eachRowOf(Run& run, const Tensor& x, Fn fn)
{
    run.parallel(x.count() / x.dim(-1), fn);
}

double productOf(const float* a, const float* b, Index n)
{
    double sum = 0;
    for (Index i = 0; i < n; ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

/// y = x / |x| for each row; a row of zeros stays. Backward: (g - y (y . g)) / |x|.
Tensor unitRows(Run& run, const Tensor& x)
{
    const Index n = x.dim(-1);
    return nn::custom(
        run, {x},
        [&](Run& r) {
            Tensor y = r.make(x.shape());
            float* to = y.writable().data();
            eachRowOf(r, x, [&x, to, n](Index row) {
                const float* from = x.data() + row * n;
                const double length = std::sqrt(productOf(from, from, n));
                const auto factor = static_cast<float>(length > 0 ? 1 / length : 0);
                for (Index i = 0; i < n; ++i)
                    to[row * n + i] = factor * from[i];
            });
            return y;
        },
        [n](Run& r, const nn::CustomBackward& of) -> std::vector<Tensor> {
            Tensor gradient = r.make(of.output.shape());
            float* to = gradient.writable().data();
            const float *y = of.output.data(), *g = of.gradient.data(), *from = of.inputs[0].data();
            eachRowOf(r, of.output, [=](Index row) {
                const Index at = row * n;
                const double length = std::sqrt(productOf(from + at, from + at, n));
                const auto factor = static_cast<float>(length > 0 ? 1 / length : 0);
                const auto along = static_cast<float>(productOf(y + at, g + at, n));
                for (Index i = at; i < at + n; ++i)
                    to[i] = factor * (g[i] - y[i] * along);
            });
            return {gradient};
        });
}

/// 1 / (1 + e^-x) of every element. Backward: y (1 - y) g.
Tensor sigmoid(Run& run, const Tensor& x)
{
    return nn::custom(
        run, {x},
        [&](Run& r) {
            Tensor y = r.make(x.shape());
            float* to = y.writable().data();
            eachPiece(r, x.count(), [from = x.data(), to](Index begin, Index end) {
                for (Index i = begin; i < end; ++i)
                    to[i] = 1 / (1 + std::exp(-from[i]));
            });
            return y;
        },
        [](Run& r, const nn::CustomBackward& of) -> std::vector<Tensor> {
            Tensor gradient = r.make(of.output.shape());
            float* to = gradient.writable().data();
            eachPiece(r, of.output.count(),
                [y = of.output.data(), g = of.gradient.data(), to](Index begin, Index end) {
                    for (Index i = begin; i < end; ++i)
                        to[i] = y[i] * (1 - y[i]) * g[i];
                });
            return {gradient};
        });
}

/// What the next layer reads of this one's output.
Tensor betweenLayers(Run& run, const WordLmConfig& c, const Tensor& x)
{
    const Tensor bent = c.between == "softmax" ? nn::softmax(run, x)
        : c.between == "sigmoid"               ? sigmoid(run, x)
                                               : nn::activate(run, x, nn::Activation::Relu);
    return unitRows(run, bent);
}

/// c = attention X (+ X), of length 1; Y_post Y_pre c (+ c). All in the space of words: [B, N, vocab].
State yzLayerOf(Run& run, const WordLmConfig& c, int layer, const State& s)
{
    State now = s;
    if (layer == 0) {
        const Tensor ids = tokenIds(s.x, c.vocab);
        now = {oneHot(run, ids, c.vocab), idLayout(ids, run.watched()), {}};
    }
    const Tensor &x = now.x, queries = nn::affine(run, x, nn::transposed(run, run.weight("Z_post.weight"))),
                 keys = nn::linear(run, x, "Z_pre"); // [B, N, dim]: x^T Z_post Z_pre x
    Tensor pattern;
    {
        const auto scope = run.in("attn");
        pattern = nn::causalPattern(
            run, nn::unpacked(queries, 0, 1, 1), nn::unpacked(keys, 0, 1, 1), 1, now.layout);
    }
    Tensor gathered = nn::applyPattern(run, pattern, nn::unpacked(x, 0, 1, 1));
    if (c.hasResidual)
        gathered = nn::add(run, gathered, x);
    if (c.hasNorm)
        gathered = unitRows(run, gathered);
    Tensor out = nn::linear(run, nn::linear(run, gathered, "Y_pre"), "Y_post");
    if (c.hasResidual)
        out = nn::add(run, out, gathered);
    out = run.show("out", out, {.queries = now.layout});
    return {layer + 1 < c.layers ? betweenLayers(run, c, out) : out, now.layout, {}};
}

Tensor yzForward(Run& run, const WordLmConfig& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, N]
    for (int i = 0; i < c.layers; ++i)
        state = run.block(yzLayer(i), state, [&](const State& s) { return yzLayerOf(run, c, i, s); });
    return run.show("logits", state.x, {.queries = state.layout}); // [B, N, vocab]
}

}

FormOfModel yz() { return {yzManifest, yzBlocks, yzSignals, yzForward}; }

}
