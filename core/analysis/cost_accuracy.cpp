// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost_accuracy.h"

#include "core/analysis/mask_agreement.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/token_fates.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

/// Time, cost and answer of one pass that nobody watches.
CostAnswer answer(const CostContender& contender, const StudyPicture& picture, const ExecuteOptions& given)
{
    std::int64_t macs = 0;
    Tensor logits;
    ExecuteOptions run = given;
    run.macs = &macs;
    run.logits = &logits;
    double seconds = 0;
    run.seconds = &seconds;
    execute(*contender.architecture, *contender.weights, picture.input, run);
    const auto values = logits.values<float>();
    const auto label = static_cast<std::size_t>(picture.classIndex);
    if (label >= values.size())
        throw Error("cost against accuracy: label " + std::to_string(label) + " of picture "
            + std::to_string(picture.sample) + ", but " + std::to_string(values.size()) + " classes");
    CostAnswer found;
    found.milliseconds = 1000 * seconds;
    found.macs = static_cast<double>(macs);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
    found.right = std::isfinite(values[label]) && best == label ? 1 : 0;
    found.logit = values[label];
    return found;
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

/// Whether no channel of a picture [1, C, H, W] varies within an area.
bool isBlank(const Tensor& picture, const Area& area)
{
    const auto values = picture.values<float>();
    const Index height = picture.dim(2), width = picture.dim(3);
    const auto left = static_cast<Index>(area.x), top = static_cast<Index>(area.y);
    for (Index channel = 0; channel < picture.dim(1); ++channel) {
        const auto plane = values.subspan(static_cast<std::size_t>(channel * height * width));
        const float first = plane[static_cast<std::size_t>(top * width + left)];
        for (Index y = top; y < std::min(height, static_cast<Index>(area.y + area.height)); ++y)
            for (Index x = left; x < std::min(width, static_cast<Index>(area.x + area.width)); ++x)
                if (plane[static_cast<std::size_t>(y * width + x)] != first)
                    return false;
    }
    return true;
}

std::vector<bool> blankPatches(const Tensor& picture, const TokenLayout& patches)
{
    std::vector<bool> blank;
    for (int patch = 0; patch < patches.tokens(); ++patch)
        blank.push_back(isBlank(picture, patches.cellArea(patches.cells(patch).front())));
    return blank;
}

double shareOf(const std::vector<bool>& marks)
{
    return static_cast<double>(std::ranges::count(marks, true)) / static_cast<double>(marks.size());
}

/// The share of blank patches among those that are left.
double blankShare(const std::vector<bool>& left, const std::vector<bool>& blank)
{
    std::vector<bool> marks;
    for (std::size_t patch = 0; patch < left.size(); ++patch)
        if (left[patch])
            marks.push_back(blank[patch]);
    return marks.empty() ? nan : shareOf(marks);
}

/// What is known of the patches that are left. Returns the share of all that are blank, NaN where the model
/// drops none.
double askWhatIsLeft(
    const CostContender& contender, const Question& question, const ExecuteOptions& run, CostAnswer& into)
{
    LayoutPtr patches;
    const std::vector<bool> left = leftPatches(contender, *question.picture, run, patches);
    if (left.empty())
        return nan;
    const std::vector<bool> blank = blankPatches(question.picture->input, *patches);
    into.kept = shareOf(left);
    into.blank = blankShare(left, blank);
    if (question.mask.defined())
        into.iou = overlap(left, patchCoverage(question.mask, *patches));
    return shareOf(blank);
}

std::vector<double> column(const std::vector<CostAnswer>& answers, double CostAnswer::*member)
{
    std::vector<double> values;
    for (const CostAnswer& answer : answers)
        values.push_back(answer.*member);
    return values;
}

Estimate meanDifference(
    const std::vector<CostAnswer>& of, const std::vector<CostAnswer>& from, double CostAnswer::*member)
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < of.size(); ++i)
        differences.push_back(of[i].*member - from[i].*member);
    return meanWithInterval(differences);
}

double mean(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

CostPoint pointOf(
    const CostContender& contender, const std::vector<CostAnswer>& of, const std::vector<CostAnswer>& first)
{
    const std::vector<double> right = column(of, &CostAnswer::right);
    return {contender.series, contender.setting, contender.rival, mean(column(of, &CostAnswer::macs)),
        median(column(of, &CostAnswer::milliseconds)),
        shareWithInterval(std::ranges::count(right, 1.0), static_cast<std::int64_t>(right.size())),
        meanDifference(of, first, &CostAnswer::right), meanDifference(of, first, &CostAnswer::logit),
        meanWithInterval(column(of, &CostAnswer::kept)), meanWithInterval(column(of, &CostAnswer::iou)),
        meanWithInterval(column(of, &CostAnswer::blank))};
}

std::vector<float> rowOf(const CostPoint& p)
{
    std::vector<float> row;
    for (const double value : {p.setting, p.rival, p.macs, p.milliseconds})
        row.push_back(static_cast<float>(value));
    for (const Estimate* estimate : {&p.accuracy, &p.gain, &p.logit, &p.kept, &p.iou, &p.blank})
        for (const double value : {estimate->mean, estimate->low, estimate->high})
            row.push_back(static_cast<float>(value));
    return row;
}

std::vector<std::string> fieldNames()
{
    std::vector<std::string> names{"setting", "rival", "macs", "milliseconds"};
    for (const std::string name : {"accuracy", "gain", "logit", "kept", "iou", "blank"})
        for (const char* end : {"", " low", " high"})
            names.push_back(name + end);
    return names;
}

}

CostAnswers costAnswers(const std::vector<CostContender>& contenders,
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
    CostAnswers answers;
    answers.of.resize(contenders.size());
    std::vector<double> blank;
    for (const Question& question : questions) {
        const bool isAsked = static_cast<Index>(answers.picture.size()) < options.keptPictures;
        const std::size_t first = answers.picture.size(); // another one begins with each picture
        answers.picture.push_back(question.picture->sample);
        for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
            const std::size_t k = (first + turn) % contenders.size();
            answers.of[k].push_back(answer(contenders[k], *question.picture, run));
        }
        for (std::size_t k = 0; k < contenders.size() && isAsked; ++k)
            blank.push_back(askWhatIsLeft(contenders[k], question, run, answers.of[k].back()));
        if (given.progress)
            given.progress(
                static_cast<double>(answers.picture.size()) / static_cast<double>(questions.size()));
    }
    answers.blank = meanWithInterval(blank).mean;
    return answers;
}

std::vector<CostPoint> costPoints(const std::vector<CostContender>& contenders, const CostAnswers& answers)
{
    std::vector<CostPoint> points;
    for (std::size_t k = 0; k < contenders.size(); ++k)
        points.push_back(pointOf(contenders[k], answers.of[k], answers.of.front()));
    return points;
}

std::vector<CostPoint> costAccuracy(const std::vector<CostContender>& contenders,
    const std::vector<StudyPicture>& pictures, const CostOptions& options, const ExecuteOptions& run)
{
    return costPoints(contenders, costAnswers(contenders, pictures, options, run));
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
