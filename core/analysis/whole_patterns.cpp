// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/whole_patterns.h"

#include "core/trace/attention.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

/// Where each token of `some` stands in `all`; empty: one does not, or covers something else there.
std::vector<int> placesIn(const TokenLayout& all, const TokenLayout& some)
{
    std::vector<int> places;
    for (int token = 0; token < some.tokens(); ++token) {
        const int place
            = some.isSpecial(token) ? all.specialNamed(some.name(token)) : all.tokenAt(some.centre(token));
        if (place < 0 || !std::ranges::equal(all.cells(place), some.cells(token)))
            return {};
        places.push_back(place);
    }
    return places;
}

RecordPtr whole(const RecordPtr& pattern, const LayoutPtr& tokens)
{
    const Shape shape = shapeOf(*pattern);
    const bool isSquare = shape.rank() == 4 && shape[0] == 1 && shape[2] == shape[3] && pattern->queries
        && pattern->keys && *pattern->queries == *pattern->keys;
    if (!isSquare || *pattern->queries == *tokens)
        return pattern;
    const std::vector<int> places = placesIn(*tokens, *pattern->queries);
    if (places.empty())
        return pattern;
    const Index n = tokens->tokens();
    auto all = std::make_shared<Record>(*pattern);
    all->value = Tensor::zeros({1, shape[1], n, n});
    float* to = all->value.writable().data();
    for (Index head = 0; head < shape[1]; ++head) {
        const Tensor map = attentionMap(*pattern, {0, static_cast<int>(head)});
        for (Index i = 0; i < shape[2]; ++i)
            for (Index j = 0; j < shape[2]; ++j)
                to[(head * n + places[static_cast<std::size_t>(i)]) * n + places[static_cast<std::size_t>(j)]]
                    = map.data()[i * shape[2] + j];
    }
    all->factors = {};
    all->axes = defaultAxes(all->info, all->value.shape());
    all->queries = all->keys = tokens;
    return all;
}

}

std::vector<RecordPtr> wholePatterns(const std::vector<RecordPtr>& patterns, const LayoutPtr& tokens)
{
    std::vector<RecordPtr> all;
    for (const RecordPtr& pattern : patterns)
        all.push_back(tokens ? whole(pattern, tokens) : pattern);
    return all;
}

}
