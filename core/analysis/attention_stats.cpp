// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_stats.h"

#include <cmath>

namespace fovea::analysis {

namespace {

/// Sums over the queries of one head, to be divided at the end.
struct Sums {
    double entropy = 0, specialShare = 0, distance = 0, uniformDistance = 0;
    Index queries = 0, patchQueries = 0;
};

std::span<const float> rowOf(const Tensor& map, Index i)
{
    const auto keys = static_cast<std::size_t>(map.dim(1));
    return map.values<float>().subspan(static_cast<std::size_t>(i) * keys, keys);
}

/// What the tokens of one group say of places; the same for all heads.
struct Geometry {
    std::vector<char> isSpecial; // [key]
    std::vector<double> distance; // [query, key] in pixels; NaN where a token is special
};

Geometry geometryOf(const Record& record, int group)
{
    const Shape shape = shapeOf(record);
    const auto queries = static_cast<int>(shape[2]), keys = static_cast<int>(shape[3]);
    Geometry geometry;
    if (!record.queries || !record.keys)
        return geometry;
    std::vector<Place> places;
    for (int j = 0; j < keys; ++j) {
        const int token = keyToken(record, group, j);
        geometry.isSpecial.push_back(record.keys->isSpecial(token));
        places.push_back(geometry.isSpecial.back() ? Place{NAN, NAN} : record.keys->centre(token));
    }
    for (int i = 0; i < queries; ++i) {
        const int token = queryToken(record, group, i);
        const Place from = record.queries->isSpecial(token) ? Place{NAN, NAN} : record.queries->centre(token);
        for (const Place& to : places)
            geometry.distance.push_back(std::hypot(to.x - from.x, to.y - from.y));
    }
    return geometry;
}

/// Adds the distances of one query's row over its patch keys, where there are any.
void addDistances(Sums& sums, std::span<const float> row, std::span<const double> distance)
{
    double weight = 0, weighted = 0, plain = 0;
    Index keys = 0;
    for (std::size_t j = 0; j < row.size(); ++j)
        if (!std::isnan(distance[j])) {
            weight += row[j];
            weighted += row[j] * distance[j];
            plain += distance[j];
            ++keys;
        }
    if (weight <= 0)
        return;
    sums.distance += weighted / weight;
    sums.uniformDistance += plain / static_cast<double>(keys);
    ++sums.patchQueries;
}

void addGroup(Sums& sums, const Tensor& map, const Geometry& geometry)
{
    for (Index i = 0; i < map.dim(0); ++i) {
        const auto row = rowOf(map, i);
        sums.entropy += normalisedEntropy(row);
        ++sums.queries;
        for (std::size_t j = 0; j < geometry.isSpecial.size(); ++j)
            sums.specialShare += geometry.isSpecial[j] ? row[j] : 0;
        if (!geometry.distance.empty())
            addDistances(sums, row,
                std::span(geometry.distance).subspan(static_cast<std::size_t>(i) * row.size(), row.size()));
    }
}

}

double normalisedEntropy(std::span<const float> row)
{
    if (row.size() < 2)
        return 0;
    double entropy = 0;
    for (const float a : row)
        if (a != 0)
            entropy -= a * std::log(static_cast<double>(a));
    return entropy / std::log(static_cast<double>(row.size()));
}

std::vector<double> entropyPerQuery(const Tensor& map)
{
    std::vector<double> entropy;
    for (Index i = 0; i < map.dim(0); ++i)
        entropy.push_back(normalisedEntropy(rowOf(map, i)));
    return entropy;
}

Tensor asShares(const Tensor& map)
{
    Tensor shares(map.shape());
    float* to = shares.writable().data();
    for (Index i = 0; i < map.dim(0); ++i) {
        double sum = 0;
        for (const float a : rowOf(map, i))
            sum += static_cast<double>(a);
        for (const float a : rowOf(map, i))
            *to++ = sum > 0 ? static_cast<float>(static_cast<double>(a) / sum) : a;
    }
    return shares;
}

std::vector<double> receivedPerKey(const Tensor& map)
{
    std::vector<double> received(static_cast<std::size_t>(map.dim(1)), 0.0);
    for (Index i = 0; i < map.dim(0); ++i) {
        const auto row = rowOf(map, i);
        for (std::size_t j = 0; j < row.size(); ++j)
            received[j] += row[j];
    }
    for (double& r : received)
        r /= static_cast<double>(map.dim(0));
    return received;
}

std::vector<HeadStats> headStats(const Record& attention)
{
    const Shape shape = shapeOf(attention);
    std::vector<Sums> sums(static_cast<std::size_t>(shape[1]));
    for (int group = 0; group < shape[0]; ++group) {
        const Geometry geometry = geometryOf(attention, group);
        for (int head = 0; head < shape[1]; ++head)
            addGroup(sums[static_cast<std::size_t>(head)], attentionMap(attention, {group, head}), geometry);
    }
    std::vector<HeadStats> stats;
    for (const Sums& sum : sums) {
        const auto queries = static_cast<double>(sum.queries),
                   patches = static_cast<double>(sum.patchQueries);
        stats.push_back(HeadStats{sum.entropy / queries, patches > 0 ? sum.distance / patches : NAN,
            patches > 0 ? sum.uniformDistance / patches : NAN, sum.specialShare / queries});
    }
    return stats;
}

Record headStatistics(const Record& attention)
{
    const std::vector<HeadStats> stats = headStats(attention);
    Record record;
    record.info = {attention.path() + ".stats", Kind::Points, "statistics of the heads", attention.info.depth,
        attention.info.block, "how sharp, how far, how much on special tokens", {},
        {"entropy", "distance", "uniform distance", "special share"}, {}};
    record.value = Tensor({static_cast<Index>(stats.size()), 4});
    auto out = record.value.writable().begin();
    for (const HeadStats& head : stats)
        for (const double field : {head.entropy, head.distance, head.uniformDistance, head.specialShare})
            *out++ = static_cast<float>(field);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes.front().name = "head";
    record.finite = allFinite(record.value);
    return record;
}

}
