// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/randomised_weights.h"

#include "core/analysis/effect.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rank_correlation.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace fovea::analysis {

namespace {

using Maps = std::vector<std::vector<double>>; // one a picture

/// Watches which parameters a run had read when each block ended.
class ReadingProbe final : public Probe {
public:
    std::set<std::string> asked;
    std::vector<std::vector<std::string>> byBlock;

    Want wants(std::string_view, std::size_t) override { return Want::Nothing; }
    Tensor show(const Shown&, const Tensor& value) override { return value; }
    void leave(std::string_view, double) override
    {
        std::vector<std::string> fresh;
        std::ranges::set_difference(asked, seen_, std::back_inserter(fresh));
        byBlock.push_back(std::move(fresh));
        seen_ = asked;
    }

private:
    std::set<std::string> seen_;
};

struct Asked { // of every picture
    const Architecture& architecture;
    const std::vector<Tensor>& pictures;
    const RelevanceMethod& method;
    const Config& options;
    const ExecuteOptions& run;
};

/// Maps of the classes given, or, where that is empty, of the most probable ones, which it then receives.
Maps mapsOf(const Asked& asked, const Weights& weights, std::vector<int>& classes)
{
    Maps maps;
    for (std::size_t i = 0; i < asked.pictures.size(); ++i) {
        asked.run.stop.check();
        ExecuteOptions forward;
        forward.pool = asked.run.pool;
        forward.workspace = asked.run.workspace;
        forward.stop = asked.run.stop;
        forward.record = {};
        const TracePtr base = execute(asked.architecture, weights, asked.pictures[i], forward);
        if (classes.size() <= i)
            classes.push_back(topClasses(base->output, 1).front().index);
        forward.record = {"*.pattern"};
        maps.push_back(patchValues(relevance(
            {&asked.architecture, &weights, base, classes[i]}, asked.method, asked.options, forward)));
    }
    return maps;
}

double medianBetween(const Maps& maps)
{
    std::vector<double> correlations;
    for (std::size_t i = 0; i < maps.size(); ++i)
        for (std::size_t j = i + 1; j < maps.size(); ++j)
            correlations.push_back(spearman(maps[i], maps[j]));
    return median(correlations);
}

}

double Sanity::mostLeft() const
{
    double most = std::numeric_limits<double>::quiet_NaN();
    for (const SanityStage& stage : stages)
        most = std::fmax(most, stage.correlation);
    return most;
}

bool Sanity::fails() const
{
    return std::ranges::any_of(stages, [](const SanityStage& stage) { return stage.fails; });
}

std::vector<std::vector<std::string>> parametersByBlock(
    const Architecture& architecture, const Weights& weights, const Tensor& input)
{
    ReadingProbe probe;
    RunOptions options;
    options.probe = &probe;
    options.asked = &probe.asked;
    Run run(weights, options);
    architecture.forward(run, weights.config(), input);
    return probe.byBlock;
}

WeightsPtr withRandomBlocks(const Architecture& architecture, const Weights& weights,
    const std::vector<std::vector<std::string>>& byBlock, std::size_t blocks, std::uint64_t seed)
{
    const WeightsPtr fresh = freshWeights(architecture, weights.config(), seed);
    Weights::Parts parts = weights.parts();
    parts.hash = {};
    for (std::size_t i = byBlock.size() - std::min(blocks, byBlock.size()); i < byBlock.size(); ++i)
        for (const std::string& name : byBlock[i])
            if (const Tensor* tensor = fresh->find(name))
                parts.parameters.set(name, *tensor);
    return std::make_shared<const Weights>(std::move(parts));
}

Sanity checkSanity(const Architecture& architecture, const Weights& weights,
    const std::vector<Tensor>& pictures, const RelevanceMethod& method, const Config& options,
    const SanityOptions& sanity, const ExecuteOptions& run)
{
    if (pictures.empty())
        throw Error("sanity check: no pictures");
    const Asked asked{architecture, pictures, method, options, run};
    std::vector<int> classes;
    const Maps trained = mapsOf(asked, weights, classes);
    Sanity result{method.name, {}, medianBetween(trained)};
    const auto byBlock = parametersByBlock(architecture, weights, pictures.front());
    const auto blocks = architecture.blocks(weights.config());
    for (std::size_t drawn = 1; drawn <= byBlock.size(); ++drawn) {
        std::vector<double> correlations;
        for (int draw = 0; draw < sanity.draws; ++draw) {
            const std::uint64_t seed = sanity.seed + static_cast<std::uint64_t>(draw);
            const WeightsPtr random = withRandomBlocks(architecture, weights, byBlock, drawn, seed);
            const Maps maps = mapsOf(asked, *random, classes);
            for (std::size_t i = 0; i < maps.size(); ++i)
                correlations.push_back(spearman(trained[i], maps[i]));
            if (run.progress)
                run.progress((static_cast<double>(drawn - 1) + (draw + 1.0) / sanity.draws)
                    / static_cast<double>(byBlock.size()));
        }
        const double middle = median(correlations);
        result.stages.push_back(SanityStage{blocks[blocks.size() - drawn], middle, middle > sanity.limit});
    }
    return result;
}

Record sanityTable(const std::vector<Sanity>& all)
{
    Record table;
    table.info
        = {"relevance.sanity", Kind::Points, "rank correlation with random weights", -1, {}, {}, {}, {}, {}};
    table.info.fields = {"between pictures"};
    for (const SanityStage& stage : all.front().stages)
        table.info.fields.push_back(stage.block);
    table.value = Tensor({static_cast<Index>(all.size()), static_cast<Index>(table.info.fields.size())});
    float* to = table.value.writable().data();
    for (const Sanity& one : all) {
        *to++ = static_cast<float>(one.betweenPictures);
        for (const SanityStage& stage : one.stages)
            *to++ = static_cast<float>(stage.correlation);
    }
    table.axes = defaultAxes(table.info, table.value.shape());
    for (const Sanity& one : all)
        table.axes[0].labels.push_back(one.method);
    table.axes[1].labels = table.info.fields;
    table.finite = allFinite(table.value);
    return table;
}

}
