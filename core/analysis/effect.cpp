// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/effect.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::analysis {

namespace {

/// log softmax, which stays finite where the probability itself would be 0.
std::vector<double> logSoftmax(const Tensor& logits)
{
    std::vector<double> z = answerOf(logits).toDoubles();
    if (z.empty())
        return z;
    const double top = *std::ranges::max_element(z);
    double sum = 0;
    for (const double v : z)
        sum += std::exp(v - top);
    for (double& v : z)
        v -= top + std::log(sum);
    return z;
}

}

Tensor answerOf(const Tensor& output)
{
    return output.defined() && output.rank() == 2 ? output.at(output.dim(0) - 1) : output;
}

std::vector<double> softmax(const Tensor& logits)
{
    std::vector<double> p = logSoftmax(logits);
    for (double& v : p)
        v = std::exp(v);
    return p;
}

std::vector<ClassScore> topClasses(const Tensor& logits, int count)
{
    const auto z = answerOf(logits).toDoubles(), p = softmax(logits);
    std::vector<int> order(z.size());
    std::iota(order.begin(), order.end(), 0);
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::ranges::stable_sort(order, [&](int a, int b) { return z[at(a)] > z[at(b)]; });
    order.resize(std::min(order.size(), at(std::max(count, 0))));
    std::vector<ClassScore> top;
    for (const int i : order)
        top.push_back(ClassScore{i, z[at(i)], p[at(i)]});
    return top;
}

Effect effectOf(const Tensor& before, const Tensor& after)
{
    if (before.shape() != after.shape())
        throw Error("effect: logits " + before.shape().text() + " against " + after.shape().text());
    const auto z = answerOf(before).toDoubles(), y = answerOf(after).toDoubles();
    const auto logP = logSoftmax(before), logQ = logSoftmax(after);
    Effect effect;
    for (std::size_t i = 0; i < z.size(); ++i) {
        effect.logit.push_back(y[i] - z[i]);
        effect.probability.push_back(std::exp(logQ[i]) - std::exp(logP[i]));
        effect.kl += std::exp(logP[i]) * (logP[i] - logQ[i]);
    }
    return effect;
}

}
