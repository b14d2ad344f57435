// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"

#include <cmath>
#include <numbers>
#include <numeric>

namespace fovea::toys {

void requireDivisor(const Config& config, const char* divisor, const char* field)
{
    if (config.integer(field) % config.integer(divisor))
        throw Error("field '" + std::string(divisor) + "': expected a divisor of " + field + ", found "
            + std::to_string(config.integer(divisor)));
}

Tensor filled(Run& run, const Shape& shape, const std::function<float(Index)>& element)
{
    Tensor out = run.make(shape);
    const auto values = out.writable();
    for (Index i = 0; i < shape.count(); ++i)
        values[static_cast<std::size_t>(i)] = element(i);
    return out;
}

Tensor product(Run& run, const Tensor& a, const Tensor& b, bool transposed)
{
    const Index n = a.dim(-2), d = a.dim(-1), m = b.dim(transposed ? -2 : -1);
    const bool isShared = b.rank() == 2;
    assert(b.dim(transposed ? -1 : -2) == d);
    Shape shape = a.shape();
    shape[-1] = m;
    return filled(run, shape, [&](Index i) {
        const float* row = a.data() + i / m * d;
        const float* other = b.data() + (isShared ? 0 : i / (n * m) * m * d);
        float sum = 0;
        for (Index c = 0; c < d; ++c)
            sum += row[c] * (transposed ? other[i % m * d + c] : other[c * m + i % m]);
        return sum;
    });
}

Tensor linear(Run& run, const Tensor& x, std::string_view name)
{
    return product(run, x, run.weight(name), true);
}

Tensor sum(Run& run, const Tensor& a, const Tensor& b)
{
    assert(a.shape() == b.shape());
    return filled(run, a.shape(), [&](Index i) { return a.data()[i] + b.data()[i]; });
}

Tensor softmax(Run& run, const Tensor& scores, float scale)
{
    Tensor out = filled(run, scores.shape(), [&](Index i) { return scale * scores.data()[i]; });
    const auto values = out.writable();
    const auto n = static_cast<std::size_t>(out.dim(-1));
    for (std::size_t first = 0; first < values.size(); first += n) {
        const auto row = values.subspan(first, n);
        const float top = *std::ranges::max_element(row);
        float total = 0;
        for (float& v : row)
            total += v = std::exp(v - top);
        for (float& v : row)
            v /= total;
    }
    return out;
}

Tensor splitHeads(Run& run, const Tensor& x, Index heads)
{
    const Index tokens = x.dim(1), channels = x.dim(2), d = channels / heads;
    return filled(run, {x.dim(0), heads, tokens, d}, [&](Index i) {
        const Index c = i % d, t = i / d % tokens, h = i / (d * tokens) % heads, b = i / (d * tokens * heads);
        return x.data()[(b * tokens + t) * channels + h * d + c];
    });
}

Tensor mergeHeads(Run& run, const Tensor& x)
{
    const Index heads = x.dim(1), tokens = x.dim(2), d = x.dim(3);
    return filled(run, {x.dim(0), tokens, heads * d}, [&](Index i) {
        const Index c = i % d, h = i / d % heads, t = i / (d * heads) % tokens, b = i / (d * heads * tokens);
        return x.data()[((b * heads + h) * tokens + t) * d + c];
    });
}

Tensor prepended(Run& run, const Tensor& x, const Tensor& token)
{
    const Index d = x.dim(2), size = (x.dim(1) + 1) * d;
    return filled(run, {x.dim(0), x.dim(1) + 1, d}, [&](Index i) {
        return i % size < d ? token.data()[i % size] : x.data()[i / size * (size - d) + i % size - d];
    });
}

Tensor firstToken(Run& run, const Tensor& x)
{
    const Index d = x.dim(2);
    return filled(run, {x.dim(0), d}, [&](Index i) { return x.data()[i / d * x.dim(1) * d + i % d]; });
}

Tensor meanOverTokens(Run& run, const Tensor& x)
{
    const Index tokens = x.dim(1), channels = x.dim(2);
    return filled(run, {x.dim(0), channels}, [&](Index i) {
        float total = 0;
        for (Index t = 0; t < tokens; ++t)
            total += x.data()[(i / channels * tokens + t) * channels + i % channels];
        return total / static_cast<float>(tokens);
    });
}

Tensor patches(Run& run, const Tensor& picture, Index p)
{
    const Index channels = picture.dim(1), height = picture.dim(2), width = picture.dim(3), cols = width / p;
    const Index tokens = height / p * cols, d = channels * p * p;
    return filled(run, {picture.dim(0), tokens, d}, [&](Index i) {
        const Index e = i % d, t = i / d % tokens, b = i / (d * tokens);
        const Index y = t / cols * p + e / p % p, x = t % cols * p + e % p;
        return picture.data()[((b * channels + e / (p * p)) * height + y) * width + x];
    });
}

Tensor gather(Run& run, const Tensor& x, const Tensor& index)
{
    const Index groups = index.dim(0), n = index.dim(1), heads = x.dim(1), tokens = x.dim(2), d = x.dim(3);
    const auto token = index.values<std::int32_t>();
    return filled(run, {x.dim(0), groups, heads, n, d}, [&](Index i) {
        const Index c = i % d, t = i / d % n, h = i / (d * n) % heads, g = i / (d * n * heads) % groups;
        const Index b = i / (d * n * heads * groups);
        return x.data()[((b * heads + h) * tokens + token[static_cast<std::size_t>(g * n + t)]) * d + c];
    });
}

Tensor scatter(Run& run, const Tensor& x, const Tensor& index)
{
    const Index groups = x.dim(1), heads = x.dim(2), n = x.dim(3), d = x.dim(4), tokens = groups * n;
    std::vector<Index> at(static_cast<std::size_t>(tokens));
    for (Index i = 0; i < tokens; ++i)
        at[static_cast<std::size_t>(index.values<std::int32_t>()[static_cast<std::size_t>(i)])] = i;
    return filled(run, {x.dim(0), heads, tokens, d}, [&](Index i) {
        const Index c = i % d, place = at[static_cast<std::size_t>(i / d % tokens)];
        const Index h = i / (d * tokens) % heads, b = i / (d * tokens * heads);
        return x.data()[(((b * groups + place / n) * heads + h) * n + place % n) * d + c];
    });
}

Tensor pooled(Run& run, const Tensor& x)
{
    const Index h = x.dim(2) / 2, w = x.dim(3) / 2;
    return filled(run, {x.dim(0), x.dim(1), h, w}, [&](Index i) {
        const float* top = x.data() + (i / (h * w) * 2 * h + i / w % h * 2) * 2 * w + i % w * 2;
        return (top[0] + top[1] + top[2 * w] + top[2 * w + 1]) / 4;
    });
}

Tensor asGrid(Run& run, const Tensor& x, Index rows)
{
    const Index tokens = x.dim(1), channels = x.dim(2);
    const Tensor turned = mergeHeads(run, x.reshaped({x.dim(0), tokens, channels, 1})); // channels as tokens
    return turned.reshaped({x.dim(0), channels, rows, tokens / rows});
}

Tensor take(Run& run, const Tensor& x, const Tensor& index)
{
    const Index m = index.dim(1), n = x.dim(1), d = x.dim(2);
    const auto token = index.values<std::int32_t>();
    return filled(run, {x.dim(0), m, d}, [&](Index i) {
        return x.data()[(i / (d * m) * n + token[static_cast<std::size_t>(i / d)]) * d + i % d];
    });
}

Tensor attend(Run& run, const Tensor& x, const LayoutPtr& layout, Index heads)
{
    const auto scope = run.in("attn");
    const Shown tokens{.queries = layout};
    const Tensor q = splitHeads(run, linear(run, x, "q.weight"), heads),
                 &k = q; // tied, as in some vision models
    const Tensor v = splitHeads(run, linear(run, x, "v.weight"), heads);
    const Tensor scores = product(run, q, k, true); // [B, heads, n, n]
    const Index batch = x.dim(0), n = x.dim(1), d = q.dim(3);
    const float scale = 1 / std::sqrt(static_cast<float>(d));
    Tensor pattern = softmax(run, scores, scale).reshaped({batch, 1, heads, n, n});
    if (run.wants("pattern", pattern.byteSize()) == Want::Factors) {
        const Tensor logSum = filled(run, {batch, 1, heads, n}, [&](Index i) {
            const float* row = pattern.data() + i * n; // log p = scale * s - logSum, for the largest p
            const Index top = std::max_element(row, row + n) - row;
            return scale * scores.data()[i * n + top] - std::log(row[top]);
        });
        const Tensor factor = q.reshaped({batch, 1, heads, n, d});
        run.showFactors("pattern", {factor, factor, logSum, scale}, tokens);
    } else {
        pattern = run.show("pattern", pattern, tokens);
    }
    const Tensor y = product(run, pattern.reshaped(scores.shape()), v);
    return sum(run, x, mergeHeads(run, run.show("head", y, tokens)));
}

Tensor betterHalf(const Tensor& scores)
{
    const Index n = scores.dim(1), half = 1 + (n - 1) / 2;
    Tensor kept({scores.dim(0), half}, DType::I32);
    for (Index b = 0; b < scores.dim(0); ++b) {
        const float* score = scores.data() + b * n;
        std::vector<std::int32_t> order(static_cast<std::size_t>(n));
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin() + 1, order.end(), [&](auto i, auto j) { return score[i] > score[j]; });
        std::sort(order.begin(), order.begin() + half);
        std::copy_n(order.begin(), half, kept.writable<std::int32_t>().begin() + b * half);
    }
    return kept;
}

namespace {

/// exp(-2 pi i (ky y + kx x) / side), k and pixel as flat positions
Complex wave(Index k, Index pixel, Index side)
{
    const Index half = side / 2 + 1;
    const Index turns = (k / half) * (pixel / side) + (k % half) * (pixel % side);
    return std::polar(
        1.0F, -2 * std::numbers::pi_v<float> * static_cast<float>(turns % side) / static_cast<float>(side));
}

}

Tensor halfSpectrum(Run& run, const Tensor& x)
{
    const Index side = x.dim(3), half = side / 2 + 1;
    Tensor out = run.make({x.dim(0), x.dim(1), side, half}, DType::C64);
    const auto values = out.writable<Complex>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto k = static_cast<Index>(i) % (side * half), plane = static_cast<Index>(i) / (side * half);
        values[i] = 0;
        for (Index p = 0; p < side * side; ++p)
            values[i] += x.data()[plane * side * side + p] * wave(k, p, side);
    }
    return out;
}

Tensor fromHalfSpectrum(Run& run, const Tensor& spectrum)
{
    const Index side = spectrum.dim(2), half = spectrum.dim(3);
    const auto values = spectrum.values<Complex>();
    return filled(run, {spectrum.dim(0), spectrum.dim(1), side, side}, [&](Index i) {
        float sum = 0;
        for (Index k = 0; k < side * half; ++k) {
            const float weight = k % half == 0 || k % half == half - 1 ? 1 : 2;
            const Complex value = values[static_cast<std::size_t>(i / (side * side) * side * half + k)];
            sum += weight * (value * std::conj(wave(k, i % (side * side), side))).real();
        }
        return sum / static_cast<float>(side * side);
    });
}

}
