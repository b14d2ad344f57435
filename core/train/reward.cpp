// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/reward.h"

#include <algorithm>
#include <numeric>

namespace fovea::train {

namespace {

double meanOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0)
        / static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

const Tensor& told(const NamedTensors& all, const std::string& name)
{
    const Tensor* found = all.find(name);
    if (!found)
        throw Error("training by reward: expected the architecture to tell '" + name + "', found nothing");
    return *found;
}

/// R of each sample.
std::vector<double> rewardsOf(const Tensor& logits, const Batch& batch, const Tensor& kept, double penalty)
{
    const Index classes = logits.dim(1);
    const auto labels = batch.labels.values<std::int32_t>();
    std::vector<double> rewards;
    for (Index b = 0; b < logits.dim(0); ++b) {
        const float* row = logits.data() + b * classes;
        const auto best = static_cast<std::int32_t>(std::max_element(row, row + classes) - row);
        const auto share = static_cast<double>(kept.data()[b]);
        rewards.push_back(best == labels[static_cast<std::size_t>(b)] ? 1 - share * share : -penalty);
    }
    return rewards;
}

/// Of the same samples, chosen without a draw.
std::vector<double> greedyRewards(const Run& run, const RewardedStep& step)
{
    NamedTensors all;
    RunOptions options;
    options.pool = run.options().pool;
    options.workspace = run.options().workspace;
    options.stop = run.options().stop;
    options.seed = run.options().seed;
    options.step = run.options().step;
    options.told = &all;
    Run greedy(step.weights, options);
    const Tensor logits = step.architecture.forward(greedy, step.phase.greedy, step.batch.input);
    return rewardsOf(logits, step.batch, told(all, "kept"), step.phase.penalty);
}

}

Reward rewardOf(const Tensor& output, const Batch& batch, const NamedTensors& all, double penalty)
{
    const Tensor& kept = told(all, "kept");
    const double reward = meanOf(rewardsOf(output, batch, kept, penalty));
    return {reward, reward, meanOf(kept.toDoubles())};
}

Reward learnByReward(Run& run, const RewardedStep& step, const Tensor& output, const NamedTensors& all)
{
    const Tensor& kept = told(all, "kept");
    const std::vector<double> drawn = rewardsOf(output, step.batch, kept, step.phase.penalty),
                              greedy = greedyRewards(run, step);
    const auto count = static_cast<double>(drawn.size());
    Tensor gradient({static_cast<Index>(drawn.size())});
    std::ranges::transform(drawn, greedy, gradient.writable().begin(),
        [count](double own, double baseline) { return static_cast<float>((baseline - own) / count); });
    run.tape()->backward(run, told(all, "log_probability"), gradient);
    return {meanOf(drawn), meanOf(greedy), meanOf(kept.toDoubles())};
}

}
