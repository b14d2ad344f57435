// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/method_comparison.h"

#include "core/analysis/interval.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rank_correlation.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <set>

namespace fovea::analysis {

namespace {

/// The options for one part of the work, which is told the share done of the whole.
ExecuteOptions partOf(const ExecuteOptions& run, double begin, double end)
{
    ExecuteOptions part = run;
    if (run.progress)
        part.progress
            = [all = run.progress, begin, end](double share) { all(begin + share * (end - begin)); };
    return part;
}

ComparedMap mapOf(const RelevanceQuestion& question, const RelevanceMethod& method, const Config& options,
    const ExecuteOptions& run)
{
    ComparedMap one{&method, {}, {}, {nan, nan, nan, {nan, nan}}};
    try {
        one.map = std::make_shared<const Record>(relevance(question, method, options, run));
        if (question.mask.defined())
            one.scores.mask = agreementWithMask(patchValues(*one.map), coverageOf(question, question.mask));
    } catch (const UsageError&) {
        throw;
    } catch (const Error& error) {
        one.problem = error.what();
    }
    return one;
}

void score(MethodComparison& result, const RelevanceQuestion& question, const Config& options,
    const ExecuteOptions& run)
{
    std::vector<std::vector<double>> values;
    for (const ComparedMap& one : result.maps)
        if (one.map)
            values.push_back(patchValues(*one.map));
    const PatchRemover remover(question, removalOf(options.text("removal")), run);
    const auto scores
        = relevanceScores(remover, question.classIndex, values, options.count("removal_steps"), run.progress);
    std::size_t next = 0;
    for (ComparedMap& one : result.maps)
        if (one.map) {
            const MaskAgreement mask = one.scores.mask;
            one.scores = scores[next++];
            one.scores.mask = mask;
        }
}

Record tableOf(const std::string& path, Kind kind, const std::string& role, const Shape& shape,
    const std::vector<ComparedMap>& maps, const std::vector<double>& values)
{
    Record record;
    record.info = {path, kind, role, -1, {}, {}, {}, {}, {}};
    record.value = Tensor(shape);
    std::ranges::transform(
        values, record.value.writable().begin(), [](double v) { return static_cast<float>(v); });
    record.axes = defaultAxes(record.info, shape);
    for (const ComparedMap& one : maps)
        record.axes[0].labels.push_back(one.method->name);
    record.finite = allFinite(record.value);
    return record;
}

void tabulate(MethodComparison& result, bool hasMask)
{
    const auto n = static_cast<Index>(result.maps.size());
    std::vector<double> scores, correlations;
    for (const ComparedMap& a : result.maps) {
        scores.insert(scores.end(), {a.scores.deletion, a.scores.insertion, a.scores.rank});
        if (hasMask)
            scores.insert(scores.end(), {a.scores.mask.pointing, a.scores.mask.iou});
        for (const ComparedMap& b : result.maps)
            correlations.push_back(a.map && b.map ? spearman(patchValues(*a.map), patchValues(*b.map)) : nan);
    }
    std::vector<std::string> fields{"deletion", "insertion", "rank correlation"};
    if (hasMask)
        fields.insert(fields.end(), {"pointing game", "IoU"});
    result.scores = tableOf("relevance.scores", Kind::Points, "numbers of the maps",
        {n, static_cast<Index>(fields.size())}, result.maps, scores);
    result.scores.info.fields = result.scores.axes[1].labels = fields;
    result.correlations = tableOf("relevance.correlations", Kind::Matrix, "rank correlation of the maps",
        {n, n}, result.maps, correlations);
    result.correlations.axes[1].labels = result.correlations.axes[0].labels;
    result.scores.info.help = result.correlations.info.help = result.caption;
}

std::string captionOf(const RelevanceQuestion& question, const std::vector<const RelevanceMethod*>& methods,
    const Config& options)
{
    const std::string number = std::to_string(question.classIndex);
    const std::string label = question.weights->label(question.classIndex);
    std::string caption = "class " + number + (label == number ? "" : " (" + label + ")");
    if (options.text("removal") != "none")
        caption += " · patches " + removalText(removalOf(options.text("removal"))) + ", "
            + std::to_string(options.count("removal_steps")) + " steps";
    std::set<std::string> read;
    for (const RelevanceMethod* method : methods)
        read.insert(method->fields.begin(), method->fields.end());
    for (const Field& field : relevanceSchema())
        if (read.contains(field.name)) {
            std::string words = field.name;
            std::ranges::replace(words, '_', ' ');
            caption += " · " + words + " " + textOf(options.value(field.name));
        }
    return caption;
}

}

MethodComparison compareMethods(const RelevanceQuestion& question,
    const std::vector<const RelevanceMethod*>& methods, const Config& options, const ExecuteOptions& run)
{
    requireAnswerable(question);
    MethodComparison result;
    result.caption = captionOf(question, methods, options);
    const bool isScored = options.text("removal") != "none";
    const double parts = static_cast<double>(methods.size()) + (isScored ? 2 : 0);
    for (const RelevanceMethod* method : methods) {
        run.stop.check();
        const auto done = static_cast<double>(result.maps.size());
        result.maps.push_back(
            mapOf(question, *method, options, partOf(run, done / parts, (done + 1) / parts)));
    }
    if (isScored)
        score(result, question, options, partOf(run, 1 - 2 / parts, 1));
    tabulate(result, question.mask.defined());
    return result;
}

std::vector<double> coverageOf(const RelevanceQuestion& question, const Tensor& mask)
{
    const LayoutPtr all = tokensOf(question);
    return patchCoverage(mask, *all->selected(patchTokens(*all)));
}

std::vector<const RelevanceMethod*> withBaselines(std::vector<const RelevanceMethod*> methods)
{
    for (const RelevanceMethod& method : relevanceMethods())
        if (method.isBaseline && std::ranges::find(methods, &method) == methods.end())
            methods.push_back(&method);
    return methods;
}

}
