// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/matching.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::plugin::tome {

namespace {

/// The mean of the keys over heads, made to length 1: [B, n, channel].
Tensor metricOf(Run& run, const nn::Heads& keys)
{
    const Index channels = keys.channels;
    Tensor metric = run.make({keys.batch, keys.tokens, channels});
    float* out = metric.writable().data();
    run.parallel(keys.batch * keys.tokens, [&](Index i) {
        float* to = out + i * channels;
        std::fill_n(to, channels, 0.0F);
        for (Index h = 0; h < keys.heads; ++h) {
            const float* from = keys.head(i / keys.tokens, h) + i % keys.tokens * keys.tokenStride;
            for (Index c = 0; c < channels; ++c)
                to[c] += from[c];
        }
        const float length = std::sqrt(std::inner_product(to, to + channels, to, 0.0F));
        for (Index c = 0; c < channels && length > 0; ++c)
            to[c] /= length;
    });
    return metric;
}

struct Found {
    float similarity = 0;
    std::int32_t partner = -1;
};

/// What even token i of the batch finds.
Found look(const parts::StandingTokens& t, const Tensor& metric, Index i)
{
    const Index channels = metric.dim(2), first = i / t.n * t.n;
    const float* own = metric.data() + i * channels;
    Found found;
    for (Index j = first + 1; j < first + t.n; j += 2) {
        if (t.isSpecial(j) || !t.isKept(j))
            continue;
        const float* other = metric.data() + j * channels;
        const float similarity = std::inner_product(own, own + channels, other, 0.0F);
        if (found.partner < 0 || similarity > found.similarity)
            found = {similarity, static_cast<std::int32_t>(j - first)};
    }
    return found;
}

}

Matching matched(Run& run, const parts::StandingTokens& t, const nn::Heads& keys, Index r)
{
    Matching m{run.make({t.batch, t.n}), run.make({t.batch, t.n}, DType::I32), run.make({t.batch, t.n})};
    std::ranges::fill(m.similarity.writable(), 0.0F);
    std::ranges::fill(m.partner.writable<std::int32_t>(), -1);
    std::ranges::copy(t.kept.values<float>(), m.kept.writable().begin());
    if (r == 0)
        return m;
    const Index evens = (t.n + 1) / 2;
    run.countMacs(t.batch * evens * (t.n / 2) * keys.channels);
    const Tensor metric = metricOf(run, keys);
    float* similarity = m.similarity.writable().data();
    const auto partner = m.partner.writable<std::int32_t>();
    run.parallel(t.batch * evens, [&](Index task) {
        const Index i = task / evens * t.n + task % evens * 2;
        if (t.isSpecial(i) || !t.isKept(i))
            return;
        const Found found = look(t, metric, i);
        similarity[i] = found.similarity;
        partner[static_cast<std::size_t>(i)] = found.partner;
    });
    for (Index b = 0; b < t.batch; ++b) {
        std::vector<Index> order;
        for (Index i = b * t.n; i < (b + 1) * t.n; i += 2)
            if (partner[static_cast<std::size_t>(i)] >= 0)
                order.push_back(i);
        std::ranges::stable_sort(order, std::greater<>(), [&](Index i) { return m.similarity.data()[i]; });
        const Index most = std::min({r, t.patches(b) / 2, static_cast<Index>(order.size())});
        for (Index k = 0; k < most; ++k)
            m.kept.writable().data()[order[static_cast<std::size_t>(k)]] = 0;
    }
    return m;
}

}
