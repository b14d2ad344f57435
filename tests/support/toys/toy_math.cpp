// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"

#include "core/nn/custom.h"

#include <cmath>
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

Tensor combined(Run& run, const std::vector<Tensor>& inputs, const Shape& shape, const Terms& terms)
{
    const auto forward = [&](Run& r) {
        return filled(r, shape, [&](Index i) {
            float total = 0;
            terms(i, [&](const Term& t) {
                total += t.weight * inputs[static_cast<std::size_t>(t.input)].data()[t.index];
            });
            return total;
        });
    };
    return nn::custom(run, inputs, forward, [terms](Run&, const nn::CustomBackward& of) {
        std::vector<Tensor> gradients;
        for (const Tensor& input : of.inputs)
            gradients.push_back(Tensor::zeros(input.shape()));
        for (Index i = 0; i < of.output.count(); ++i)
            terms(i, [&](const Term& t) {
                gradients[static_cast<std::size_t>(t.input)].writable()[static_cast<std::size_t>(t.index)]
                    += t.weight * of.gradient.data()[i];
            });
        return gradients;
    });
}

namespace {

/// x with its elements in other places: element i of the result is element source(i) of x.
template <class Source>
Tensor rearranged(Run& run, const Tensor& x, const Shape& shape, Source source)
{
    return combined(run, {x}, shape, [source](Index i, const AddTerm& add) { add({0, source(i), 1}); });
}

/// Extents of a product, and where its factors stand.
struct Product {
    Index n, d, m;
    bool isShared, isTransposed;

    Index left(Index i, Index c) const { return i / m * d + c; }
    Index right(Index i, Index c) const
    {
        return (isShared ? 0 : i / (n * m) * m * d) + (isTransposed ? i % m * d + c : c * m + i % m);
    }
};

}

Tensor product(Run& run, const Tensor& a, const Tensor& b, bool transposed)
{
    const Product p{a.dim(-2), a.dim(-1), b.dim(transposed ? -2 : -1), b.rank() == 2, transposed};
    assert(b.dim(transposed ? -1 : -2) == p.d);
    Shape shape = a.shape();
    shape[-1] = p.m;
    const auto forward = [&](Run& r) {
        return filled(r, shape, [&](Index i) {
            float total = 0;
            for (Index c = 0; c < p.d; ++c)
                total += a.data()[p.left(i, c)] * b.data()[p.right(i, c)];
            return total;
        });
    };
    return nn::custom(run, {a, b}, forward, [p](Run&, const nn::CustomBackward& of) {
        const Tensor &x = of.inputs[0], &y = of.inputs[1];
        std::vector<Tensor> gradients{Tensor::zeros(x.shape()), Tensor::zeros(y.shape())};
        float *ofX = gradients[0].writable().data(), *ofY = gradients[1].writable().data();
        for (Index i = 0; i < of.output.count(); ++i)
            for (Index c = 0; c < p.d; ++c) {
                ofX[p.left(i, c)] += of.gradient.data()[i] * y.data()[p.right(i, c)];
                ofY[p.right(i, c)] += of.gradient.data()[i] * x.data()[p.left(i, c)];
            }
        return gradients;
    });
}

Tensor linear(Run& run, const Tensor& x, std::string_view name)
{
    return product(run, x, run.weight(name), true);
}

Tensor sum(Run& run, const Tensor& a, const Tensor& b)
{
    assert(a.shape() == b.shape());
    return combined(run, {a, b}, a.shape(), [](Index i, const AddTerm& add) {
        add({0, i, 1});
        add({1, i, 1});
    });
}

namespace {

Tensor softmaxOf(Run& run, const Tensor& scores, float scale)
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

}

Tensor softmax(Run& run, const Tensor& scores, float scale)
{
    const auto forward = [&](Run& r) { return softmaxOf(r, scores, scale); };
    return nn::custom(run, {scores}, forward, [scale](Run& r, const nn::CustomBackward& of) {
        const float *p = of.output.data(), *g = of.gradient.data();
        const Index n = of.output.dim(-1);
        return std::vector<Tensor>{filled(r, of.output.shape(), [=](Index i) { // scale p (g - sum p g)
            const Index first = i / n * n;
            return scale * p[i] * (g[i] - std::inner_product(p + first, p + first + n, g + first, 0.0F));
        })};
    });
}

Tensor splitHeads(Run& run, const Tensor& x, Index heads)
{
    const Index tokens = x.dim(1), channels = x.dim(2), d = channels / heads;
    return rearranged(run, x, {x.dim(0), heads, tokens, d}, [=](Index i) {
        const Index c = i % d, t = i / d % tokens, h = i / (d * tokens) % heads, b = i / (d * tokens * heads);
        return (b * tokens + t) * channels + h * d + c;
    });
}

Tensor mergeHeads(Run& run, const Tensor& x)
{
    const Index heads = x.dim(1), tokens = x.dim(2), d = x.dim(3);
    return rearranged(run, x, {x.dim(0), tokens, heads * d}, [=](Index i) {
        const Index c = i % d, h = i / d % heads, t = i / (d * heads) % tokens, b = i / (d * heads * tokens);
        return ((b * heads + h) * tokens + t) * d + c;
    });
}

Tensor prepended(Run& run, const Tensor& x, const Tensor& token)
{
    const Index d = x.dim(2), size = (x.dim(1) + 1) * d;
    return combined(run, {token, x}, {x.dim(0), x.dim(1) + 1, d}, [=](Index i, const AddTerm& add) {
        const Index at = i % size;
        add(at < d ? Term{0, at, 1} : Term{1, i / size * (size - d) + at - d, 1});
    });
}

Tensor firstToken(Run& run, const Tensor& x)
{
    const Index d = x.dim(2), tokens = x.dim(1);
    return rearranged(run, x, {x.dim(0), d}, [=](Index i) { return i / d * tokens * d + i % d; });
}

Tensor meanOverTokens(Run& run, const Tensor& x)
{
    const Index tokens = x.dim(1), channels = x.dim(2);
    return combined(run, {x}, {x.dim(0), channels}, [=](Index i, const AddTerm& add) {
        for (Index t = 0; t < tokens; ++t)
            add({0, (i / channels * tokens + t) * channels + i % channels, 1 / static_cast<float>(tokens)});
    });
}

Tensor patches(Run& run, const Tensor& picture, Index p)
{
    const Index channels = picture.dim(1), height = picture.dim(2), width = picture.dim(3), cols = width / p;
    const Index tokens = height / p * cols, d = channels * p * p;
    return rearranged(run, picture, {picture.dim(0), tokens, d}, [=](Index i) {
        const Index e = i % d, t = i / d % tokens, b = i / (d * tokens);
        const Index y = t / cols * p + e / p % p, x = t % cols * p + e % p;
        return ((b * channels + e / (p * p)) * height + y) * width + x;
    });
}

namespace {

std::int32_t at(const Tensor& index, Index i)
{
    return index.values<std::int32_t>()[static_cast<std::size_t>(i)];
}

}

Tensor gather(Run& run, const Tensor& x, const Tensor& index)
{
    const Index groups = index.dim(0), n = index.dim(1), heads = x.dim(1), tokens = x.dim(2), d = x.dim(3);
    return rearranged(run, x, {x.dim(0), groups, heads, n, d}, [=](Index i) {
        const Index c = i % d, t = i / d % n, h = i / (d * n) % heads, g = i / (d * n * heads) % groups;
        const Index b = i / (d * n * heads * groups);
        return ((b * heads + h) * tokens + at(index, g * n + t)) * d + c;
    });
}

Tensor scatter(Run& run, const Tensor& x, const Tensor& index)
{
    const Index groups = x.dim(1), heads = x.dim(2), n = x.dim(3), d = x.dim(4), tokens = groups * n;
    std::vector<Index> places(static_cast<std::size_t>(tokens));
    for (Index i = 0; i < tokens; ++i)
        places[static_cast<std::size_t>(at(index, i))] = i;
    return rearranged(run, x, {x.dim(0), heads, tokens, d}, [=](Index i) {
        const Index c = i % d, place = places[static_cast<std::size_t>(i / d % tokens)];
        const Index h = i / (d * tokens) % heads, b = i / (d * tokens * heads);
        return (((b * groups + place / n) * heads + h) * n + place % n) * d + c;
    });
}

Tensor pooled(Run& run, const Tensor& x)
{
    const Index h = x.dim(2) / 2, w = x.dim(3) / 2;
    return combined(run, {x}, {x.dim(0), x.dim(1), h, w}, [=](Index i, const AddTerm& add) {
        const Index top = (i / (h * w) * 2 * h + i / w % h * 2) * 2 * w + i % w * 2;
        for (const Index place : {top, top + 1, top + 2 * w, top + 2 * w + 1})
            add({0, place, 0.25F});
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
    return rearranged(
        run, x, {x.dim(0), m, d}, [=](Index i) { return (i / (d * m) * n + at(index, i / d)) * d + i % d; });
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

}
