// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/tokens.h"

#include "core/nn/elementwise.h"
#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// fn(patch line, picture line) for each line of each patch, both as offsets of `patch` floats.
template <class Fn>
void eachPatchLine(const Shape& image, Index patch, Index b, Index row, Fn fn)
{
    const Index channels = image[1], height = image[2], width = image[3], cols = width / patch;
    Index next = (b * (height / patch) + row) * cols * channels * patch * patch;
    for (Index col = 0; col < cols; ++col)
        for (Index c = 0; c < channels; ++c)
            for (Index y = 0; y < patch; ++y, next += patch)
                fn(next, ((b * channels + c) * height + row * patch + y) * width + col * patch);
}

/// fn(float of the patches, float of the tokens) for each element of a row of patches of [B, H * W, C].
template <class Fn>
void eachPatchToken(const Shape& x, Index rows, Index cols, Index patch, Index task, Fn fn)
{
    const Index across = cols / patch, down = rows / patch, channels = x[2], b = task / down,
                row = task % down;
    for (Index col = 0; col < across; ++col)
        for (Index y = 0; y < patch; ++y)
            for (Index z = 0; z < patch; ++z) {
                const Index first = (task * across + col) * channels * patch * patch + y * patch + z;
                const Index token = (b * rows + row * patch + y) * cols + col * patch + z;
                for (Index c = 0; c < channels; ++c)
                    fn(first + c * patch * patch, token * channels + c);
            }
}

/// Tokens [first, first + count) of [B, N, C].
Tensor tokensOf(Run& run, const Tensor& x, Index first, Index count)
{
    const Index n = x.dim(1), channels = x.dim(2);
    Tensor out = run.make({x.dim(0), count, channels});
    float* next = out.writable().data();
    for (Index b = 0; b < x.dim(0); ++b)
        next = std::copy_n(x.data() + (b * n + first) * channels, count * channels, next);
    return out;
}

/// Each part gets its stretch of tokens; one that stands for every sample, the sum over the samples.
void splitBackward(Run& run, Tape& tape, const std::vector<Tensor>& parts, const Tensor& gradient)
{
    Index first = 0;
    for (const Tensor& part : parts) {
        const Index count = part.dim(1);
        if (tape.reaches(part)) {
            const Tensor share = tokensOf(run, gradient, first, count);
            tape.give(run, part, part.dim(0) == share.dim(0) ? share : summedOverSamples(run, share));
        }
        first += count;
    }
}

/// The gradient of the mean over tokens [first, end), to each its share; 0 to the others.
void spreadBackward(Run& run, Tape& tape, const Tensor& x, Index first, Index end, const Tensor& gradient)
{
    const GradientSink sink = tape.sink(run, x);
    const Index n = x.dim(1), channels = x.dim(2);
    const auto share = 1 / static_cast<float>(end - first);
    run.parallel(sink ? x.dim(0) : 0, [&](Index b) {
        const float* from = gradient.data() + b * channels;
        for (Index t = 0; t < n; ++t)
            for (Index c = 0; c < channels; ++c) {
                const float value = t >= first && t < end ? from[c] * share : 0;
                float& to = sink.data[(b * n + t) * channels + c];
                to = sink.adds ? to + value : value;
            }
    });
}

}

Tensor unfoldPatches(Run& run, const Tensor& image, Index patch)
{
    const Index rows = image.dim(2) / patch, cols = image.dim(3) / patch;
    assert(rows * patch == image.dim(2) && cols * patch == image.dim(3));
    Tensor out = run.make({image.dim(0), rows * cols, image.dim(1) * patch * patch});
    const float* from = image.data();
    float* to = out.writable().data();
    run.parallel(image.dim(0) * rows, [&](Index task) {
        eachPatchLine(image.shape(), patch, task / rows, task % rows,
            [&](Index line, Index pixels) { std::copy_n(from + pixels, patch, to + line); });
    });
    if (Tape* tape = run.tapeFor(image))
        tape->record(out, [image, patch, rows](Run& r, Tape& t, const Tensor& gradient) {
            const GradientSink sink = t.sink(r, image);
            r.parallel(image.dim(0) * rows, [&](Index task) {
                eachPatchLine(image.shape(), patch, task / rows, task % rows, [&](Index line, Index pixels) {
                    writeRow(gradient.data() + line, patch, sink.adds, sink.data + pixels);
                });
            });
        });
    return out;
}

Tensor unfoldTokens(Run& run, const Tensor& x, Index rows, Index cols, Index patch)
{
    assert(x.rank() == 3 && x.dim(1) == rows * cols);
    const Index tasks = x.dim(0) * (rows / patch);
    Tensor out = run.make({x.dim(0), (rows / patch) * (cols / patch), x.dim(2) * patch * patch});
    const float* from = x.data();
    float* to = out.writable().data();
    run.parallel(tasks, [&](Index task) {
        eachPatchToken(
            x.shape(), rows, cols, patch, task, [&](Index i, Index token) { to[i] = from[token]; });
    });
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, rows, cols, patch, tasks](Run& r, Tape& t, const Tensor& gradient) {
            Tensor ofX = r.make(x.shape());
            float* all = ofX.writable().data();
            std::fill_n(all, ofX.count(), 0.0F); // what no patch holds
            r.parallel(tasks, [&](Index task) {
                eachPatchToken(x.shape(), rows, cols, patch, task,
                    [&](Index i, Index token) { all[token] = gradient.data()[i]; });
            });
            t.give(r, x, ofX);
        });
    return out;
}

Tensor channelsLast(Run& run, const Tensor& image)
{
    const Index channels = image.dim(1), pixels = image.dim(2) * image.dim(3);
    Tensor out = run.make({image.dim(0), image.dim(2), image.dim(3), channels});
    float* to = out.writable().data();
    run.parallel(image.dim(0) * channels, [&](Index plane) {
        float* first = to + plane / channels * pixels * channels + plane % channels;
        for (Index i = 0; i < pixels; ++i)
            first[i * channels] = image.data()[plane * pixels + i];
    });
    if (Tape* tape = run.tapeFor(image))
        tape->record(out, [image, channels, pixels](Run& r, Tape& t, const Tensor& gradient) {
            const GradientSink sink = t.sink(r, image);
            r.parallel(image.dim(0) * channels, [&](Index plane) {
                const float* first
                    = gradient.data() + plane / channels * pixels * channels + plane % channels;
                for (Index i = 0; i < pixels; ++i) {
                    float& value = sink.data[plane * pixels + i];
                    value = sink.adds ? value + first[i * channels] : first[i * channels];
                }
            });
        });
    return out;
}

Tensor concatTokens(Run& run, std::span<const Tensor> parts)
{
    Index batch = 1, tokens = 0;
    for (const Tensor& part : parts) {
        assert(part.rank() == 3 && part.dim(2) == parts.front().dim(2));
        batch = std::max(batch, part.dim(0));
        tokens += part.dim(1);
    }
    Tensor out = run.make({batch, tokens, parts.front().dim(2)});
    float* next = out.writable().data();
    for (Index b = 0; b < batch; ++b)
        for (const Tensor& part : parts) {
            const Index size = part.dim(1) * part.dim(2);
            next = std::copy_n(part.data() + (part.dim(0) == 1 ? 0 : b) * size, size, next);
        }
    Tape* tape = run.tape();
    if (tape && std::ranges::any_of(parts, [tape](const Tensor& part) { return tape->reaches(part); }))
        tape->record(out,
            [all = std::vector<Tensor>(parts.begin(), parts.end())](
                Run& r, Tape& t, const Tensor& gradient) { splitBackward(r, t, all, gradient); });
    return out;
}

Tensor takeToken(Run& run, const Tensor& x, Index token)
{
    const Index n = x.dim(1), channels = x.dim(2);
    Tensor out = run.make({x.dim(0), channels});
    for (Index b = 0; b < x.dim(0); ++b)
        std::copy_n(x.data() + (b * n + token) * channels, channels, out.writable().data() + b * channels);
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, token](Run& r, Tape& t, const Tensor& gradient) {
            spreadBackward(r, t, x, token, token + 1, gradient);
        });
    return out;
}

Tensor someTokens(Run& run, const Tensor& x, Index first, Index count)
{
    const Tensor out = tokensOf(run, x, first, count);
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, first, count](Run& r, Tape& t, const Tensor& gradient) {
            const GradientSink sink = t.sink(r, x);
            const Index n = x.dim(1), channels = x.dim(2);
            for (Index b = 0; b < (sink ? x.dim(0) : 0); ++b) {
                float* to = sink.data + b * n * channels;
                if (!sink.adds)
                    std::fill_n(to, n * channels, 0.0F);
                writeRow(gradient.data() + b * count * channels, count * channels, sink.adds,
                    to + first * channels);
            }
        });
    return out;
}

Tensor selectTokens(Run& run, const Tensor& x, const Tensor& numbers)
{
    const Index batch = x.dim(0), tokens = x.dim(1), channels = x.dim(2), n = numbers.dim(1);
    assert(numbers.dim(0) == batch);
    Tensor out = run.make({batch, n, channels});
    float* to = out.writable().data();
    run.parallel(batch, [&](Index b) {
        const std::int32_t* number = numbers.values<std::int32_t>().data() + b * n;
        for (Index i = 0; i < n; ++i)
            std::copy_n(
                x.data() + (b * tokens + number[i]) * channels, channels, to + (b * n + i) * channels);
    });
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, numbers](Run& r, Tape& t, const Tensor& gradient) {
            Tensor ofX = r.make(x.shape());
            float* all = ofX.writable().data();
            std::fill_n(all, ofX.count(), 0.0F); // of what was not taken
            const Index count = numbers.dim(1), size = x.dim(2);
            r.parallel(x.dim(0), [&](Index b) {
                const std::int32_t* number = numbers.values<std::int32_t>().data() + b * count;
                for (Index i = 0; i < count; ++i)
                    std::copy_n(gradient.data() + (b * count + i) * size, size,
                        all + (b * x.dim(1) + number[i]) * size);
            });
            t.give(r, x, ofX);
        });
    return out;
}

namespace {

Tensor scaledCopy(Run& run, const Tensor& x, const Tensor& factors)
{
    const Index channels = x.dim(2);
    Tensor out = run.make(x.shape());
    float* to = out.writable().data();
    run.parallel(x.dim(0) * x.dim(1), [&](Index token) {
        const float factor = factors.data()[token], *from = x.data() + token * channels;
        for (Index c = 0; c < channels; ++c)
            to[token * channels + c] = factor == 0 ? 0 : from[c] * factor;
    });
    return out;
}

}

Tensor scaledTokens(Run& run, const Tensor& x, const Tensor& factors)
{
    assert(factors.count() == x.dim(0) * x.dim(1));
    const Tensor out = scaledCopy(run, x, factors);
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, factors](Run& r, Tape& t, const Tensor& gradient) {
            t.give(r, x, scaledCopy(r, gradient, factors));
        });
    return out;
}

Tensor meanTokens(Run& run, const Tensor& x, Index first)
{
    const Index n = x.dim(1), channels = x.dim(2);
    Tensor out = run.make({x.dim(0), channels});
    for (Index b = 0; b < x.dim(0); ++b) {
        float* sum = out.writable().data() + b * channels;
        std::fill_n(sum, channels, 0.0F);
        for (Index t = first; t < n; ++t)
            for (Index c = 0; c < channels; ++c)
                sum[c] += x.data()[(b * n + t) * channels + c];
        for (Index c = 0; c < channels; ++c)
            sum[c] /= static_cast<float>(n - first);
    }
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, first](Run& r, Tape& t, const Tensor& gradient) {
            spreadBackward(r, t, x, first, x.dim(1), gradient);
        });
    return out;
}

}
