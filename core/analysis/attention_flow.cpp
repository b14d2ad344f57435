// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_flow.h"

#include "core/analysis/max_flow.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace fovea::analysis {

std::vector<double> attentionFlow(const std::vector<LayerMap>& mixed, int from, Pool& pool,
    const StopToken& stop, const std::function<void(double)>& progress)
{
    const auto n
        = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(mixed.front().size()))));
    std::vector<double> supply(n, from < 0 ? 1 / static_cast<double>(n) : 0);
    if (from >= 0)
        supply[static_cast<std::size_t>(from)] = std::numeric_limits<double>::infinity();

    std::vector<double> flow(n, 0.0);
    std::vector<std::optional<LayeredNetwork>> networks(static_cast<std::size_t>(pool.threads()));
    std::atomic<int> done = 0;
    pool.each(static_cast<Index>(n), [&](Index target, int worker) {
        if (stop.stopped())
            return;
        auto& network = networks[static_cast<std::size_t>(worker)];
        if (!network)
            network.emplace(static_cast<int>(n), mixed);
        try {
            flow[static_cast<std::size_t>(target)]
                = network->maximumFlow(supply, static_cast<int>(target), stop);
        } catch (const Cancelled&) {
            return; // a task must not throw; check() below does
        }
        if (progress)
            progress(static_cast<double>(++done) / static_cast<double>(n));
    });
    stop.check();
    const double sum = std::accumulate(flow.begin(), flow.end(), 0.0);
    for (double& v : flow)
        v /= sum == 0 ? 1 : sum;
    return flow;
}

}
