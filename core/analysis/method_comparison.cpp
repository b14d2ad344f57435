// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/method_comparison.h"

#include "core/analysis/input_baselines.h"
#include "core/analysis/patch_map.h"
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

void holdAgainstMasks(
    RelevanceScores& scores, const std::vector<double>& map, const RelevanceQuestion& question)
{
    if (question.mask.defined())
        scores.mask = agreementWithMask(map, coverageOf(question, question.mask));
    if (question.others.defined())
        scores.others = agreementWithMask(map, coverageOf(question, question.others)).pointing;
}

ComparedMap mapOf(const RelevanceQuestion& question, const RelevanceMethod& method, const Config& options,
    const ExecuteOptions& run)
{
    ComparedMap one{&method, {}, {}, {nan, nan, nan, {nan, nan}}, {}};
    try {
        one.map = std::make_shared<const Record>(relevance(question, method, options, run));
        holdAgainstMasks(one.scores, patchValues(*one.map), question);
    } catch (const UsageError&) {
        throw;
    } catch (const Error& error) {
        one.problem = error.what();
    }
    return one;
}

/// Further random orders, none of them the baseline's own.
std::vector<std::vector<double>> randomOrders(const RelevanceQuestion& question, const Config& options)
{
    std::vector<std::vector<double>> orders;
    for (int draw = 1; draw <= options.count("random_draws"); ++draw)
        orders.push_back(randomOrder(*patchesOf(question), inputOf(question),
            static_cast<std::uint64_t>(options.integer("random_seed") + draw)));
    return orders;
}

void score(MethodComparison& result, const RelevanceQuestion& question, const Config& options,
    const ExecuteOptions& run)
{
    std::vector<std::vector<double>> values;
    std::vector<ComparedMap*> scored;
    for (ComparedMap& one : result.maps)
        if (one.map) {
            values.push_back(patchValues(*one.map));
            scored.push_back(&one);
        }
    for (std::vector<double>& order : randomOrders(question, options))
        values.push_back(std::move(order));
    const PatchRemover remover(question, removalOf(options.text("removal")), run);
    result.patches = remover.patchCount();
    auto scores
        = relevanceScores(remover, question.classIndex, values, options.count("removal_steps"), run.progress);
    for (std::size_t i = 0; i < scores.size(); ++i)
        holdAgainstMasks(scores[i], values[i], question);
    for (std::size_t i = 0; i < scored.size(); ++i)
        scored[i]->scores = scores[i];
    scores.erase(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(scored.size()));
    if (!scores.empty())
        result.random = randomRange(scores);
}

std::string captionOf(const RelevanceQuestion& question, const std::vector<const RelevanceMethod*>& methods,
    const Config& options)
{
    std::string caption = classText(question.classIndex, question.weights->label(question.classIndex));
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
    result.hasMask = question.mask.defined();
    result.hasOthers = question.others.defined();
    addSanity(result, *question.weights, options, {}); // makes the tables
    return result;
}

std::vector<double> coverageOf(const RelevanceQuestion& question, const Tensor& mask)
{
    return patchCoverage(mask, *patchesOf(question));
}

std::vector<const RelevanceMethod*> withBaselines(std::vector<const RelevanceMethod*> methods)
{
    for (const RelevanceMethod& method : relevanceMethods())
        if (method.isBaseline && std::ranges::find(methods, &method) == methods.end())
            methods.push_back(&method);
    return methods;
}

}
