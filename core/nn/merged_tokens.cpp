// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/merged_tokens.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// Where each token goes, and with what weight.
struct Merge {
    Tensor targets, weights;
    Index count; ///< of tokens there are then

    Index target(Index token) const
    {
        return targets.values<std::int32_t>()[static_cast<std::size_t>(token)];
    }

    Tensor forward(Run& run, const Tensor& x) const
    {
        const Index n = x.dim(1), channels = x.dim(2);
        Tensor out = run.make({x.dim(0), count, channels});
        float* to = out.writable().data();
        run.parallel(x.dim(0), [&](Index b) {
            float* own = to + b * count * channels;
            std::fill_n(own, count * channels, 0.0F);
            for (Index t = b * n; t < (b + 1) * n; ++t) {
                if (target(t) < 0)
                    continue;
                const float weight = weights.data()[t], *from = x.data() + t * channels;
                float* sum = own + target(t) * channels;
                for (Index c = 0; c < channels; ++c)
                    sum[c] += weight * from[c];
            }
        });
        return out;
    }

    /// The gradient of each token: its weight times that of what it went into.
    Tensor backward(Run& run, const Tensor& x, const Tensor& gradient) const
    {
        const Index n = x.dim(1), channels = x.dim(2);
        Tensor ofX = run.make(x.shape());
        float* all = ofX.writable().data();
        run.parallel(x.dim(0) * n, [&](Index t) {
            float* to = all + t * channels;
            if (target(t) < 0) {
                std::fill_n(to, channels, 0.0F);
                return;
            }
            const float weight = weights.data()[t],
                        *from = gradient.data() + (t / n * count + target(t)) * channels;
            for (Index c = 0; c < channels; ++c)
                to[c] = weight * from[c];
        });
        return ofX;
    }
};

}

Tensor mergedTokens(Run& run, const Tensor& x, const Tensor& targets, const Tensor& weights, Index count)
{
    assert(targets.count() == x.dim(0) * x.dim(1) && weights.count() == targets.count());
    const Merge merge{targets, weights, count};
    const Tensor out = merge.forward(run, x);
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, merge](Run& r, Tape& t, const Tensor& gradient) {
            t.give(r, x, merge.backward(r, x, gradient));
        });
    return out;
}

}
