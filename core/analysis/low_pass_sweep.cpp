// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/low_pass_sweep.h"

#include "core/tensor/error.h"
#include "core/trace/frequency_region.h"
#include "core/trace/layer_number.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

namespace {

std::vector<SweepRow> rowsOf(const std::vector<SignalInfo>& signals)
{
    std::vector<SweepRow> rows;
    SweepRow all;
    for (const SignalInfo& signal : signals) {
        const bool isLearned = signal.kind == Kind::Filter && signal.path.ends_with(".weight");
        if (!isLearned || !signal.domain.ends_with("spectrum"))
            continue;
        rows.push_back({{signal.path}, layerNumber(signal, static_cast<int>(rows.size()))});
        all.filters.push_back(signal.path);
    }
    if (rows.empty())
        throw Error("low-pass sweep: this model has no spectral filters");
    if (rows.size() > 1)
        rows.push_back(all);
    return rows;
}

std::vector<Edit> editsOf(const SweepRow& row, Cut cut, double radius)
{
    FrequencyRegion region;
    region.shape = FrequencyRegion::Shape::Ring;
    region.edges = {radius, 1};
    region.draw = cut == Cut::EqualNumber ? FrequencyRegion::Draw::EqualNumber
        : cut == Cut::EqualEnergy         ? FrequencyRegion::Draw::EqualEnergy
                                          : FrequencyRegion::Draw::None;
    std::vector<Edit> edits;
    for (const std::string& filter : row.filters)
        edits.push_back({filter, "zero", {region.text()}});
    return edits;
}

/// One question for each picture, of its first object.
std::vector<const StudyPicture*> labelled(const std::vector<StudyPicture>& pictures)
{
    std::vector<const StudyPicture*> first;
    for (const StudyPicture& picture : pictures) {
        if (!first.empty() && first.back()->sample == picture.sample)
            continue;
        if (picture.classIndex < 0)
            throw Error("low-pass sweep: picture " + std::to_string(picture.sample) + " has no label");
        first.push_back(&picture);
    }
    if (first.empty())
        throw Error("low-pass sweep: there are no pictures");
    return first;
}

/// [B, ...] of inputs [1, ...].
Tensor stacked(std::span<const StudyPicture* const> pictures)
{
    const Shape& one = pictures.front()->input.shape();
    std::vector<Index> extents(one.extents().begin(), one.extents().end());
    extents.front() = static_cast<Index>(pictures.size());
    Tensor batch{Shape(extents)};
    auto to = batch.writable().begin();
    for (const StudyPicture* picture : pictures)
        to = std::ranges::copy(picture->input.values<float>(), to).out;
    return batch;
}

/// What became of the pictures under one cut.
struct Answers {
    Index right = 0, count = 0;
    std::vector<double> changes; ///< of the labels' logits, after - before

    void add(std::span<const float> before, std::span<const float> after, int label)
    {
        const auto at = static_cast<std::size_t>(label);
        right += std::isfinite(after[at]) && std::ranges::max_element(after) - after.begin() == label;
        ++count;
        changes.push_back(static_cast<double>(after[at]) - static_cast<double>(before[at]));
    }
    SweepPoint point() const { return {shareWithInterval(right, count), meanWithInterval(changes)}; }
};

}

std::string cutName(Cut cut)
{
    constexpr std::array names{"low-pass", "equal-number", "equal-energy"};
    return names[static_cast<std::size_t>(cut)];
}

std::vector<double> usualRadii() { return {.05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .6}; }

LowPassSweep sweepLowPass(const Architecture& architecture, const Weights& weights,
    const std::vector<StudyPicture>& pictures, const std::vector<double>& radii,
    const ExecuteOptions& options, Index batch)
{
    LowPassSweep sweep{radii, rowsOf(architecture.signalInfos(weights.config())), {}, {}};
    const auto questions = labelled(pictures);
    std::vector<std::vector<Edit>> cuts;
    for (const SweepRow& row : sweep.rows)
        for (const Cut cut : allCuts)
            for (const double radius : radii)
                cuts.push_back(editsOf(row, cut, radius));
    std::vector<Answers> answers(cuts.size());
    Answers whole;
    Tensor logits;
    ExecuteOptions run = options;
    run.record = {};
    run.progress = {};
    run.logits = &logits;
    run.sample = 0;
    for (std::size_t first = 0; first < questions.size(); first += static_cast<std::size_t>(batch)) {
        const auto some = std::span(questions).subspan(
            first, std::min(static_cast<std::size_t>(batch), questions.size() - first));
        const auto judge = [&](const Tensor& before, Answers& into) {
            for (std::size_t i = 0; i < some.size(); ++i)
                into.add(before.at(static_cast<Index>(i)).values<float>(),
                    logits.at(static_cast<Index>(i)).values<float>(), some[i]->classIndex);
        };
        const Tensor input = stacked(some);
        run.edits.clear();
        run.keepStates = true;
        run.base = nullptr;
        const TracePtr base = execute(architecture, weights, input, run);
        const Tensor before = logits;
        judge(before, whole);
        run.keepStates = false;
        run.base = base;
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            run.edits = cuts[i];
            execute(architecture, weights, input, run);
            judge(before, answers[i]);
            if (options.progress)
                options.progress((static_cast<double>(first)
                                     + static_cast<double>(some.size()) * static_cast<double>(i + 1)
                                         / static_cast<double>(cuts.size()))
                    / static_cast<double>(questions.size()));
        }
    }
    sweep.whole = whole.point().accuracy;
    for (const Answers& one : answers)
        sweep.points.push_back(one.point());
    return sweep;
}

std::vector<Record> sweepTables(const LowPassSweep& sweep)
{
    std::vector<Record> tables;
    for (const Cut cut : allCuts) {
        Record table;
        table.info = {"low-pass-sweep." + cutName(cut), Kind::Points, "answers without high frequencies", -1,
            {}, {}, {}, {}, {}};
        table.info.fields = {"layer", "radius", "accuracy", "accuracy low", "accuracy high", "logit",
            "logit low", "logit high"};
        std::vector<float> values;
        for (std::size_t row = 0; row < sweep.rows.size(); ++row)
            for (std::size_t radius = 0; radius < sweep.radii.size(); ++radius) {
                const SweepPoint& p = sweep.at(row, cut, radius);
                for (const double value :
                    {static_cast<double>(sweep.rows[row].number), sweep.radii[radius], p.accuracy.mean,
                        p.accuracy.low, p.accuracy.high, p.logit.mean, p.logit.low, p.logit.high})
                    values.push_back(static_cast<float>(value));
            }
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
