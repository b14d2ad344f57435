// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimiser.h"

#include "core/run/pieces.h"
#include "core/trace/trace.h"
#include "core/train/pairwise_sum.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea::train {

namespace {

using Rule = OptimiserOptions::Rule;

/// What is read and written of one tensor; `m` and `v` as the rule needs them.
struct Arrays {
    const float *p, *g, *m, *v;
    float *newP, *newM, *newV;
};

struct Factors {
    float scale = 1; ///< of the gradient
    float rate = 0;
    float added = 0; ///< of p, to the gradient: weight decay of Sgd and Adam
    float kept = 1; ///< of p: 1 - rate * decay of AdamW
    float beta1 = 0, beta2 = 0, rest1 = 1, rest2 = 1;
    float eps = 0;
    float root = 1; ///< 1 / sqrt(1 - beta2^t)
};

// Arrays and factors by value: behind a reference they might change with each store, and nothing would be
// vectors. Adam in two loops, for the compiler checks no more than so many arrays for being apart.

void updateMoments(Arrays a, Factors f, Index begin, Index end)
{
    for (Index i = begin; i < end; ++i) {
        const float g = f.scale * a.g[i] + f.added * a.p[i];
        a.newM[i] = f.beta1 * a.m[i] + f.rest1 * g;
        a.newV[i] = f.beta2 * a.v[i] + f.rest2 * g * g;
    }
}

void stepAlongMoments(Arrays a, Factors f, Index begin, Index end)
{
    for (Index i = begin; i < end; ++i)
        a.newP[i] = f.kept * a.p[i] - f.rate * a.newM[i] / (std::sqrt(a.newV[i]) * f.root + f.eps);
}

void updateAdam(const Arrays& a, const Factors& f, Index begin, Index end)
{
    constexpr Index stretch = 1024; // which the first-level cache still holds in the second loop
    for (Index i = begin; i < end; i += stretch) {
        updateMoments(a, f, i, std::min(end, i + stretch));
        stepAlongMoments(a, f, i, std::min(end, i + stretch));
    }
}

void updateSgd(Arrays a, Factors f, bool isNesterov, Index begin, Index end)
{
    const float ofGradient = isNesterov ? 1.0F : 0.0F, ofMomentum = isNesterov ? f.beta1 : 1.0F;
    for (Index i = begin; i < end; ++i) {
        const float g = f.scale * a.g[i] + f.added * a.p[i];
        const float m = f.beta1 * a.m[i] + g;
        a.newM[i] = m;
        a.newP[i] = a.p[i] - f.rate * (ofGradient * g + ofMomentum * m);
    }
}

void updatePlain(Arrays a, Factors f, Index begin, Index end)
{
    for (Index i = begin; i < end; ++i)
        a.newP[i] = a.p[i] - f.rate * (f.scale * a.g[i] + f.added * a.p[i]);
}

Factors factorsFor(const OptimiserOptions& options, const Update& update, const Shape& shape)
{
    const double decay = isDecayed(options, shape) ? options.weightDecay : 0;
    const auto number = static_cast<double>(update.number);
    Factors f;
    f.scale = static_cast<float>(update.gradientScale);
    f.rate = static_cast<float>(update.rate);
    if (options.rule == Rule::AdamW)
        f.kept = static_cast<float>(1 - update.rate * decay);
    else
        f.added = static_cast<float>(decay);
    if (options.rule == Rule::Sgd) {
        f.beta1 = static_cast<float>(options.momentum);
        return f;
    }
    f.rate = static_cast<float>(update.rate / (1 - std::pow(options.beta1, number)));
    f.root = static_cast<float>(1 / std::sqrt(1 - std::pow(options.beta2, number)));
    f.beta1 = static_cast<float>(options.beta1);
    f.beta2 = static_cast<float>(options.beta2);
    f.rest1 = static_cast<float>(1 - options.beta1);
    f.rest2 = static_cast<float>(1 - options.beta2);
    f.eps = static_cast<float>(options.eps);
    return f;
}

/// The names of what is remembered of a parameter: none, one or two.
std::vector<std::string> momentsOf(const OptimiserOptions& options, const std::string& name)
{
    if (options.rule != Rule::Sgd)
        return {"first." + name, "second." + name};
    if (options.momentum > 0)
        return {"momentum." + name};
    return {};
}

void updateOne(Run& run, const OptimiserOptions& options, const Factors& f, const Arrays& a, Index count)
{
    eachPiece(run, count, [&](Index begin, Index end) {
        if (options.rule != Rule::Sgd)
            updateAdam(a, f, begin, end);
        else if (a.m)
            updateSgd(a, f, options.isNesterov, begin, end);
        else
            updatePlain(a, f, begin, end);
    });
}

double squareOf(const float* g, Index begin, Index end)
{
    std::array<double, 8> sums{}; // independent, so that they are added side by side
    Index i = begin;
    for (; i + 8 <= end; i += 8)
        for (std::size_t lane = 0; lane < 8; ++lane) {
            const auto v = static_cast<double>(g[i + static_cast<Index>(lane)]);
            sums[lane] += v * v;
        }
    for (; i < end; ++i)
        sums[0] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
    return pairwiseSum(sums);
}

}

double OptimiserOptions::rateFactor(std::string_view parameter) const
{
    const auto found = std::ranges::find_if(
        rates, [&](const RateFactor& rate) { return matches(rate.pattern, parameter); });
    return found == rates.end() ? 1 : found->factor;
}

bool isDecayed(const OptimiserOptions& options, const Shape& shape)
{
    return options.decaysAll || (shape.rank() >= 2 && !(shape.rank() == 3 && shape[0] == 1));
}

NamedTensors startMoments(const OptimiserOptions& options, const Manifest& manifest)
{
    NamedTensors moments;
    for (const ParameterInfo& info : manifest)
        if (info.role == ParameterRole::Parameter)
            for (const std::string& moment : momentsOf(options, info.name))
                moments.set(moment, Tensor::zeros(info.shape));
    return moments;
}

Optimised optimise(Run& run, const OptimiserOptions& options, const Update& update, const Optimised& before,
    const NamedTensors& gradients)
{
    Optimised after = before;
    for (const auto& [name, gradient] : gradients) {
        const Tensor& old = before.parameters[name];
        assert(old.shape() == gradient.shape());
        Arrays a{old.data(), gradient.data(), nullptr, nullptr, nullptr, nullptr, nullptr};
        Tensor parameter = run.make(old.shape());
        a.newP = parameter.writable().data();
        std::vector<std::pair<std::string, Tensor>> made;
        for (const std::string& moment : momentsOf(options, name)) {
            const bool isFirst = made.empty();
            Tensor value = run.make(old.shape());
            (isFirst ? a.m : a.v) = before.moments[moment].data();
            (isFirst ? a.newM : a.newV) = value.writable().data();
            made.emplace_back(moment, std::move(value));
        }
        Update own = update;
        own.rate *= options.rateFactor(name);
        updateOne(run, options, factorsFor(options, own, old.shape()), a, old.count());
        after.parameters.set(name, std::move(parameter));
        for (auto& [moment, value] : made)
            after.moments.set(moment, std::move(value));
    }
    return after;
}

double gradientNorm(Run& run, const NamedTensors& gradients)
{
    std::vector<double> squares;
    for (const auto& [name, gradient] : gradients) {
        const Index count = gradient.count();
        std::vector<double> pieces(static_cast<std::size_t>((count + pieceLength - 1) / pieceLength));
        eachPiece(run, count, [&, g = gradient.data()](Index begin, Index end) {
            pieces[static_cast<std::size_t>(begin / pieceLength)] = squareOf(g, begin, end);
        });
        squares.push_back(pairwiseSum(pieces));
    }
    return std::sqrt(pairwiseSum(squares));
}

double clippingScale(double norm, double most)
{
    return most > 0 ? std::min(1.0, most / (norm + 1e-6)) : 1.0;
}

}
