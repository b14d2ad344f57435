// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/causal_attention.h"

#include "core/nn/attention.h"
#include "core/nn/attention_gradient.h"
#include "core/nn/attention_panels.h"
#include "core/nn/dropout.h"
#include "core/nn/softmax.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// scale * q k^T of all pairs, [B, 1, head, query, key].
Tensor scoresOf(Run& run, const Heads& q, const Heads& k, float scale)
{
    Tensor scores = run.make({q.batch, 1, q.heads, q.tokens, k.tokens});
    run.countMacs(scores.count() * q.channels);
    const Index room = panelsOf(k.tokens) * panelWidth, keySize = transposedSize(k),
                size = keySize + room * tileRows;
    Tensor memory = run.make({run.threads(), size});
    float *scratch = memory.writable().data(), *out = scores.writable().data();
    run.parallel(q.batch * q.heads, [&](Index task, int worker) {
        const Index b = task / q.heads, h = task % q.heads;
        float *keys = scratch + worker * size, *strip = keys + keySize;
        packTransposed(k, b, h, keys);
        for (Index i = 0; i < q.tokens; i += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, q.tokens - i));
            multiplyTransposedPanels(
                {q.head(b, h) + i * q.tokenStride, q.tokenStride}, rows, k, keys, stretchOfScores, strip);
            for (int r = 0; r < rows; ++r)
                for (Index j = 0; j < k.tokens; ++j)
                    out[(task * q.tokens + i + r) * k.tokens + j] = scale * strip[r * room + j];
        }
    });
    if (Tape* tape = run.tapeFor(q.storage, k.storage))
        tape->record(scores, [q, k, scale](Run& r, Tape& t, const Tensor& gradient) {
            AttentionGradient g{.q = q, .k = k, .scale = scale, .ofScores = gradient};
            g.sinks = sinksFor(r, t, q, k, {});
            g.compute(r);
        });
    return scores;
}

/// The softmax of each row over its first elements, up to the query's own place; 0 behind them.
Tensor causalSoftmax(Run& run, const Tensor& scores)
{
    const Index n = scores.dim(-1), room = divideUp(n, simd::width) * simd::width;
    Tensor out = run.make(scores.shape());
    Tensor scratch = run.make({run.threads(), room});
    float *buffers = scratch.writable().data(), *to = out.writable().data();
    const float* from = scores.data();
    run.parallel(scores.count() / (n * n), [&](Index map, int worker) {
        float* row = buffers + worker * room;
        for (Index i = 0; i < n; ++i) {
            const Index at = (map * n + i) * n;
            std::copy_n(from + at, i + 1, row);
            softmaxRow(row, i + 1);
            std::copy_n(row, i + 1, to + at);
            std::fill_n(to + at + i + 1, n - i - 1, 0.0F);
        }
    });
    if (Tape* tape = run.tapeFor(scores))
        tape->record(out, [scores, out](Run& r, Tape& t, Tensor gradient) { // what is 0 gives 0
            t.give(r, scores, softmaxBackward(r, out, std::move(gradient)));
        });
    return out;
}

}

Tensor causalPattern(Run& run, const Heads& query, const Heads& key, float scale, const LayoutPtr& tokens)
{
    const Heads q = shown(run, "q", query, tokens), k = shown(run, "k", key, tokens);
    assert(q.tokens == k.tokens && q.channels == k.channels && q.heads == k.heads);
    const Shown context{.queries = tokens, .keys = tokens};
    const Tensor scores = run.show("scores", scoresOf(run, q, k, scale), context);
    return run.show("pattern", causalSoftmax(run, scores), context);
}

Tensor causalAttention(
    Run& run, const Heads& query, const Heads& key, const Heads& value, const CausalAttentionOptions& options)
{
    const Tensor pattern = causalPattern(run, query, key, options.scale, options.tokens);
    const Heads v = shown(run, "v", value, options.tokens);
    const Tensor z = applyPattern(run, dropout(run, pattern, options.dropout, "attn_drop"), v);
    const Heads heads = unpacked(z, 0, 1, static_cast<int>(v.heads));
    const Heads result = shown(run, "head", heads, options.tokens);
    return result.storage.same(z) ? z : merged(run, result.storage);
}

}
