// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rollout.h"

#include "core/analysis/whole_patterns.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::analysis {

namespace {

void discardSmallest(LayerMap& fused, double share, bool discardsFirst)
{
    std::vector<std::size_t> order(fused.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return fused[i]; });
    order.resize(static_cast<std::size_t>(share * static_cast<double>(fused.size())));
    for (const std::size_t i : order)
        fused[i] = i == 0 && !discardsFirst ? fused[i] : 0;
}

std::size_t widthOf(const LayerMap& map)
{
    return static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(map.size()))));
}

std::string variantName(RolloutVariant variant)
{
    return variant == RolloutVariant::Rows ? "rows" : "vit-explain";
}

bool sameTokens(const LayoutPtr& a, const LayoutPtr& b) { return a == b || (a && b && *a == *b); }

void checkLayer(const Record& pattern, const Record& first)
{
    const Shape shape = shapeOf(pattern);
    const Index tokens = shapeOf(first)[2];
    if (shape[0] != 1 || shape[2] != tokens || shape[3] != tokens)
        throw Error("expected one group of " + std::to_string(tokens) + " queries and keys in '"
            + pattern.path() + "', found " + shape.text() + "; the layers' maps cannot be multiplied");
    if (!sameTokens(pattern.queries, first.queries) || !sameTokens(pattern.keys, first.queries))
        throw Error("the tokens of '" + pattern.path() + "' are not those of '" + first.path()
            + "'; the layers' maps cannot be multiplied");
}

}

const Schema& rolloutSchema()
{
    static const Schema schema{
        {"rollout_start", std::int64_t{0}, "First layer of the rollout, among those that attend", 0, 1000},
        {"rollout_residual", 0.5, "Share of the residual stream in each layer of the rollout", 0, 1},
        {"rollout_fusion", fusionName(Fusion::Mean), "How the rollout fuses the heads", 0, 0, {},
            {"mean", "min", "max"}},
        {"rollout_discard", 0.0, "Share of each layer's smallest entries that the rollout leaves out", 0, 1},
        {"rollout_variant", variantName(RolloutVariant::Rows),
            "What each layer's rows are divided by: their sums, or as vit-explain publishes it", 0, 0, {},
            {"rows", "vit-explain"}},
    };
    return schema;
}

RolloutOptions rolloutOptions(const Config& config)
{
    return {config.count("rollout_start"), config.real("rollout_residual"),
        fusionOf(config.text("rollout_fusion")), config.real("rollout_discard"),
        config.text("rollout_variant") == "rows" ? RolloutVariant::Rows : RolloutVariant::VitExplain};
}

void setRolloutOptions(Config& config, const RolloutOptions& options)
{
    config.set("rollout_start", std::int64_t{options.startLayer});
    config.set("rollout_residual", options.residual);
    config.set("rollout_fusion", fusionName(options.fusion));
    config.set("rollout_discard", options.discard);
    config.set("rollout_variant", variantName(options.variant));
}

std::vector<LayerMap> fusedMaps(const std::vector<RecordPtr>& patterns, const RolloutOptions& options)
{
    const auto start = static_cast<std::size_t>(std::max(options.startLayer, 0));
    if (start >= patterns.size())
        throw Error("start layer " + std::to_string(start) + " of " + std::to_string(patterns.size())
            + " attention layers");
    std::vector<LayerMap> maps;
    const auto whole = wholePatterns(patterns, patterns[start]->queries);
    for (std::size_t layer = start; layer < whole.size(); ++layer) {
        checkLayer(*whole[layer], *whole[start]);
        maps.push_back(fuseHeads(*whole[layer], 0, options.fusion).toDoubles());
    }
    return maps;
}

LayerMap mixedMap(LayerMap a, const RolloutOptions& options, bool discardsFirst)
{
    const std::size_t n = widthOf(a);
    discardSmallest(a, options.discard, discardsFirst);
    std::vector<double> sums;
    for (std::size_t i = 0; i < n; ++i) {
        const std::span<double> row(a.data() + i * n, n);
        for (double& v : row)
            v *= 1 - options.residual;
        row[i] += options.residual;
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        sums.push_back(sum == 0 ? 1 : sum);
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            a[i * n + j] /= sums[options.variant == RolloutVariant::Rows ? i : j];
    return a;
}

LayerMap product(const LayerMap& a, const LayerMap& b)
{
    const std::size_t n = widthOf(a);
    LayerMap result(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t j = 0; j < n; ++j)
                result[i * n + j] += a[i * n + k] * b[k * n + j];
    return result;
}

LayerMap rolledOut(const std::vector<LayerMap>& mixed)
{
    LayerMap result = mixed.front();
    for (std::size_t layer = 1; layer < mixed.size(); ++layer)
        result = product(mixed[layer], result);
    return result;
}

Record rollout(const std::vector<RecordPtr>& patterns, const RolloutOptions& options)
{
    std::vector<LayerMap> mixed = fusedMaps(patterns, options);
    for (LayerMap& map : mixed)
        map = mixedMap(std::move(map), options);
    const LayerMap result = rolledOut(mixed);
    const auto tokens = static_cast<Index>(widthOf(result));
    Record record;
    record.info = {"rollout", Kind::Attention, "attention rollout", -1, {},
        "attention multiplied over the layers", {}, {}, {}};
    Config used(rolloutSchema());
    setRolloutOptions(used, options);
    record.info.help += ": " + used.json();
    record.value = Tensor({1, 1, tokens, tokens});
    std::ranges::transform(
        result, record.value.writable().begin(), [](double v) { return static_cast<float>(v); });
    record.axes = defaultAxes(record.info, record.value.shape());
    record.queries = record.keys = patterns[static_cast<std::size_t>(std::max(options.startLayer, 0))]->keys;
    record.finite = allFinite(record.value);
    return record;
}

std::vector<RecordPtr> patternsOf(const Trace& trace, std::size_t step)
{
    std::vector<RecordPtr> patterns;
    for (const RecordPtr& record : trace.matching("*.pattern", step))
        if (record->kind() == Kind::Attention && !record->path().starts_with("grad."))
            patterns.push_back(record);
    return patterns;
}

}
