// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/layout.h"

#include "core/tensor/error.h"

#include <numeric>
#include <string>

namespace fovea::plugin::scan_snap {

namespace {

constexpr Index mostTokens = 20'000;

/// torch.linspace in T: the second half counts from the end.
template <class T>
std::vector<T> evenly(double from, double to, int count)
{
    const auto first = static_cast<T>(from), last = static_cast<T>(to);
    const T step = count > 1 ? (last - first) / static_cast<T>(count - 1) : 0;
    std::vector<T> values(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = i < count / 2 || count == 1
            ? first + step * static_cast<T>(i)
            : last - step * static_cast<T>(count - 1 - i);
    return values;
}

template <class T>
std::vector<T> probabilitiesOf(const Language& language)
{
    std::vector<T> weights(static_cast<std::size_t>(language.common + language.commonPerQuery),
        static_cast<T>(language.commonWeight));
    for (const T weight : evenly<T>(language.distinctFrom, language.distinctTo, language.distinct))
        weights.push_back(weight);
    const auto whole = static_cast<T>(std::accumulate(weights.begin(), weights.end(), 0.0));
    for (T& weight : weights)
        weight /= whole;
    return weights;
}

void require(bool kept, const std::string& field, const std::string& expected, Index found)
{
    if (!kept)
        throw Error("field '" + field + "': expected " + expected + ", found " + std::to_string(found));
}

Index tokensOf(const Language& language)
{
    const Index classes = Index{language.queries} * language.labelsPerQuery;
    return language.common + Index{language.commonPerQuery} * language.queries
        + Index{language.distinct} * classes + language.queries + classes;
}

/// What the ranges of single fields do not say.
void check(const Language& language)
{
    require(language.labelsPerQuery > 0, "num_next_per_last", "at least 1, since a query must have a class",
        language.labelsPerQuery);
    const Index classes = Index{language.queries} * language.labelsPerQuery, needed = tokensOf(language);
    const Index given = language.vocabulary;
    require(given == 0 || given >= classes, "vocabulary",
        "at least the " + std::to_string(classes) + " next tokens (K <= M)", given);
    require(given == 0 || given >= needed, "vocabulary",
        "0 or at least the " + std::to_string(needed) + " tokens of this layout", given);
    require(needed <= mostTokens, "num_last", "at most 20000 tokens in all", needed);
    require(given <= mostTokens, "vocabulary", "at most 20000 tokens", given);
}

}

Layout::Layout(const Language& language)
{
    check(language);
    queries = language.queries;
    const Index commonPerQuery = language.commonPerQuery, ofQueries = language.common;
    const Index ofClasses = ofQueries + commonPerQuery * queries;
    const Index count = queries * language.labelsPerQuery;
    firstQuery = ofClasses + language.distinct * count;
    vocabulary = language.vocabulary > 0 ? language.vocabulary : tokensOf(language);
    const std::vector<double> probabilities = probabilitiesOf<double>(language);
    officialProbabilities = probabilitiesOf<float>(language);
    for (Index n = 0; n < count; ++n) {
        SequenceClass one;
        one.query = n / language.labelsPerQuery;
        one.label = firstQuery + queries + n;
        one.probabilities = probabilities;
        const auto add = [&](Index from, Index tokens) {
            for (Index token = from; token < from + tokens; ++token)
                one.tokens.push_back(token);
        };
        add(0, language.common);
        add(ofQueries + one.query * commonPerQuery, commonPerQuery);
        one.distinct = one.tokens.size();
        add(ofClasses + n * language.distinct, language.distinct);
        add(queryToken(one.query), 1);
        classes.push_back(std::move(one));
    }
}

}
