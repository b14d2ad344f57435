// Attention flow: how much each input token could send to an answer's token if attention were pipes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/rollout.h"
#include "core/run/pool.h"
#include "core/run/stop.h"

#include <functional>

namespace fovea::analysis {

/// Abnar and Zuidema, "Quantifying Attention Flow in Transformers" (arXiv 2005.00928), section 4: a network
/// with a node per layer and token; the edge from token i of layer l down to token j of the layer below has
/// the capacity A_l[i, j] (see rollout(); `mixed` from the first layer on). The result has for each input
/// token [token] the maximum flow to it from the token `from` of the last layer, divided by their sum. With
/// `from` -1 the source feeds every token of the last layer with at most 1/n: the flow of an answer that
/// reads the mean. One task an input token. Exact; see LayeredNetwork. Throws Cancelled.
FOVEA_API std::vector<double> attentionFlow(const std::vector<LayerMap>& mixed, int from, Pool& pool,
    const StopToken& stop = {}, const std::function<void(double)>& progress = {});

}
