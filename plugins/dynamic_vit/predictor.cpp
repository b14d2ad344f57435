// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/predictor.h"

#include "core/nn/activation.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::dynamic_vit {

namespace {

constexpr double predictorEps = 1e-5; // PyTorch's own, where the blocks have 1e-6

/// The second half of each row becomes the mean of those of all patches that count.
Tensor withGlobalHalf(Run& run, const parts::StandingTokens& t, const Tensor& z)
{
    const Index patches = z.dim(1), channels = z.dim(2), half = channels / 2;
    Tensor out = run.make(z.shape());
    float* to = out.writable().data();
    std::ranges::copy(z.values<float>(), to);
    run.parallel(t.batch, [&](Index b) {
        std::vector<double> sum(static_cast<std::size_t>(channels - half));
        double count = 0;
        for (Index j = 0; j < patches; ++j) {
            if (!t.isKept(b * t.n + t.specials + j))
                continue;
            ++count;
            for (Index c = half; c < channels; ++c)
                sum[static_cast<std::size_t>(c - half)] += z.data()[(b * patches + j) * channels + c];
        }
        for (Index j = 0; j < patches; ++j)
            for (Index c = half; c < channels; ++c)
                to[(b * patches + j) * channels + c]
                    = static_cast<float>(sum[static_cast<std::size_t>(c - half)] / count);
    });
    return out;
}

}

Tensor keepLogProbabilities(Run& run, const parts::StandingTokens& t, const Tensor& x)
{
    Tensor logs = Tensor::zeros({t.batch, t.n});
    const Index patches = t.n - t.specials;
    if (patches == 0)
        return logs;
    Tensor z = nn::layerNorm(run, nn::someTokens(run, x, t.specials, patches), "in_conv.0", predictorEps);
    z = nn::linear(run, z, "in_conv.1", nn::Activation::Gelu); // [B, patches, C]
    z = nn::linear(run, withGlobalHalf(run, t, z), "out_conv.0", nn::Activation::Gelu);
    z = nn::linear(run, z, "out_conv.2", nn::Activation::Gelu);
    z = nn::linear(run, z, "out_conv.4"); // [B, patches, keep or drop]
    for (Index i = 0; i < t.batch * patches; ++i) {
        const double keep = z.data()[2 * i], drop = z.data()[2 * i + 1];
        logs.writable().data()[i / patches * t.n + t.specials + i % patches]
            = static_cast<float>(-std::log1p(std::exp(drop - keep)));
    }
    return logs;
}

}
