// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/max_flow.h"

#include <algorithm>
#include <cassert>

namespace fovea::analysis {

LayeredNetwork::LayeredNetwork(int width, std::vector<std::vector<double>> capacities)
    : width_(static_cast<std::size_t>(width))
    , capacity_(std::move(capacities))
    , forward_(capacity_)
{
    for (const std::vector<double>& layer : capacity_) {
        assert(layer.size() == width_ * width_);
        for (const double capacity : layer)
            least_ = std::max(least_, capacity * 1e-13);
        backward_.emplace_back(width_ * width_, 0.0);
    }
    const std::size_t nodes = (forward_.size() + 1) * width_;
    distance_.resize(nodes);
    next_.resize(nodes);
}

double& LayeredNetwork::residual(const Step& step)
{
    const auto [layer, i] = step.from;
    return step.isDown ? forward_[layer - 1][i * width_ + step.to] : backward_[layer][i * width_ + step.to];
}

void LayeredNetwork::push(const Step& step, double amount)
{
    const auto [layer, i] = step.from;
    residual(step) -= amount;
    if (!step.isDown) {
        forward_[layer][step.to * width_ + i] += amount;
        return;
    }
    double& flow = backward_[layer - 1][step.to * width_ + i];
    if (flow == 0)
        used_.push_back(step);
    flow += amount;
}

/// Breadth first from the target against the edges that still take something; whether the top is reached.
bool LayeredNetwork::findDistances(int target)
{
    std::ranges::fill(distance_, -1);
    std::vector<std::vector<std::size_t>> unseen(forward_.size() + 1); // per layer
    for (auto& layer : unseen)
        for (std::size_t i = 0; i < width_; ++i)
            layer.push_back(i);
    std::vector<Node> queue{{0, static_cast<std::size_t>(target)}};
    distance_[static_cast<std::size_t>(target)] = 0;
    std::erase(unseen[0], static_cast<std::size_t>(target));
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const Node node = queue[head];
        const auto visit = [&](std::size_t layer, bool isDown) { // whoever has a step to `node`
            std::erase_if(unseen[layer], [&](std::size_t i) {
                if (residual(Step{{layer, i}, node.index, isDown}) <= least_)
                    return false;
                distance_[layer * width_ + i] = distance_[id(node)] + 1;
                queue.push_back({layer, i});
                return true;
            });
        };
        if (node.layer + 1 < unseen.size())
            visit(node.layer + 1, true);
        if (node.layer > 0)
            visit(node.layer - 1, false);
    }
    return std::any_of(distance_.end() - static_cast<std::ptrdiff_t>(width_), distance_.end(),
        [](int distance) { return distance >= 0; });
}

/// Takes the next step from a node that leads nearer to the target; false when there is none left.
bool LayeredNetwork::advance(Node node, std::vector<Step>& path)
{
    const int nearer = distance_[id(node)] - 1;
    for (std::size_t& next = next_[id(node)]; next < 2 * width_; ++next) {
        const bool isDown = next < width_;
        const std::size_t to = isDown ? next : next - width_;
        if (isDown ? node.layer == 0 : node.layer + 1 > forward_.size())
            continue;
        const Node other{isDown ? node.layer - 1 : node.layer + 1, to};
        const Step step{node, to, isDown};
        if (distance_[id(other)] == nearer && residual(step) > least_) {
            path.push_back(step);
            return true;
        }
    }
    return false;
}

/// One path's worth of flow from a node of the top, at most `supply`; 0 when there is no path left from it.
double LayeredNetwork::follow(Node source, double supply, Node target)
{
    std::vector<Step> path;
    Node node = source;
    while (node.layer != target.layer || node.index != target.index) {
        if (advance(node, path)) {
            const Step& step = path.back();
            node = {step.isDown ? node.layer - 1 : node.layer + 1, step.to};
        } else if (path.empty()) {
            return 0;
        } else {
            node = path.back().from;
            path.pop_back();
            ++next_[id(node)];
        }
    }
    double amount = supply;
    for (const Step& step : path)
        amount = std::min(amount, residual(step));
    for (const Step& step : path)
        push(step, amount);
    return amount;
}

/// One blocking flow.
double LayeredNetwork::augment(std::vector<double>& supply, int target, const StopToken& stop)
{
    std::ranges::fill(next_, std::size_t{0});
    const Node sink{0, static_cast<std::size_t>(target)};
    double total = 0;
    int shortest = -1;
    const auto distanceOf = [&](std::size_t i) { return distance_[forward_.size() * width_ + i]; };
    for (std::size_t i = 0; i < width_; ++i)
        if (distanceOf(i) >= 0 && supply[i] > least_ && (shortest < 0 || distanceOf(i) < shortest))
            shortest = distanceOf(i);
    for (std::size_t i = 0; i < width_; ++i)
        while (shortest >= 0 && distanceOf(i) == shortest && supply[i] > least_) {
            stop.check();
            const double amount = follow({forward_.size(), i}, supply[i], sink);
            if (amount == 0)
                break;
            supply[i] -= amount;
            total += amount;
        }
    return total;
}

void LayeredNetwork::restore()
{
    for (const Step& step : used_) {
        const std::size_t layer = step.from.layer - 1, i = step.from.index, j = step.to;
        forward_[layer][i * width_ + j] = capacity_[layer][i * width_ + j];
        backward_[layer][j * width_ + i] = 0;
    }
    used_.clear();
}

double LayeredNetwork::maximumFlow(std::span<const double> supply, int target, const StopToken& stop)
{
    std::vector<double> left(supply.begin(), supply.end());
    double total = 0;
    try {
        while (findDistances(target)) {
            const double more = augment(left, target, stop);
            if (more == 0)
                break;
            total += more;
        }
    } catch (...) {
        restore();
        throw;
    }
    restore();
    return total;
}

}
