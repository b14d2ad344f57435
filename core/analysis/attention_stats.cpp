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

/// Distances from one patch query to the patch keys of its group.
void addDistances(Sums& sums, const Record& record, int group, Place from, std::span<const float> row)
{
    double weight = 0, weighted = 0, plain = 0;
    Index keys = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
        const int token = keyToken(record, group, static_cast<int>(j));
        if (record.keys->isSpecial(token))
            continue;
        const Place to = record.keys->centre(token);
        const double distance = std::hypot(to.x - from.x, to.y - from.y);
        weight += row[j];
        weighted += row[j] * distance;
        plain += distance;
        ++keys;
    }
    if (keys == 0 || weight <= 0)
        return;
    sums.distance += weighted / weight;
    sums.uniformDistance += plain / static_cast<double>(keys);
    ++sums.patchQueries;
}

double specialShare(const Record& record, int group, std::span<const float> row)
{
    double share = 0;
    for (std::size_t j = 0; j < row.size(); ++j)
        if (record.keys->isSpecial(keyToken(record, group, static_cast<int>(j))))
            share += row[j];
    return share;
}

void addGroup(Sums& sums, const Record& record, HeadIndex at)
{
    const Tensor map = attentionMap(record, at);
    for (Index i = 0; i < map.dim(0); ++i) {
        const auto row = rowOf(map, i);
        sums.entropy += normalisedEntropy(row);
        ++sums.queries;
        if (!record.queries || !record.keys)
            continue;
        sums.specialShare += specialShare(record, at.group, row);
        const int query = queryToken(record, at.group, static_cast<int>(i));
        if (!record.queries->isSpecial(query))
            addDistances(sums, record, at.group, record.queries->centre(query), row);
    }
}

}

double normalisedEntropy(std::span<const float> row)
{
    if (row.size() < 2)
        return 0;
    double entropy = 0;
    for (const float a : row)
        if (a > 0)
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

HeadStats headStats(const Record& attention, int head)
{
    Sums sums;
    for (int group = 0; group < shapeOf(attention)[0]; ++group)
        addGroup(sums, attention, {group, head});
    const auto queries = static_cast<double>(sums.queries), patches = static_cast<double>(sums.patchQueries);
    return {sums.entropy / queries, patches > 0 ? sums.distance / patches : NAN,
        patches > 0 ? sums.uniformDistance / patches : NAN, sums.specialShare / queries};
}

Record headStatistics(const Record& attention)
{
    const auto heads = static_cast<int>(shapeOf(attention)[1]);
    Record record;
    record.info = {attention.path() + ".stats", Kind::Points, "statistics of the heads", attention.info.depth,
        attention.info.block, "how sharp, how far, how much on special tokens", {},
        {"entropy", "distance", "uniform distance", "special share"}, {}};
    record.value = Tensor({heads, 4});
    const auto out = record.value.writable();
    for (int head = 0; head < heads; ++head) {
        const HeadStats stats = headStats(attention, head);
        const double fields[] = {stats.entropy, stats.distance, stats.uniformDistance, stats.specialShare};
        for (std::size_t f = 0; f < 4; ++f)
            out[static_cast<std::size_t>(head) * 4 + f] = static_cast<float>(fields[f]);
    }
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes.front().name = "head";
    record.finite = allFinite(record.value);
    return record;
}

}
