// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/dropout.h"

#include "core/nn/chunks.h"

namespace fovea::nn {

namespace {

/// What is drawn for a tensor [B, ...]; the backward draws it again.
struct Draw {
    RandomPlace place; ///< of sample 0
    float keep; ///< probability
    bool ofSamples; ///< one for each sample, else for each element

    float factor(Index sample, Index element) const
    {
        RandomPlace at = place;
        at.sample = static_cast<std::uint64_t>(sample);
        return at.uniform(static_cast<std::uint64_t>(ofSamples ? 0 : element)) < keep ? 1 / keep : 0;
    }
};

Tensor times(Run& run, const Tensor& x, const Draw& draw)
{
    Tensor out = run.make(x.shape());
    const Index n = x.shape().tail().count();
    const float* from = x.data();
    float* to = out.writable().data();
    constexpr Index chunk = 4096;
    const Index pieces = divideUp(n, chunk);
    run.parallel(x.dim(0) * pieces, [=](Index task) {
        const Index sample = task / pieces, begin = task % pieces * chunk, end = std::min(n, begin + chunk);
        const float whole = draw.ofSamples ? draw.factor(sample, 0) : 0;
        for (Index i = begin; i < end; ++i)
            to[sample * n + i] = from[sample * n + i] * (draw.ofSamples ? whole : draw.factor(sample, i));
    });
    return out;
}

Tensor dropped(Run& run, const Tensor& x, double p, std::string_view name, bool ofSamples)
{
    assert(p >= 0 && p < 1);
    if (!run.isTraining() || p == 0)
        return x;
    const Draw draw{run.random(name), static_cast<float>(1 - p), ofSamples};
    Tensor out = times(run, x, draw);
    if (Tape* tape = run.tapeFor(x))
        tape->record(out,
            [x, draw](Run& r, Tape& t, const Tensor& gradient) { t.give(r, x, times(r, gradient, draw)); });
    return out;
}

}

Tensor dropout(Run& run, const Tensor& x, double p, std::string_view name)
{
    return dropped(run, x, p, name, false);
}

Tensor dropPath(Run& run, const Tensor& x, double p, std::string_view name)
{
    return dropped(run, x, p, name, true);
}

}
