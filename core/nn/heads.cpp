// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/heads.h"

#include "core/nn/heads_backward.h"
#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

Heads unpacked(const Tensor& packed, int which, int count, int heads)
{
    const Index row = packed.dim(2), channels = row / (count * heads);
    assert(packed.rank() == 3 && row == count * heads * channels);
    return {packed, which * heads * channels, packed.dim(0), heads, packed.dim(1), channels,
        packed.dim(1) * row, channels, row};
}

Heads headsOf(const Tensor& t)
{
    assert(t.rank() == 4);
    return {t, 0, t.dim(0), t.dim(1), t.dim(2), t.dim(3), t.dim(1) * t.dim(2) * t.dim(3), t.dim(2) * t.dim(3),
        t.dim(3)};
}

namespace {

Tensor gatheredCopy(Run& run, const Heads& heads)
{
    Tensor out = run.make({heads.batch, heads.heads, heads.tokens, heads.channels});
    float* to = out.writable().data();
    run.parallel(heads.batch * heads.heads, [&](Index task) {
        const float* from = heads.head(task / heads.heads, task % heads.heads);
        for (Index t = 0; t < heads.tokens; ++t)
            std::copy_n(from + t * heads.tokenStride, heads.channels,
                to + (task * heads.tokens + t) * heads.channels);
    });
    return out;
}

/// The gradient of the copy goes where the heads came from.
void recordGathered(Run& run, const Heads& heads, const Tensor& copy)
{
    if (Tape* tape = run.tapeFor(heads.storage))
        tape->record(copy, [heads](Run& r, Tape& t, const Tensor& gradient) {
            const HeadsSink sink = sinkFor(r, t, heads);
            float* to = sink.data + heads.origin;
            const float* from = gradient.data();
            r.parallel(heads.batch * heads.heads, [&](Index task) {
                const Index b = task / heads.heads, h = task % heads.heads;
                for (Index token = 0; token < heads.tokens; ++token)
                    writeRow(from + (task * heads.tokens + token) * heads.channels, heads.channels, sink.adds,
                        to + b * heads.batchStride + h * heads.headStride + token * heads.tokenStride);
            });
        });
}

}

Tensor gathered(Run& run, const Heads& heads)
{
    Tensor out = gatheredCopy(run, heads);
    recordGathered(run, heads, out);
    return out;
}

Tensor merged(Run& run, const Tensor& heads)
{
    const Heads from = headsOf(heads);
    Tensor out = run.make({from.batch, from.tokens, from.heads * from.channels});
    float* to = out.writable().data();
    run.parallel(from.batch * from.heads, [&](Index task) {
        const Index b = task / from.heads, h = task % from.heads;
        for (Index t = 0; t < from.tokens; ++t)
            std::copy_n(from.head(b, h) + t * from.tokenStride, from.channels,
                to + ((b * from.tokens + t) * from.heads + h) * from.channels);
    });
    if (Tape* tape = run.tapeFor(heads))
        tape->record(
            out, [heads, count = static_cast<int>(from.heads)](Run& r, Tape& t, const Tensor& gradient) {
                t.give(r, heads, gatheredCopy(r, unpacked(gradient, 0, 1, count)));
            });
    return out;
}

Heads shown(Run& run, std::string_view signal, const Heads& heads, const LayoutPtr& layout)
{
    const auto bytes
        = static_cast<std::size_t>(heads.batch * heads.heads * heads.tokens * heads.channels) * sizeof(float);
    const Shown context{.queries = layout};
    if (run.wants(signal, bytes) != Want::Nothing) {
        const Tensor value = gatheredCopy(run, heads), result = run.offer(signal, value, context);
        if (!result.same(value)) {
            recordGathered(run, heads, value);
            run.recordEdit(signal, value, result, context);
            run.follow(signal, result, context);
            return headsOf(result);
        }
    }
    if (run.tape()) // the function below takes memory
        run.follow(signal, heads.storage, context, [heads](Run& r, const Tensor& gradient) {
            Heads same = heads;
            same.storage = gradient;
            return gatheredCopy(r, same);
        });
    return heads;
}

HeadsSink sinkFor(Run& run, Tape& tape, const Heads& heads)
{
    const GradientSink sink = tape.sink(run, heads.storage);
    const bool isWhole = heads.batch * heads.heads * heads.tokens * heads.channels == heads.storage.count();
    if (!sink || sink.adds || isWhole)
        return {sink.data, sink.adds};
    std::fill_n(sink.data, heads.storage.count(), 0.0F);
    return {sink.data, true};
}

}
