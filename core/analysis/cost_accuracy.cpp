// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost_accuracy.h"

#include "core/analysis/mask_agreement.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/token_fates.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fovea::analysis {

namespace {

/// A picture with its label and all that is known of its objects.
struct Question {
    const StudyPicture* picture;
    Tensor mask; ///< u8 [y, x]; undefined: nobody knows
};

std::vector<Question> questionsOf(const std::vector<StudyPicture>& pictures)
{
    std::vector<Question> questions;
    for (const StudyPicture& picture : pictures) {
        if (!questions.empty() && questions.back().picture->sample == picture.sample)
            continue;
        if (picture.classIndex < 0)
            throw Error("cost against accuracy: picture " + std::to_string(picture.sample) + " has no label");
        std::vector<Tensor> masks;
        for (const Tensor& mask : {picture.mask, picture.others})
            if (mask.defined())
                masks.push_back(mask);
        questions.push_back({&picture, unionOfMasks(masks)});
    }
    if (questions.empty())
        throw Error("cost against accuracy: there are no pictures");
    return questions;
}

/// What became of the pictures under one contender.
struct Outcomes {
    std::vector<double> milliseconds, macs, right, logits, kept, iou;
};

/// Time, cost and answer of one pass that nobody watches.
void answer(
    const CostContender& contender, const StudyPicture& picture, const ExecuteOptions& given, Outcomes& into)
{
    std::int64_t macs = 0;
    Tensor logits;
    ExecuteOptions run = given;
    run.macs = &macs;
    run.logits = &logits;
    const auto begin = std::chrono::steady_clock::now();
    execute(*contender.architecture, *contender.weights, picture.input, run);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    const auto values = logits.values<float>();
    const auto label = static_cast<std::size_t>(picture.classIndex);
    if (label >= values.size())
        throw Error("cost against accuracy: label " + std::to_string(label) + " of picture "
            + std::to_string(picture.sample) + ", but " + std::to_string(values.size()) + " classes");
    into.milliseconds.push_back(time.count());
    into.macs.push_back(static_cast<double>(macs));
    const auto best = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
    into.right.push_back(std::isfinite(values[label]) && best == label ? 1 : 0);
    into.logits.push_back(values[label]);
}

/// Which of the patches of a whole picture are left; all where a model drops none.
std::vector<bool> leftPatches(const CostContender& contender, const StudyPicture& picture,
    const ExecuteOptions& given, LayoutPtr& patches)
{
    ExecuteOptions run = given;
    run.record = {"stages.*.keep"};
    const TracePtr trace = execute(*contender.architecture, *contender.weights, picture.input, run);
    const auto fates = tokenFates(*trace);
    if (!fates)
        return {};
    const std::vector<int> tokens = patchTokens(*fates->layout);
    patches = fates->layout->selected(tokens);
    std::vector<bool> left;
    for (const int token : tokens)
        left.push_back(fates->groups.back().kept[static_cast<std::size_t>(token)]);
    return left;
}

double overlap(const std::vector<bool>& left, const std::vector<double>& coverage)
{
    constexpr double half = 0.5;
    int both = 0, either = 0, objects = 0;
    for (std::size_t patch = 0; patch < left.size(); ++patch) {
        const bool isObject = coverage[patch] >= half;
        objects += isObject ? 1 : 0;
        both += left[patch] && isObject ? 1 : 0;
        either += left[patch] || isObject ? 1 : 0;
    }
    return objects > 0 ? static_cast<double>(both) / either : nan;
}

void askWhatIsLeft(
    const CostContender& contender, const Question& question, const ExecuteOptions& run, Outcomes& into)
{
    LayoutPtr patches;
    const std::vector<bool> left = leftPatches(contender, *question.picture, run, patches);
    if (left.empty())
        return;
    into.kept.push_back(
        static_cast<double>(std::ranges::count(left, true)) / static_cast<double>(left.size()));
    if (question.mask.defined())
        into.iou.push_back(overlap(left, patchCoverage(question.mask, *patches)));
}

Estimate meanDifference(const std::vector<double>& of, const std::vector<double>& from)
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < of.size(); ++i)
        differences.push_back(of[i] - from[i]);
    return meanWithInterval(differences);
}

double mean(const std::vector<double>& values)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

CostPoint pointOf(const CostContender& contender, const Outcomes& of, const Outcomes& first)
{
    return {contender.series, contender.setting, contender.rival, mean(of.macs), median(of.milliseconds),
        shareWithInterval(std::ranges::count(of.right, 1.0), static_cast<std::int64_t>(of.right.size())),
        meanDifference(of.right, first.right), meanDifference(of.logits, first.logits),
        meanWithInterval(of.kept), meanWithInterval(of.iou)};
}

std::vector<float> rowOf(const CostPoint& p)
{
    std::vector<float> row;
    for (const double value : {p.setting, p.rival, p.macs, p.milliseconds})
        row.push_back(static_cast<float>(value));
    for (const Estimate* estimate : {&p.accuracy, &p.gain, &p.logit, &p.kept, &p.iou})
        for (const double value : {estimate->mean, estimate->low, estimate->high})
            row.push_back(static_cast<float>(value));
    return row;
}

std::vector<std::string> fieldNames()
{
    std::vector<std::string> names{"setting", "rival", "macs", "milliseconds"};
    for (const std::string name : {"accuracy", "gain", "logit", "kept", "iou"})
        for (const char* end : {"", " low", " high"})
            names.push_back(name + end);
    return names;
}

}

std::vector<CostPoint> costAccuracy(const std::vector<CostContender>& contenders,
    const std::vector<StudyPicture>& pictures, const CostOptions& options, const ExecuteOptions& given)
{
    if (contenders.empty())
        throw Error("cost against accuracy: there are no models to compare");
    const std::vector<Question> questions = questionsOf(pictures);
    ExecuteOptions run;
    run.pool = given.pool;
    run.workspace = given.workspace;
    run.stop = given.stop;
    run.seed = given.seed;
    run.record = {};
    run.keepStates = false;
    for (const CostContender& contender : contenders)
        for (Index i = 0; i < options.warmUps; ++i)
            execute(*contender.architecture, *contender.weights, questions.front().picture->input, run);
    std::vector<Outcomes> answers(contenders.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
        for (std::size_t k = 0; k < contenders.size(); ++k)
            answer(contenders[k], *questions[i].picture, run, answers[k]);
        for (std::size_t k = 0; k < contenders.size() && static_cast<Index>(i) < options.keptPictures; ++k)
            askWhatIsLeft(contenders[k], questions[i], run, answers[k]);
        if (given.progress)
            given.progress(static_cast<double>(i + 1) / static_cast<double>(questions.size()));
    }
    std::vector<CostPoint> points;
    for (std::size_t k = 0; k < contenders.size(); ++k)
        points.push_back(pointOf(contenders[k], answers[k], answers.front()));
    return points;
}

std::vector<Record> costTables(const std::vector<CostPoint>& points)
{
    std::vector<std::string> series;
    for (const CostPoint& point : points)
        if (std::ranges::find(series, point.series) == series.end())
            series.push_back(point.series);
    std::vector<Record> tables;
    for (const std::string& name : series) {
        std::vector<float> values;
        for (const CostPoint& point : points)
            if (point.series == name)
                std::ranges::copy(rowOf(point), std::back_inserter(values));
        Record table;
        table.info = {"cost-accuracy." + name, Kind::Points, "cost against accuracy", -1, {}, {}, {}, {}, {}};
        table.info.fields = fieldNames();
        const auto width = static_cast<Index>(table.info.fields.size());
        table.value = Tensor({static_cast<Index>(values.size()) / width, width});
        std::ranges::copy(values, table.value.writable().begin());
        table.axes = defaultAxes(table.info, table.value.shape());
        table.axes[1].labels = table.info.fields;
        table.finite = allFinite(table.value);
        tables.push_back(std::move(table));
    }
    return tables;
}

}
