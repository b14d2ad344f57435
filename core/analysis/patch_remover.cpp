// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/patch_remover.h"

#include "core/analysis/blur.h"
#include "core/analysis/patch_map.h"
#include "core/source/stored_filters.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace fovea::analysis {

namespace {

constexpr Removal removals[] = {Removal::Sequence, Removal::Mean, Removal::Blur, Removal::Zero};
constexpr std::size_t setLimit = 32; // sets that run at once

/// Rows of the one sample [1, N, C] that stay, for each set: [set, n, C].
Tensor gatherTokens(const Tensor& x, const std::vector<std::vector<int>>& tokens)
{
    const Index channels = x.dim(2);
    Tensor out({static_cast<Index>(tokens.size()), static_cast<Index>(tokens.front().size()), channels});
    float* to = out.writable().data();
    for (const auto& set : tokens)
        for (const int token : set)
            to = std::copy_n(x.data() + token * channels, channels, to);
    return out;
}

/// Copies the pixels of an area from one picture [C, H, W] to another.
void copyArea(const float* from, float* to, const Shape& picture, const Area& area)
{
    const Index channels = picture[1], height = picture[2], width = picture[3];
    const auto x = static_cast<Index>(std::lround(area.x)), y = static_cast<Index>(std::lround(area.y));
    const auto right = static_cast<Index>(std::lround(area.x + area.width));
    const auto bottom = static_cast<Index>(std::lround(area.y + area.height));
    for (Index c = 0; c < channels; ++c)
        for (Index row = y; row < bottom; ++row) {
            const Index at = (c * height + row) * width + x;
            std::copy_n(from + at, right - x, to + at);
        }
}

}

Removal removalOf(const std::string& name)
{
    for (const Removal removal : removals)
        if (name == removalName(removal))
            return removal;
    throw Error("removal: expected sequence, mean, blur or zero, found '" + name + "'");
}

std::string removalName(Removal removal)
{
    constexpr const char* names[] = {"sequence", "mean", "blur", "zero"};
    return names[static_cast<int>(removal)];
}

std::string removalText(Removal removal)
{
    constexpr const char* texts[]
        = {"taken from the sequence", "set to the mean colour", "blurred", "set to 0"};
    return texts[static_cast<int>(removal)];
}

Tensor paintedOver(const Tensor& picture, Removal removal)
{
    if (picture.rank() != 4)
        throw Error("removal: expected a picture [1, C, H, W], found " + picture.shape().text());
    if (removal == Removal::Blur)
        return blurred(picture, static_cast<double>(std::max(picture.dim(2), picture.dim(3))) / 20);
    Tensor fill = Tensor::zeros(picture.shape());
    const Index size = picture.dim(2) * picture.dim(3);
    for (Index c = 0; c < picture.dim(1) && removal == Removal::Mean; ++c) {
        const float* values = picture.data() + c * size;
        const double sum = std::accumulate(values, values + size, 0.0);
        std::fill_n(
            fill.writable().data() + c * size, size, static_cast<float>(sum / static_cast<double>(size)));
    }
    return fill;
}

PatchRemover::PatchRemover(const RelevanceQuestion& question, Removal removal, const ExecuteOptions& options)
    : question_(question)
    , removal_(removal)
    , options_(furtherRun(question, options))
{
    requireAnswerable(question);
    patches_ = patchesOf(question);
    if (patchCount() < 2)
        throw Error("removal: the input has fewer than two patches");
    options_.edits = editsOf(question);
    if (removal == Removal::Sequence)
        requireSequence();
    else
        fill_ = paintedOver(inputOf(question), removal);
}

void PatchRemover::requireSequence()
{
    const auto refuse = [](const std::string& why) {
        throw Error("patches cannot be taken from the sequence: " + why + "; choose mean, blur or zero");
    };
    const auto& blocks = question_.base->blocks;
    while (first_ < blocks.size() && !blocks[first_].before.layout)
        ++first_;
    const State& state = blocks[first_].before;
    const auto signals = question_.architecture->signalInfos(question_.weights->config());
    for (std::size_t i = first_; i < blocks.size(); ++i) {
        const State& before = blocks[i].before;
        if (!before.layout || *before.layout != *state.layout || before.x.shape() != state.x.shape()
            || before.x.rank() != 3 || before.x.dim(1) != state.layout->tokens() || !before.more.empty())
            refuse("what flows into block '" + blocks[i].path + "' is not the same tokens");
        const bool attends = std::ranges::any_of(signals, [&](const SignalInfo& signal) {
            return signal.block == blocks[i].path && signal.kind == Kind::Attention
                && matches("*.pattern", signal.path);
        });
        if (!attends && i + 1 < blocks.size())
            refuse("block '" + blocks[i].path + "' mixes tokens otherwise than by attention");
    }
    for (const RecordPtr& pattern : patternsOf(question_, options_))
        if (shapeOf(*pattern)[0] != 1)
            refuse("the attention of '" + pattern->path() + "' has several groups");
    EditPlan plan(options_.edits, signals, question_.architecture->blocks(question_.weights->config()),
        options_.patches, storedFilters(*question_.weights));
    if (plan.namesTokens())
        refuse("an edit names tokens, which have other numbers in a shorter sequence");
    const Tensor& x = state.x;
    const Index sample = std::min(options_.sample, x.dim(0) - 1);
    full_ = {x.rows(sample, sample + 1), state.layout, {}};
}

Tensor PatchRemover::forward(const Tensor& input, const Replay& replay) const
{
    const Config& config = question_.weights->config();
    RunOptions with;
    with.pool = options_.pool;
    with.workspace = options_.workspace;
    with.stop = options_.stop;
    with.seed = options_.seed;
    with.replay = replay;
    if (options_.edits.empty()) {
        Run run(*question_.weights, with);
        return question_.architecture->forward(run, config, input);
    }
    const auto signals = question_.architecture->signalInfos(config);
    RecorderOptions recording;
    recording.patterns = {};
    recording.keepStates = false;
    recording.edits = EditPlan(options_.edits, signals, question_.architecture->blocks(config),
        options_.patches, storedFilters(*question_.weights));
    Recorder recorder(signals, std::move(recording));
    with.probe = &recorder;
    Run run(*question_.weights, with);
    return question_.architecture->forward(run, config, input);
}

Tensor PatchRemover::runShortened(
    const std::vector<std::vector<int>>& kept, std::span<const std::size_t> sets) const
{
    const std::vector<int> patchToken = patchTokens(*full_.layout);
    std::vector<std::vector<int>> tokens; // of each set
    for (const std::size_t set : sets) {
        std::vector<int> stay;
        for (int token = 0; token < full_.layout->tokens(); ++token)
            if (full_.layout->isSpecial(token))
                stay.push_back(token);
        for (const int patch : kept[set])
            stay.push_back(patchToken[static_cast<std::size_t>(patch)]);
        std::ranges::sort(stay);
        tokens.push_back(std::move(stay));
    }
    auto shortened = std::make_shared<Trace>();
    shortened->blocks = question_.base->blocks;
    shortened->blocks[first_].before
        = {gatherTokens(full_.x, tokens), full_.layout->selected(tokens.front()), {}};
    return forward(question_.base->input, {shortened, shortened->blocks[first_].path, {}});
}

Tensor PatchRemover::painted(
    const std::vector<std::vector<int>>& kept, std::span<const std::size_t> sets) const
{
    const Tensor picture = question_.base->input.rows(options_.sample, options_.sample + 1);
    Shape shape = picture.shape();
    shape[0] = static_cast<Index>(sets.size());
    Tensor pictures(shape);
    float* to = pictures.writable().data();
    for (const std::size_t set : sets) {
        std::copy_n(fill_.data(), fill_.count(), to);
        for (const int patch : kept[set])
            for (const int cell : patches_->cells(patch))
                copyArea(picture.data(), to, shape, patches_->cellArea(cell));
        to += picture.count();
    }
    return pictures;
}

Tensor PatchRemover::answers(
    const std::vector<std::vector<int>>& kept, const std::function<void(double)>& progress) const
{
    std::map<std::vector<int>, std::vector<std::size_t>> same; // equal sets are asked once
    for (std::size_t set = 0; set < kept.size(); ++set)
        same[kept[set]].push_back(set);
    std::map<std::size_t, std::vector<std::size_t>> bySize; // painted pictures are all of one size
    for (const auto& [patches, sets] : same)
        bySize[removal_ == Removal::Sequence ? patches.size() : 0].push_back(sets.front());
    const Index classes = question_.base->output.count();
    Tensor logits({static_cast<Index>(kept.size()), classes});
    float* to = logits.writable().data();
    std::size_t done = 0;
    for (const auto& [size, sets] : bySize)
        for (std::size_t begin = 0; begin < sets.size(); begin += setLimit) {
            options_.stop.check();
            const auto batch = std::span(sets).subspan(begin, std::min(setLimit, sets.size() - begin));
            const Tensor some = removal_ == Removal::Sequence ? runShortened(kept, batch)
                                                              : forward(painted(kept, batch), {});
            for (std::size_t i = 0; i < batch.size(); ++i)
                for (const std::size_t set : same[kept[batch[i]]])
                    std::copy_n(some.data() + static_cast<Index>(i) * classes, classes,
                        to + static_cast<Index>(set) * classes);
            done += batch.size();
            if (progress)
                progress(static_cast<double>(done) / static_cast<double>(same.size()));
        }
    return logits;
}

std::vector<double> removalEffects(
    const PatchRemover& remover, int classIndex, const std::function<void(double)>& progress)
{
    const int n = remover.patchCount();
    std::vector<int> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    std::vector<std::vector<int>> kept{all};
    for (int patch = 0; patch < n; ++patch) {
        kept.push_back(all);
        kept.back().erase(kept.back().begin() + patch);
    }
    const Tensor logits = remover.answers(kept, progress);
    const Index classes = logits.dim(1);
    const auto logit
        = [&](Index set) { return static_cast<double>(logits.data()[set * classes + classIndex]); };
    std::vector<double> effects;
    for (int patch = 0; patch < n; ++patch)
        effects.push_back(logit(0) - logit(patch + 1));
    return effects;
}

}
