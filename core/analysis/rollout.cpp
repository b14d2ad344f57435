// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rollout.h"

#include "core/tensor/error.h"

#pragma GCC diagnostic ignored "-Wuninitialized" // GCC 12's AVX-512 header warns of itself (bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <Eigen/Dense>

#include <algorithm>

namespace fovea::analysis {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A_l of the header.
Matrix mixing(const Record& pattern, const RolloutOptions& options)
{
    const Tensor fused = fuseHeads(pattern, 0, options.fusion);
    using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Matrix a = Eigen::Map<const Floats>(fused.data(), fused.dim(0), fused.dim(1)).cast<double>();
    a *= 1 - options.residual;
    a.diagonal().array() += options.residual;
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        if (const double sum = a.row(i).sum(); sum > 0)
            a.row(i) /= sum;
    return a;
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

Record rollout(const std::vector<RecordPtr>& patterns, const RolloutOptions& options)
{
    const auto start = static_cast<std::size_t>(std::max(options.startLayer, 0));
    if (start >= patterns.size())
        throw Error("rollout: start layer " + std::to_string(start) + " of " + std::to_string(patterns.size())
            + " attention layers");
    const Record& first = *patterns[start];
    const Index tokens = shapeOf(first)[2];
    Matrix product = Matrix::Identity(tokens, tokens);
    for (std::size_t layer = start; layer < patterns.size(); ++layer) {
        checkLayer(*patterns[layer], first);
        product = mixing(*patterns[layer], options) * product;
    }
    Record record;
    record.info = {"rollout", Kind::Attention, "attention rollout", -1, {},
        "attention multiplied over the layers", {}, {}, {}};
    record.value = Tensor({1, 1, tokens, tokens});
    std::ranges::transform(std::span(product.data(), static_cast<std::size_t>(product.size())),
        record.value.writable().begin(), [](double v) { return static_cast<float>(v); });
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
