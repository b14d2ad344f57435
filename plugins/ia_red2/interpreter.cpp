// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/interpreter.h"

#include "core/nn/custom.h"
#include "core/nn/simd.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::ia_red2 {

namespace {

/// Dot product, its lanes added in a fixed tree.
float dot(const float* a, const float* b, Index n)
{
    simd::Floats total{};
    Index i = 0;
    for (; i + simd::width <= n; i += simd::width)
        total += simd::load(a + i) * simd::load(b + i);
    float sum = simd::sum(total);
    for (; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

void addScaled(float factor, const float* from, Index n, float* to)
{
    for (Index i = 0; i < n; ++i)
        to[i] += factor * from[i];
}

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

/// One interpreter on one batch; forward and backward share what they make of a sample.
struct Judge {
    Tensor x, weight, bias; ///< [B, n, C], [3 C, C], [3 C]
    Index heads;

    Index tokens() const { return x.dim(1); }
    Index channels() const { return x.dim(2); }
    Index headSize() const { return channels() / heads; }
    float scale() const { return 1 / std::sqrt(static_cast<float>(headSize())); }
    const float* token(Index b, Index j) const { return x.data() + (b * tokens() + j) * channels(); }
    const float* keyRow(Index row) const { return weight.data() + (channels() + row) * channels(); }
    float keyBias(Index row) const { return bias.data()[channels() + row]; }

    /// The class token's query, [C].
    std::vector<float> query(Index b) const
    {
        std::vector<float> q;
        for (Index row = 0; row < channels(); ++row)
            q.push_back(dot(weight.data() + row * channels(), token(b, 0), channels()) + bias.data()[row]);
        return q;
    }
    /// W^hT q^h for each head, [head, C], and q^h . b^h behind each row.
    std::vector<float> directions(const std::vector<float>& q) const
    {
        const Index width = channels() + 1;
        std::vector<float> all(static_cast<std::size_t>(heads * width));
        for (Index row = 0; row < channels(); ++row) {
            float* to = all.data() + row / headSize() * width;
            addScaled(q[static_cast<std::size_t>(row)], keyRow(row), channels(), to);
            to[channels()] += q[static_cast<std::size_t>(row)] * keyBias(row);
        }
        return all;
    }

    void scores(Index b, float* to) const
    {
        const std::vector<float> all = directions(query(b));
        for (Index h = 0; h < heads; ++h)
            for (Index j = 0; j < tokens(); ++j) {
                const float* direction = all.data() + h * (channels() + 1);
                to[h * tokens() + j]
                    = sigmoid(scale() * (dot(direction, token(b, j), channels()) + direction[channels()]));
            }
    }

    /// Adds a sample's share to the gradients of weight and bias, and writes that of its tokens.
    void backward(Index b, const float* score, const float* gradient, Tensor& ofX, Tensor& ofWeight,
        Tensor& ofBias) const
    {
        const Index n = tokens(), size = channels();
        const std::vector<float> q = query(b), all = directions(q);
        float* toX = ofX.writable().data() + b * n * size;
        std::fill_n(toX, n * size, 0.0F);
        std::vector<float> ofDirection(static_cast<std::size_t>(size)), ofQuery(q.size());
        for (Index h = 0; h < heads; ++h) {
            std::ranges::fill(ofDirection, 0.0F);
            float ofConstant = 0;
            for (Index j = 0; j < n; ++j) {
                const float p = score[h * n + j], g = gradient[h * n + j] * p * (1 - p) * scale();
                ofConstant += g;
                addScaled(g, token(b, j), size, ofDirection.data());
                addScaled(g, all.data() + h * (size + 1), size, toX + j * size);
            }
            for (Index row = h * headSize(); row < (h + 1) * headSize(); ++row) {
                const float value = q[static_cast<std::size_t>(row)];
                addScaled(value, ofDirection.data(), size, ofWeight.writable().data() + (size + row) * size);
                ofBias.writable().data()[size + row] += value * ofConstant;
                ofQuery[static_cast<std::size_t>(row)]
                    = dot(keyRow(row), ofDirection.data(), size) + keyBias(row) * ofConstant;
            }
        }
        for (Index row = 0; row < size; ++row) {
            const float g = ofQuery[static_cast<std::size_t>(row)];
            addScaled(g, token(b, 0), size, ofWeight.writable().data() + row * size);
            ofBias.writable().data()[row] += g;
            addScaled(g, weight.data() + row * size, size, toX);
        }
    }
};

Tensor zeros(Run& run, const Shape& shape)
{
    Tensor all = run.make(shape);
    std::ranges::fill(all.writable(), 0.0F);
    return all;
}

constexpr float least = 1e-6F; // of a probability

}

Tensor headScores(Run& run, const Tensor& x, int heads)
{
    const Judge judge{x, run.weight("agent.qk", ".weight"), run.weight("agent.qk", ".bias"), heads};
    const Index batch = x.dim(0), n = x.dim(1), size = x.dim(2);
    run.countMacs(batch * (2 * size * size + n * heads * size));
    return nn::custom(
        run, {x, judge.weight, judge.bias},
        [&](Run& r) {
            Tensor out = r.make({batch, heads, n});
            float* to = out.writable().data();
            r.parallel(batch, [&](Index b) { judge.scores(b, to + b * heads * n); });
            return out;
        },
        [judge](Run& r, const nn::CustomBackward& what) -> std::vector<Tensor> {
            Tensor ofX = r.make(judge.x.shape()), ofWeight = zeros(r, judge.weight.shape()),
                   ofBias = zeros(r, judge.bias.shape());
            const Index each = judge.heads * judge.tokens();
            for (Index b = 0; b < judge.x.dim(0); ++b) // in order: they add to the same sums
                judge.backward(
                    b, what.output.data() + b * each, what.gradient.data() + b * each, ofX, ofWeight, ofBias);
            return {ofX, ofWeight, ofBias};
        });
}

Tensor meanScores(Run& run, const Tensor& perHead, const Tensor& previous)
{
    const Index batch = perHead.dim(0), heads = perHead.dim(1), n = perHead.dim(2);
    const auto share = 1 / static_cast<float>(heads);
    return nn::custom(
        run, {perHead},
        [&](Run& r) {
            Tensor out = r.make({batch, n});
            for (Index b = 0; b < batch; ++b)
                for (Index j = 0; j < n; ++j) {
                    float sum = 0;
                    for (Index h = 0; h < heads; ++h)
                        sum += perHead.data()[(b * heads + h) * n + j];
                    out.writable().data()[b * n + j] = sum * share * previous.data()[b * n + j];
                }
            return out;
        },
        [=](Run& r, const nn::CustomBackward& what) -> std::vector<Tensor> {
            Tensor of = r.make({batch, heads, n});
            for (Index i = 0; i < of.count(); ++i) {
                const Index at = i / (heads * n) * n + i % n;
                of.writable().data()[i] = what.gradient.data()[at] * previous.data()[at] * share;
            }
            return {of};
        });
}

Tensor logProbability(Run& run, const Tensor& score, const Tensor& drawn, const Tensor& judged, Index first)
{
    const Index batch = score.dim(0), n = score.dim(1);
    const auto within = [](float p) { return std::clamp(p, least, 1 - least); };
    return nn::custom(
        run, {score},
        [&](Run& r) {
            Tensor out = r.make({batch});
            for (Index b = 0; b < batch; ++b) {
                double sum = 0;
                for (Index i = b * n + first; i < (b + 1) * n; ++i) {
                    const float p = within(score.data()[i]);
                    if (judged.data()[i] != 0)
                        sum += std::log(static_cast<double>(drawn.data()[i] != 0 ? p : 1 - p));
                }
                out.writable().data()[b] = static_cast<float>(sum);
            }
            return out;
        },
        [=](Run& r, const nn::CustomBackward& what) -> std::vector<Tensor> {
            Tensor of = zeros(r, {batch, n});
            for (Index i = 0; i < batch * n; ++i) {
                const float p = within(score.data()[i]);
                if (i % n >= first && judged.data()[i] != 0)
                    of.writable().data()[i]
                        = what.gradient.data()[i / n] * (drawn.data()[i] != 0 ? 1 / p : -1 / (1 - p));
            }
            return {of};
        });
}

}
