// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_study.h"

#include "core/analysis/effect.h"
#include "core/analysis/interval.h"
#include "core/analysis/mask_agreement.h"
#include "core/analysis/patch_map.h"
#include "core/tensor/error.h"

namespace fovea::analysis {

namespace {

std::vector<double> column(const std::vector<StudyRow>& rows, std::size_t method, std::size_t measure)
{
    std::vector<double> values;
    for (const StudyRow& row : rows)
        values.push_back(row[method][measure]);
    return values;
}

Estimate differenceOf(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.size(); ++i)
        differences.push_back(a[i] - b[i]);
    return meanWithInterval(differences);
}

}

std::string measureName(Measure measure)
{
    constexpr const char* names[] = {"deletion", "insertion", "rank_correlation", "pointing", "iou"};
    return names[static_cast<int>(measure)];
}

StudyRow studyPicture(const Architecture& architecture, const Weights& weights, const StudyPicture& picture,
    const std::vector<const RelevanceMethod*>& methods, const Config& options, const ExecuteOptions& run)
{
    ExecuteOptions forward = run;
    forward.record = {"*.pattern"};
    forward.progress = {};
    RelevanceQuestion question{
        &architecture, &weights, execute(architecture, weights, picture.input, forward), picture.classIndex};
    if (question.classIndex < 0)
        question.classIndex = topClasses(question.base->output, 1).front().index;
    const MethodComparison compared = compareMethods(question, methods, options, run);
    std::vector<double> coverage;
    const LayoutPtr all = tokensOf(question);
    if (picture.mask.defined())
        coverage = patchCoverage(picture.mask, *all->selected(patchTokens(*all)));
    StudyRow row;
    for (const ComparedMap& one : compared.maps) {
        if (!one.map)
            throw Error(one.method->name + ": " + one.problem);
        const MaskAgreement agreement
            = coverage.empty() ? MaskAgreement{nan, nan} : agreementWithMask(patchValues(*one.map), coverage);
        row.push_back(
            {one.scores.deletion, one.scores.insertion, one.scores.rank, agreement.pointing, agreement.iou});
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

}
