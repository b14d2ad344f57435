// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention.h"

#include "core/nn/attention_backward.h"
#include "core/nn/attention_panels.h"
#include "core/nn/softmax.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// What one task works on: a range of queries of one head of one sample.
struct Task {
    Index b, h, begin, end;
};

/// Each task packs the keys and values of its head: where heads are enough for all threads, a head is one
/// task. No sum depends on it.
struct Cut : QueryCut {
    Index heads;

    Cut(const Run& run, Index batch, Index headCount, Index queryCount)
        : QueryCut(queryCount, batch * headCount >= 8 * run.threads() ? queryCount : 120)
        , heads(headCount)
    {
    }
    Index tasks(Index batch) const { return batch * heads * blocks; }
    Task at(Index task) const
    {
        const Index head = task / blocks, begin = std::min(queries, task % blocks * rows);
        return {head / heads, head % heads, begin, std::min(queries, begin + rows)};
    }
};

/// Results besides z; undefined where nobody asked.
struct Kept {
    Tensor scores, pattern; ///< [B, 1, head, query, key]
    Tensor logSum; ///< [B, 1, head, query]
    Tensor sums; ///< [B, head, query, 2]: the softmax's, for a backward
    Tensor first; ///< [B, head, key]: the pattern of query 0
};

/// z of `rows` queries from their patterns. `z` points at the head's channels of the first query.
void weighValues(Rows pattern, int rows, const Heads& v, const float* panels, float* z)
{
    for (Index first = 0; first < v.channels; first += panelWidth)
        multiplyTile({pattern, {panels + first * v.tokens, panelWidth}, v.tokens}, rows,
            std::min<Index>(panelWidth, v.channels - first), z + first, v.heads * v.channels);
}

void keepRows(Tensor& kept, Index firstRow, const float* strip, Index room, int rows)
{
    const Index n = kept.dim(-1);
    for (int r = 0; r < rows; ++r)
        std::copy_n(strip + r * room, n, kept.writable().data() + (firstRow + r) * n);
}

void keepSum(const SoftmaxSum& sum, float* to)
{
    to[0] = sum.most;
    to[1] = sum.sum;
}

Tensor attend(Run& run, const Attended& a, Kept& kept)
{
    const Heads &q = a.q, &k = a.k, &v = a.v;
    Tensor z = run.make({q.batch, q.tokens, v.heads * v.channels});
    run.countMacs(q.batch * q.tokens * q.heads * k.tokens * (q.channels + v.channels));
    const Index room = panelsOf(k.tokens) * panelWidth, keySize = transposedSize(k), valueSize = plainSize(v);
    const Index size = keySize + valueSize + room * tileRows;
    Tensor memory = run.make({run.threads(), size});
    float *scratch = memory.writable().data(), *out = z.writable().data();
    float* logSums = kept.logSum.defined() ? kept.logSum.writable().data() : nullptr;
    float* sums = kept.sums.defined() ? kept.sums.writable().data() : nullptr;
    const Cut cut(run, q.batch, q.heads, q.tokens);
    run.parallel(cut.tasks(q.batch), [&](Index task, int worker) {
        const Task t = cut.at(task), next = cut.at(std::min(task + run.threads(), cut.tasks(q.batch) - 1));
        float *keys = scratch + worker * size, *values = keys + keySize, *strip = values + valueSize;
        packTransposed(k, t.b, t.h, keys);
        packPlain(v, t.b, t.h, values);
        for (Index i = t.begin; i < t.end; i += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, t.end - i));
            const Index firstRow = (t.b * q.heads + t.h) * q.tokens + i;
            fetchTokens(q, next.b, next.h, next.begin + i - t.begin, rows);
            fetchTokens(k, next.b, next.h, i - t.begin, rows);
            fetchTokens(v, next.b, next.h, i - t.begin, rows);
            multiplyTransposedPanels(
                {q.head(t.b, t.h) + i * q.tokenStride, q.tokenStride}, rows, k, keys, stretchOfScores, strip);
            for (Index e = 0; e < rows * room; ++e)
                strip[e] *= a.scale;
            if (const float* bias = a.biasOf(t.b))
                addToScores(bias, k.tokens, rows, room, strip);
            if (const float* tokens = a.keptOf(t.b))
                maskScores(tokens, k.tokens, rows, room, strip);
            if (kept.scores.defined())
                keepRows(kept.scores, firstRow, strip, room, rows);
            for (int r = 0; r < rows; ++r) {
                const SoftmaxSum sum = softmaxRow(strip + r * room, k.tokens);
                if (logSums)
                    logSums[firstRow + r] = sum.log();
                if (sums)
                    keepSum(sum, sums + 2 * (firstRow + r));
            }
            if (const float* tokens = a.keptOf(t.b))
                clearDroppedRows(tokens, k.tokens, i, rows, room, strip);
            if (kept.pattern.defined())
                keepRows(kept.pattern, firstRow, strip, room, rows);
            if (kept.first.defined() && i == 0)
                keepRows(kept.first, t.b * q.heads + t.h, strip, room, 1);
            weighValues(
                {strip, room}, rows, v, values, out + ((t.b * q.tokens + i) * v.heads + t.h) * v.channels);
        }
    });
    return z;
}

Tensor withGroup(const Tensor& heads)
{
    return heads.reshaped({heads.dim(0), 1, heads.dim(1), heads.dim(2), heads.dim(3)});
}

/// Rows of query 0 of a pattern [B, 1, head, query, key].
Tensor firstRows(Run& run, const Tensor& pattern)
{
    const Index queries = pattern.dim(3), keys = pattern.dim(4);
    Tensor first = run.make({pattern.dim(0), pattern.dim(2), keys});
    for (Index row = 0; row < pattern.dim(0) * pattern.dim(2); ++row)
        std::copy_n(pattern.data() + row * queries * keys, keys, first.writable().data() + row * keys);
    return first;
}

/// [.., channel] with one more channel at the end, whose values are given by the number of the row.
template <class Fn>
Tensor withChannel(Run& run, const Tensor& x, Fn valueOf)
{
    std::vector<Index> extents(x.shape().extents().begin(), x.shape().extents().end());
    const Index channels = extents.back()++;
    Tensor out = run.make(Shape(extents));
    float* to = out.writable().data();
    for (Index row = 0; row < x.count() / channels; ++row) {
        to = std::copy_n(x.data() + row * channels, channels, to);
        *to++ = valueOf(row);
    }
    return out;
}

/// Of which a pattern can be made again: a bias of the keys is one more channel of both.
void showFactors(Run& run, const Attended& a, const Tensor& logSum)
{
    Tensor q = gathered(run, a.q), k = gathered(run, a.k);
    if (a.keyBias.defined()) {
        q = withChannel(run, q, [](Index) { return 1.0F; });
        k = withChannel(run, k, [&](Index row) {
            const Index b = row / (a.k.heads * a.k.tokens);
            return a.keyBias.data()[b * a.k.tokens + row % a.k.tokens] / a.scale;
        });
    }
    run.showFactors("pattern", {withGroup(q), withGroup(k), logSum, a.scale}, a.context);
}

/// Shows what was kept; returns z, computed anew when an edit replaced something.
Tensor showKept(Run& run, const Attended& a, Kept& kept, const Tensor& z)
{
    Tensor pattern = kept.pattern;
    bool replaced = false;
    if (kept.scores.defined()) {
        const Tensor scores = run.offer("scores", kept.scores, a.context);
        replaced = !scores.same(kept.scores);
        if (replaced) {
            recordScores(run, a, kept.scores, scores);
            pattern = softmax(run, scores);
        }
    }
    if (pattern.defined()) {
        const Tensor shownPattern = run.offer("pattern", pattern, a.context);
        if (!shownPattern.same(pattern)) {
            recordPattern(run, a, pattern, shownPattern);
            replaced = true;
        }
        pattern = shownPattern;
    }
    if (!replaced) {
        recordAttention(run, a, kept.sums, z);
        return z;
    }
    run.follow("pattern", pattern, a.context);
    if (kept.first.defined())
        kept.first = firstRows(run, pattern);
    return applyPattern(run, pattern, a.v);
}

}

Tensor applyPattern(Run& run, const Tensor& pattern, const Heads& v)
{
    const Index heads = pattern.dim(2), queries = pattern.dim(3);
    assert(pattern.rank() == 5 && pattern.dim(4) == v.tokens && heads == v.heads);
    Tensor z = run.make({v.batch, queries, v.heads * v.channels});
    run.countMacs(z.count() * v.tokens);
    const Index size = plainSize(v);
    Tensor memory = run.make({run.threads(), size});
    float *scratch = memory.writable().data(), *out = z.writable().data();
    const Cut cut(run, v.batch, heads, queries);
    run.parallel(cut.tasks(v.batch), [&](Index task, int worker) {
        const Task t = cut.at(task);
        packPlain(v, t.b, t.h, scratch + worker * size);
        for (Index i = t.begin; i < t.end; i += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, t.end - i));
            const float* first = pattern.data() + ((t.b * heads + t.h) * queries + i) * v.tokens;
            weighValues({first, v.tokens}, rows, v, scratch + worker * size,
                out + ((t.b * queries + i) * v.heads + t.h) * v.channels);
        }
    });
    recordApplied(run, pattern, v, z);
    return z;
}

Tensor attention(
    Run& run, const Heads& query, const Heads& key, const Heads& value, const AttentionOptions& options)
{
    const LayoutPtr keyLayout = options.keys ? options.keys : options.queries;
    const Heads q = shown(run, "q", query, options.queries);
    const Heads k = shown(run, "k", key, keyLayout);
    const Heads v = shown(run, "v", value, keyLayout);
    assert(!options.kept.defined() || (q.tokens == k.tokens && options.kept.count() == q.batch * q.tokens));
    assert(!options.keyBias.defined() || options.keyBias.count() == k.batch * k.tokens);
    const Attended attended{q, k, v, options.scale, options.kept, options.keyBias,
        {.queries = options.queries, .keys = keyLayout}, run.gradientPath("scores"),
        run.gradientPath("pattern")};

    const Shape shape{q.batch, 1, q.heads, q.tokens, k.tokens};
    const std::size_t bytes = static_cast<std::size_t>(shape.count()) * sizeof(float);
    Kept kept;
    if (run.wants("scores", bytes) == Want::Value)
        kept.scores = run.make(shape);
    const Want wanted = run.wants("pattern", bytes);
    if (wanted == Want::Value)
        kept.pattern = run.make(shape);
    if (wanted == Want::Factors)
        kept.logSum = run.make({q.batch, 1, q.heads, q.tokens});
    if (run.tapeFor(q.storage, k.storage, v.storage))
        kept.sums = run.make({q.batch, q.heads, q.tokens, 2});
    if (options.taken)
        kept.first = run.make({q.batch, q.heads, k.tokens});

    const Tensor z = showKept(run, attended, kept, attend(run, attended, kept));
    if (kept.logSum.defined())
        showFactors(run, attended, kept.logSum);
    if (options.taken)
        *options.taken = {k, kept.first};

    const Heads heads = unpacked(z, 0, 1, static_cast<int>(v.heads));
    const Heads result = shown(run, "head", heads, options.queries);
    return result.storage.same(z) ? z : merged(run, result.storage);
}

}
