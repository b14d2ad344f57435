// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention_gradient.h"

#include "core/nn/attention_panels.h"
#include "core/nn/few_rows.h"
#include "core/nn/product.h"
#include "core/nn/softmax.h"

#include <algorithm>

namespace fovea::nn {

namespace {

Index elementsOf(const Heads& h) { return h.batch * h.heads * h.tokens * h.channels; }

/// Memory of one worker, and how it is shared out.
struct Scratch {
    Index room, queries; ///< keys in whole panels; queries of a block in whole tiles
    float *keysTransposed, *keys, *valuesTransposed; ///< panels
    float *pattern, *scores; ///< [queries, room]: P and what becomes dS
    float *ofKeys, *ofValues; ///< transposed: [channels, room]
    Index size;

    /// Without memory only the size is right.
    Scratch(const AttentionGradient& p, Index keyCount, Index blockQueries, float* memory)
        : room(panelsOf(keyCount) * panelWidth)
        , queries(blockQueries)
    {
        size = 0;
        const auto take = [&](Index n) {
            const Index at = std::exchange(size, size + divideUp(n, 16) * 16);
            return memory ? memory + at : nullptr;
        };
        keysTransposed = take(transposedSize(p.k));
        keys = take(plainSize(p.k));
        valuesTransposed = take(transposedSize(p.v));
        pattern = take(queries * room);
        scores = take(queries * room);
        ofKeys = take(p.k.channels * room);
        ofValues = take(p.v.channels * room);
    }
};

/// One head of one sample.
struct HeadPlace {
    Index b, h;
};

/// What is done for a head; meanwhile the `next` is asked for, which the thread is likely to do then.
class HeadTask {
public:
    HeadTask(const AttentionGradient& p, const Scratch& s, Index keys, HeadPlace place, HeadPlace next)
        : p_(p)
        , s_(s)
        , keys_(keys)
        , b_(place.b)
        , h_(place.h)
        , next_(next)
    {
        if (p.k.storage.defined()) {
            packTransposed(p.k, b_, h_, s.keysTransposed);
            packPlain(p.k, b_, h_, s.keys);
        }
        if (p.v.storage.defined())
            packTransposed(p.v, b_, h_, s.valuesTransposed);
    }

    /// Queries [begin, end): their own gradients, and what they add to those of keys and values.
    void block(Index heads, Index queries, Index begin, Index end)
    {
        const Index first = firstWithGradient(begin, end), last = lastWithGradient(first, end);
        if (p_.sinks.q) {
            clearQueries(begin, first);
            clearQueries(last, end);
        }
        for (Index i = first; i < last; i += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, last - i));
            const Index firstRow = (b_ * heads + h_) * queries + i;
            float *pattern = s_.pattern + (i - first) * s_.room, *scores = s_.scores + (i - first) * s_.room;
            for (const Heads* each : {&p_.q, &p_.k, &p_.v, &p_.ofZ})
                fetchTokens(*each, next_.b, next_.h, i, rows);
            makePattern(i, rows, firstRow, pattern);
            makeScores(i, rows, firstRow, pattern, scores);
            if (p_.sinks.q)
                writeQueries(i, rows, scores);
        }
        const Index count = last - first;
        if (count == 0)
            return;
        if (p_.sinks.k)
            addProduct(p_.q, first, count, s_.scores, s_.ofKeys);
        if (p_.sinks.v)
            addProduct(p_.ofZ, first, count, s_.pattern, s_.ofValues);
        isFirst_ = false;
    }

    void finish()
    {
        if (isFirst_) { // no query had a gradient
            std::fill_n(s_.ofKeys, p_.k.channels * s_.room, 0.0F);
            std::fill_n(s_.ofValues, p_.v.channels * s_.room, 0.0F);
        }
        if (p_.sinks.k)
            writeHead(p_.k, p_.sinks.k, s_.ofKeys);
        if (p_.sinks.v)
            writeHead(p_.v, p_.sinks.v, s_.ofValues);
    }

private:
    /// Whether a query may have a gradient: dz is 0 for all but a few where most of z is not read. Where dP
    /// or dS is shown too, all are made.
    bool hasGradient(Index query) const
    {
        return !p_.ofZ.storage.defined() || p_.patternSink || p_.scoresSink
            || !isZero(p_.ofZ.head(b_, h_) + query * p_.ofZ.tokenStride, p_.ofZ.channels);
    }
    Index firstWithGradient(Index begin, Index end) const
    {
        while (begin < end && !hasGradient(begin))
            ++begin;
        return begin;
    }
    Index lastWithGradient(Index begin, Index end) const
    {
        while (begin < end && !hasGradient(end - 1))
            --end;
        return end;
    }
    void clearQueries(Index begin, Index end) const
    {
        float* to = p_.sinks.q.data + (p_.q.head(b_, h_) - p_.q.storage.data());
        for (Index i = begin; !p_.sinks.q.adds && i < end; ++i)
            std::fill_n(to + i * p_.q.tokenStride, p_.q.channels, 0.0F);
    }

    /// Rows of a tensor [..., key] as rows with room for whole panels.
    void copyRows(const Tensor& from, Index firstRow, int rows, float* strip) const
    {
        for (int r = 0; r < rows; ++r) {
            float* row = strip + r * s_.room;
            std::fill(std::copy_n(from.data() + (firstRow + r) * keys_, keys_, row), row + s_.room, 0.0F);
        }
    }
    void writeRows(const float* strip, Index firstRow, int rows, GradientSink out) const
    {
        for (int r = 0; out && r < rows; ++r)
            writeRow(strip + r * s_.room, keys_, out.adds, out.data + (firstRow + r) * keys_);
    }

    void makePattern(Index i, int rows, Index firstRow, float* pattern) const
    {
        if (p_.ofScores.defined())
            return;
        if (p_.pattern.defined()) {
            copyRows(p_.pattern, firstRow, rows, pattern);
            return;
        }
        const Rows q{p_.q.head(b_, h_) + i * p_.q.tokenStride, p_.q.tokenStride};
        multiplyTransposedPanels(q, rows, p_.k, s_.keysTransposed, stretchOfScores, pattern);
        for (Index e = 0; e < rows * s_.room; ++e)
            pattern[e] *= p_.scale;
        if (p_.keyBias.defined())
            addToScores(p_.keyBias.data() + b_ * keys_, keys_, rows, s_.room, pattern);
        const float* kept = p_.kept.defined() ? p_.kept.data() + b_ * keys_ : nullptr;
        if (kept)
            maskScores(kept, keys_, rows, s_.room, pattern);
        const float* sums = p_.sums.defined() ? p_.sums.data() + 2 * firstRow : nullptr;
        for (int r = 0; r < rows; ++r)
            if (sums)
                softmaxRow(pattern + r * s_.room, keys_, {sums[2 * r], sums[2 * r + 1]});
            else
                softmaxRow(pattern + r * s_.room, keys_);
        if (kept)
            clearDroppedRows(kept, keys_, i, rows, s_.room, pattern);
    }

    /// dP, and where q and k stand behind it scale * dS.
    void makeScores(Index i, int rows, Index firstRow, const float* pattern, float* scores) const
    {
        if (p_.ofScores.defined()) {
            copyRows(p_.ofScores, firstRow, rows, scores);
        } else {
            if (!p_.sinks.q && !p_.sinks.k && !p_.patternSink && !p_.scoresSink)
                return;
            if (p_.ofPattern.defined()) {
                copyRows(p_.ofPattern, firstRow, rows, scores);
            } else {
                const Rows z{p_.ofZ.head(b_, h_) + i * p_.ofZ.tokenStride, p_.ofZ.tokenStride};
                multiplyTransposedPanels(z, rows, p_.v, s_.valuesTransposed, p_.v.channels, scores);
            }
            writeRows(scores, firstRow, rows, p_.patternSink);
            if (!p_.sinks.q && !p_.sinks.k && !p_.scoresSink)
                return;
            for (int r = 0; r < rows; ++r)
                softmaxRowBackward(pattern + r * s_.room, scores + r * s_.room, keys_);
            writeRows(scores, firstRow, rows, p_.scoresSink);
        }
        for (Index e = 0; e < rows * s_.room; ++e)
            scores[e] *= p_.scale;
    }

    void writeQueries(Index i, int rows, const float* scores) const
    {
        const Heads& q = p_.q;
        float* to = p_.sinks.q.data + (q.head(b_, h_) - q.storage.data()) + i * q.tokenStride;
        for (Index first = 0; first < q.channels; first += panelWidth) {
            TileProduct product{{scores, s_.room}, {s_.keys + first * keys_, panelWidth}, keys_};
            product.adds = p_.sinks.q.adds;
            multiplyTile(
                product, rows, std::min<Index>(panelWidth, q.channels - first), to + first, q.tokenStride);
        }
    }

    /// total [channels, room] = or += (queries of `heads`)^T times strip [queries, room].
    void addProduct(const Heads& heads, Index begin, Index count, const float* strip, float* total) const
    {
        const float* first = heads.head(b_, h_) + begin * heads.tokenStride;
        for (Index key = 0; key < keys_; key += panelWidth)
            for (Index c = 0; c < heads.channels; c += tileRows) {
                const int rows = static_cast<int>(std::min<Index>(tileRows, heads.channels - c));
                TileProduct product{{first + c, heads.tokenStride}, {strip + key, s_.room}, count};
                product.isTransposed = true;
                product.adds = !isFirst_;
                multiplyTile(product, rows, total + c * s_.room + key, s_.room);
            }
    }

    /// total [channels, room], transposed, to the head's place. By way of the pattern, which has had its use.
    void writeHead(const Heads& heads, const HeadsSink& sink, const float* total) const
    {
        float* to = sink.data + (heads.head(b_, h_) - heads.storage.data());
        for (Index c = 0; c < heads.channels; c += panelWidth) {
            const int n = static_cast<int>(std::min<Index>(panelWidth, heads.channels - c));
            for (Index key = 0; key < keys_; key += s_.queries) {
                const Index count = std::min(s_.queries, keys_ - key);
                packPanel({total + c * s_.room + key, s_.room}, n, count, s_.pattern);
                for (Index j = 0; j < count; ++j)
                    writeRow(
                        s_.pattern + j * panelWidth, n, sink.adds, to + (key + j) * heads.tokenStride + c);
            }
        }
    }

    const AttentionGradient& p_;
    const Scratch& s_;
    Index keys_, b_, h_;
    HeadPlace next_;
    bool isFirst_ = true; ///< nothing was added yet
};

}

AttentionSinks sinksFor(Run& run, Tape& tape, const Heads& q, const Heads& k, const Heads& v)
{
    const bool arePacked = q.storage.same(k.storage) && q.storage.same(v.storage)
        && elementsOf(q) + elementsOf(k) + elementsOf(v) == q.storage.count() && q.origin != k.origin
        && q.origin != v.origin && k.origin != v.origin;
    if (!arePacked)
        return {sinkFor(run, tape, q), sinkFor(run, tape, k), sinkFor(run, tape, v)};
    const GradientSink all = tape.sink(run, q.storage);
    const HeadsSink part{all.data, all.adds};
    return {part, part, part};
}

void AttentionGradient::compute(Run& run) const
{
    const Heads& anyQueries = q.storage.defined() ? q : ofZ;
    const Index keys = k.storage.defined() ? k.tokens : v.tokens;
    const Index heads = anyQueries.heads, queries = anyQueries.tokens;
    const QueryCut cut(queries);
    const Index size = Scratch(*this, keys, cut.rows, nullptr).size;
    Tensor memory = run.make({run.threads(), size});
    float* scratch = memory.writable().data();
    const Index tasks = anyQueries.batch * heads;
    const auto placeOf = [heads](Index task) { return HeadPlace{task / heads, task % heads}; };
    run.parallel(tasks, [&](Index task, int worker) {
        const Scratch mine(*this, keys, cut.rows, scratch + worker * size);
        HeadTask head(*this, mine, keys, placeOf(task), placeOf(std::min(task + run.threads(), tasks - 1)));
        for (Index begin = 0; begin < queries; begin += cut.rows)
            head.block(heads, queries, begin, std::min(queries, begin + cut.rows));
        head.finish();
    });
}

}
