// The numbers of a comparison as records, which views export and recipes repeat.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/method_comparison.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rank_correlation.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

/// Rows of numbers as a record [row, column].
Record tableOf(const SignalInfo& info, const Names& rows, const std::vector<Numbers>& numbers)
{
    Record record;
    record.info = info;
    const auto columns = static_cast<Index>(numbers.empty() ? 0 : numbers.front().size());
    record.value = Tensor({static_cast<Index>(rows.size()), columns});
    float* to = record.value.writable().data();
    for (const Numbers& row : numbers)
        to = std::ranges::transform(row, to, [](double v) { return static_cast<float>(v); }).out;
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes[0].labels = rows;
    record.finite = allFinite(record.value);
    return record;
}

Names namesOf(const MethodComparison& comparison)
{
    Names names;
    for (const ComparedMap& one : comparison.maps)
        names.push_back(one.method->name);
    return names;
}

/// What a map and a random order have alike.
Names fieldsOf(const MethodComparison& comparison)
{
    Names fields{"deletion", "insertion", "rank correlation"};
    if (comparison.hasMask)
        fields.insert(fields.end(), {"pointing game", "IoU"});
    if (comparison.hasOthers)
        fields.emplace_back("pointing at others");
    return fields;
}

Numbers numbersOf(const MethodComparison& comparison, const RelevanceScores& scores)
{
    Numbers numbers{scores.deletion, scores.insertion, scores.rank};
    if (comparison.hasMask)
        numbers.insert(numbers.end(), {scores.mask.pointing, scores.mask.iou});
    if (comparison.hasOthers)
        numbers.push_back(scores.others);
    return numbers;
}

Record fieldTable(const SignalInfo& info, const Names& rows, const std::vector<Numbers>& numbers)
{
    Record record = tableOf(info, rows, numbers);
    record.axes[1].labels = record.info.fields;
    return record;
}

Record scoresOf(const MethodComparison& comparison)
{
    SignalInfo info{"relevance.scores", Kind::Points, "numbers of the maps", -1, {}, {}, {}, {}, {}};
    info.help = comparison.caption;
    info.fields = fieldsOf(comparison);
    info.fields.insert(info.fields.end(), {"rank low", "rank high", "sanity check", "between pictures"});
    std::vector<Numbers> rows;
    for (const ComparedMap& one : comparison.maps) {
        rows.push_back(numbersOf(comparison, one.scores));
        rows.back().insert(rows.back().end(),
            {one.scores.rankLow, one.scores.rankHigh, one.sanity ? one.sanity->largest : nan,
                one.sanity ? one.sanity->betweenPictures : nan});
    }
    return fieldTable(info, namesOf(comparison), rows);
}

Record correlationsOf(const MethodComparison& comparison)
{
    SignalInfo info{
        "relevance.correlations", Kind::Matrix, "rank correlation of the maps", -1, {}, {}, {}, {}, {}};
    info.help = comparison.caption;
    std::vector<Numbers> rows;
    for (const ComparedMap& a : comparison.maps) {
        rows.emplace_back();
        for (const ComparedMap& b : comparison.maps)
            rows.back().push_back(a.map && b.map ? spearman(patchValues(*a.map), patchValues(*b.map)) : nan);
    }
    Record record = tableOf(info, namesOf(comparison), rows);
    record.axes[1].labels = record.axes[0].labels;
    return record;
}

/// Low and high of each number; no rows without draws.
Record randomTable(const MethodComparison& comparison)
{
    SignalInfo info{"relevance.random_range", Kind::Points, "range of random orders", -1, {}, {}, {}, {}, {}};
    info.fields = fieldsOf(comparison);
    return fieldTable(info, {"low", "high"},
        {numbersOf(comparison, comparison.random->low), numbersOf(comparison, comparison.random->high)});
}

Record curvesOf(const MethodComparison& comparison, RemovalCurve RemovalCurves::*which, bool isDeletion)
{
    SignalInfo info{isDeletion ? "relevance.deletion" : "relevance.insertion", Kind::Matrix,
        isDeletion ? "probability while the highest patches are removed"
                   : "probability while the highest patches come first",
        -1, {}, {}, {}, {}, {}};
    info.help = comparison.caption;
    Names names;
    std::vector<Numbers> rows;
    const RemovalCurve* curve = nullptr;
    const auto add = [&](const std::string& name, const RelevanceScores& scores) {
        curve = &(scores.curves.*which);
        names.push_back(name);
        rows.push_back(curve->probability);
    };
    for (const ComparedMap& one : comparison.maps)
        if (one.map)
            add(one.method->name, one.scores);
    if (comparison.random) {
        add("random low", comparison.random->low);
        add("random high", comparison.random->high);
    }
    Record record = tableOf(info, names, rows);
    record.axes[1].name = isDeletion ? "removed" : "present";
    record.axes[1].unit = "share of patches";
    for (const int patches : curve->patches)
        record.axes[1].values.push_back(static_cast<double>(patches) / comparison.patches);
    return record;
}

void tabulate(MethodComparison& comparison)
{
    comparison.scores = scoresOf(comparison);
    comparison.correlations = correlationsOf(comparison);
    comparison.more.clear();
    if (comparison.random)
        comparison.more.push_back(randomTable(comparison));
    const bool hasCurves = std::ranges::any_of(
        comparison.maps, [](const auto& one) { return !one.scores.curves.deletion.patches.empty(); });
    if (!hasCurves)
        return;
    comparison.more.push_back(curvesOf(comparison, &RemovalCurves::deletion, true));
    comparison.more.push_back(curvesOf(comparison, &RemovalCurves::insertion, false));
}

}

void addSanity(MethodComparison& comparison, const Weights& weights, const Config& options,
    const std::vector<KnownSanity>& known)
{
    for (ComparedMap& one : comparison.maps) {
        std::vector<KnownSanity> all = known;
        if (one.sanity)
            all.insert(all.begin(), *one.sanity);
        if (const KnownSanity* best = findSanity(all, weights, *one.method, options))
            one.sanity = *best;
    }
    tabulate(comparison);
}

}
