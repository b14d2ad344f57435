// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/gradient_attention.h"

#include "core/analysis/whole_patterns.h"
#include "core/source/execute_backward.h"
#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

/// Mean over heads of grad * A [token, token]; each head's product without what is below 0 when
/// `clampsHeads`.
LayerMap meanProduct(const Record& pattern, const Record& gradient, bool clampsHeads)
{
    const auto heads = static_cast<int>(shapeOf(pattern)[1]);
    LayerMap mean;
    for (int head = 0; head < heads; ++head) {
        const LayerMap a = attentionMap(pattern, {0, head}).toDoubles();
        const LayerMap g = attentionMap(gradient, {0, head}).toDoubles();
        mean.resize(a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double product = a[i] * g[i];
            mean[i] += (clampsHeads ? std::max(product, 0.0) : product) / heads;
        }
    }
    return mean;
}

/// The layers from `start` on; throws where their maps cannot be multiplied.
std::size_t requireLayers(const AttentionGradients& layers, int start)
{
    RolloutOptions options;
    options.startLayer = start;
    fusedMaps(layers.patterns, options);
    return static_cast<std::size_t>(std::max(start, 0));
}

}

AttentionGradients attentionGradients(const RelevanceQuestion& question, const ExecuteOptions& options)
{
    ExecuteOptions run = furtherRun(question, options);
    run.record = {"*.pattern"};
    run.edits = editsOf(question);
    const BackwardOptions backward{classLogit(question.classIndex), {"*.pattern"}, {}, false};
    const TracePtr trace
        = executeBackward(*question.architecture, *question.weights, question.base->input, backward, run)
              .trace;
    AttentionGradients layers;
    layers.patterns = patternsOf(*trace);
    for (const RecordPtr& pattern : layers.patterns) {
        layers.gradients.push_back(trace->find("grad." + pattern->path()));
        if (!layers.gradients.back())
            throw Error("the answer does not depend on '" + pattern->path() + "'");
    }
    if (layers.patterns.empty())
        throw Error("this model shows no attention");
    const LayoutPtr tokens = tokensOf(question);
    layers.patterns = wholePatterns(layers.patterns, tokens);
    layers.gradients = wholePatterns(layers.gradients, tokens);
    return layers;
}

LayerMap gradientAttention(const AttentionGradients& layers, int startLayer)
{
    const auto n = static_cast<std::size_t>(shapeOf(*layers.patterns.front())[2]);
    LayerMap relevance(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        relevance[i * n + i] = 1;
    for (std::size_t layer = requireLayers(layers, startLayer); layer < layers.patterns.size(); ++layer) {
        const LayerMap added
            = product(meanProduct(*layers.patterns[layer], *layers.gradients[layer], true), relevance);
        for (std::size_t i = 0; i < added.size(); ++i)
            relevance[i] += added[i];
    }
    return relevance;
}

LayerMap gradientRollout(const AttentionGradients& layers, const RolloutOptions& options)
{
    const bool asPublished = options.variant == RolloutVariant::VitExplain;
    std::vector<LayerMap> mixed;
    for (std::size_t layer = requireLayers(layers, options.startLayer); layer < layers.patterns.size();
         ++layer) {
        LayerMap map = meanProduct(*layers.patterns[layer], *layers.gradients[layer], false);
        for (double& v : map)
            v = std::max(v, 0.0);
        mixed.push_back(mixedMap(std::move(map), options, asPublished));
    }
    return rolledOut(mixed);
}

}
