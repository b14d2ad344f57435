// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_study.h"

#include "core/analysis/effect.h"
#include "core/analysis/interval.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fovea::analysis {

namespace {

/// A value for each picture: the mean over its objects for which it is known.
std::vector<double> column(const std::vector<StudyRow>& rows, std::size_t method, std::size_t measure)
{
    std::vector<double> values;
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        double sum = 0;
        int known = 0;
        for (end = begin; end < rows.size() && rows[end].sample == rows[begin].sample; ++end)
            if (const double value = rows[end].values[method][measure]; !std::isnan(value)) {
                sum += value;
                ++known;
            }
        values.push_back(known > 0 ? sum / known : nan);
    }
    return values;
}

Estimate differenceOf(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.size(); ++i)
        differences.push_back(a[i] - b[i]);
    return meanWithInterval(differences);
}

RelevanceQuestion questionOf(const Architecture& architecture, const Weights& weights,
    const StudyPicture& picture, const ExecuteOptions& run)
{
    ExecuteOptions forward = run;
    forward.record = {"*.pattern"};
    forward.progress = {};
    RelevanceQuestion question{&architecture, &weights,
        execute(architecture, weights, picture.input, forward), picture.classIndex, picture.mask,
        picture.others};
    if (question.classIndex < 0)
        question.classIndex = topClasses(question.base->output, 1).front().index;
    return question;
}

}

std::string measureName(Measure measure)
{
    constexpr const char* names[]
        = {"deletion", "insertion", "rank_correlation", "pointing", "iou", "pointing_others"};
    return names[static_cast<int>(measure)];
}

bool isLowGood(Measure measure) { return measure == Measure::Deletion || measure == Measure::Others; }

bool StudyResult::beatsBaselines() const
{
    return !over.empty() && std::ranges::all_of(over, [this](const auto& one) {
        return isLowGood(measure) ? one.second.high < 0 : one.second.low > 0;
    });
}

std::vector<const RelevanceMethod*> fittingMethods(const Architecture& architecture, const Weights& weights,
    const StudyPicture& picture, const std::vector<const RelevanceMethod*>& methods, const Config& options,
    const ExecuteOptions& run)
{
    Config mapsAlone = options;
    mapsAlone.set("removal", std::string("none"));
    const auto compared
        = compareMethods(questionOf(architecture, weights, picture, run), methods, mapsAlone, run);
    std::vector<const RelevanceMethod*> fitting;
    for (const ComparedMap& one : compared.maps)
        if (one.map)
            fitting.push_back(one.method);
    return fitting;
}

StudyRow studyPicture(const Architecture& architecture, const Weights& weights, const StudyPicture& picture,
    const std::vector<const RelevanceMethod*>& methods, const Config& options, const ExecuteOptions& run)
{
    const RelevanceQuestion question = questionOf(architecture, weights, picture, run);
    Config withoutRange = options; // intervals here are over pictures
    withoutRange.set("random_draws", std::int64_t{0});
    const MethodComparison compared = compareMethods(question, methods, withoutRange, run);
    StudyRow row{picture.sample, {}};
    for (const ComparedMap& one : compared.maps) {
        if (!one.map)
            throw Error(one.method->name + ": " + one.problem);
        const RelevanceScores& scores = one.scores;
        row.values.push_back({scores.deletion, scores.insertion, scores.rank, scores.mask.pointing,
            scores.mask.iou, scores.others});
    }
    return row;
}

std::vector<StudyResult> studyResults(
    const std::vector<StudyRow>& rows, const std::vector<const RelevanceMethod*>& methods)
{
    std::vector<StudyResult> results;
    for (std::size_t m = 0; m < methods.size(); ++m)
        for (std::size_t measure = 0; measure < measureCount; ++measure) {
            const std::vector<double> values = column(rows, m, measure);
            StudyResult result{methods[m], static_cast<Measure>(measure), meanWithInterval(values), {}};
            if (result.mean.count == 0)
                continue;
            for (std::size_t b = 0; b < methods.size(); ++b)
                if (methods[b]->isBaseline && b != m)
                    result.over.emplace_back(
                        methods[b]->name, differenceOf(values, column(rows, b, measure)));
            results.push_back(std::move(result));
        }
    return results;
}

Record studyTable(const std::vector<StudyResult>& results, const std::vector<const RelevanceMethod*>& methods)
{
    std::vector<Measure> measures;
    for (const StudyResult& result : results)
        if (std::ranges::find(measures, result.measure) == measures.end())
            measures.push_back(result.measure);
    Record table;
    table.info = {"relevance.study", Kind::Points, "numbers of the methods", -1, {}, {}, {}, {}, {}};
    for (const Measure measure : measures)
        for (const char* part : {"", " low", " high"})
            table.info.fields.push_back(measureName(measure) + part);
    const auto width = static_cast<Index>(table.info.fields.size());
    table.value = Tensor({static_cast<Index>(methods.size()), width});
    std::ranges::fill(table.value.writable(), std::numeric_limits<float>::quiet_NaN());
    for (const StudyResult& result : results) {
        const auto row = std::ranges::find(methods, result.method) - methods.begin();
        const auto column = 3 * (std::ranges::find(measures, result.measure) - measures.begin());
        float* to = table.value.writable().data() + row * width + column;
        for (const double number : {result.mean.mean, result.mean.low, result.mean.high})
            *to++ = static_cast<float>(number);
    }
    table.axes = defaultAxes(table.info, table.value.shape());
    for (const RelevanceMethod* method : methods)
        table.axes[0].labels.push_back(method->name);
    table.axes[1].labels = table.info.fields;
    table.finite = allFinite(table.value);
    return table;
}

}
