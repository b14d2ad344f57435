// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rollout.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <numeric>

namespace fovea::analysis {

namespace {

using Matrix = std::vector<double>; // [token, token], row-major

void discardSmallest(Matrix& fused, double share)
{
    std::vector<std::size_t> order(fused.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return fused[i]; });
    order.resize(static_cast<std::size_t>(share * static_cast<double>(fused.size())));
    for (const std::size_t i : order)
        fused[i] = i == 0 ? fused[i] : 0;
}

/// A_l of the header.
Matrix mixing(const Record& pattern, const RolloutOptions& options)
{
    const Tensor fused = fuseHeads(pattern, 0, options.fusion);
    const auto n = static_cast<std::size_t>(fused.dim(0));
    Matrix a = fused.toDoubles();
    discardSmallest(a, options.discard);
    for (std::size_t i = 0; i < n; ++i) {
        const std::span<double> row(a.data() + i * n, n);
        for (double& v : row)
            v *= 1 - options.residual;
        row[i] += options.residual;
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (double& v : row)
            v /= sum == 0 ? 1 : sum;
    }
    return a;
}

Matrix times(const Matrix& a, const Matrix& b, std::size_t n)
{
    Matrix product(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t j = 0; j < n; ++j)
                product[i * n + j] += a[i * n + k] * b[k * n + j];
    return product;
}

bool sameTokens(const LayoutPtr& a, const LayoutPtr& b) { return a == b || (a && b && *a == *b); }

void checkLayer(const Record& pattern, const Record& first)
{
    const Shape shape = shapeOf(pattern);
    const Index tokens = shapeOf(first)[2];
    if (shape[0] != 1 || shape[2] != tokens || shape[3] != tokens)
        throw Error("rollout: expected one group of " + std::to_string(tokens) + " queries and keys in '"
            + pattern.path() + "', found " + shape.text() + "; the layers' maps cannot be multiplied");
    if (!sameTokens(pattern.queries, first.queries) || !sameTokens(pattern.keys, first.queries))
        throw Error("rollout: the tokens of '" + pattern.path() + "' are not those of '" + first.path()
            + "'; the layers' maps cannot be multiplied");
}

}

const Schema& rolloutSchema()
{
    static const Schema schema{
        {"rollout_start", std::int64_t{0}, "First layer of the rollout", 0, 1000},
        {"rollout_residual", 0.5, "Share of the residual stream in each layer of the rollout", 0, 1},
        {"rollout_fusion", fusionName(Fusion::Mean), "How the rollout fuses the heads", 0, 0, {},
            {"mean", "min", "max"}},
        {"rollout_discard", 0.0, "Share of each layer's smallest entries that the rollout leaves out", 0, 1},
    };
    return schema;
}

RolloutOptions rolloutOptions(const Config& config)
{
    return {config.count("rollout_start"), config.real("rollout_residual"),
        fusionOf(config.text("rollout_fusion")), config.real("rollout_discard")};
}

void setRolloutOptions(Config& config, const RolloutOptions& options)
{
    config.set("rollout_start", std::int64_t{options.startLayer});
    config.set("rollout_residual", options.residual);
    config.set("rollout_fusion", fusionName(options.fusion));
    config.set("rollout_discard", options.discard);
}

Record rollout(const std::vector<RecordPtr>& patterns, const RolloutOptions& options)
{
    const auto start = static_cast<std::size_t>(std::max(options.startLayer, 0));
    if (start >= patterns.size())
        throw Error("rollout: start layer " + std::to_string(start) + " of " + std::to_string(patterns.size())
            + " attention layers");
    const Record& first = *patterns[start];
    const Index tokens = shapeOf(first)[2];
    Matrix product;
    for (std::size_t layer = start; layer < patterns.size(); ++layer) {
        checkLayer(*patterns[layer], first);
        Matrix a = mixing(*patterns[layer], options);
        product = layer == start ? std::move(a) : times(a, product, static_cast<std::size_t>(tokens));
    }
    Record record;
    record.info = {"rollout", Kind::Attention, "attention rollout", -1, {},
        "attention multiplied over the layers", {}, {}, {}};
    Config used(rolloutSchema());
    setRolloutOptions(used, options);
    record.info.help += ": " + used.json();
    record.value = Tensor({1, 1, tokens, tokens});
    std::ranges::transform(
        product, record.value.writable().begin(), [](double v) { return static_cast<float>(v); });
    record.axes = defaultAxes(record.info, record.value.shape());
    record.queries = patterns.back()->queries;
    record.keys = first.keys;
    record.finite = allFinite(record.value);
    return record;
}

std::vector<RecordPtr> patternsOf(const Trace& trace, std::size_t step)
{
    std::vector<RecordPtr> patterns;
    for (const RecordPtr& record : trace.matching("*.pattern", step))
        if (record->kind() == Kind::Attention)
            patterns.push_back(record);
    return patterns;
}

}
