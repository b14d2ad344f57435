// What a GFNet says of itself before it runs: identity, parameters, blocks, signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"
#include "plugins/gfnet/gfnet_config.h"

#include "core/parts/parameter_list.h"
#include "core/parts/signal_list.h"

namespace fovea::plugin::gfnet {

namespace {

using Rule = Initialiser::Rule;

void addBlock(parts::ParameterList& p, const std::string& name, const Stage& stage, double layerScale)
{
    if (layerScale > 0)
        p.add(name + ".gamma", {stage.dim}, {Rule::Constant, layerScale});
    p.norm(name + ".norm1", stage.dim);
    p.add(name + ".filter.complex_weight", {stage.grid.rows, stage.grid.cols / 2 + 1, stage.dim, 2},
        {Rule::Normal, 0.02});
    p.norm(name + ".norm2", stage.dim);
    p.linear(name + ".mlp.fc1", stage.hidden, stage.dim);
    p.linear(name + ".mlp.fc2", stage.dim, stage.hidden);
}

void addBlock(parts::SignalList& s)
{
    s.norm("norm1", "what the filter reads");
    s.filter("filter");
    s.norm("norm2", "what the MLP reads");
    s.mlp("what the block adds to the stream, before a layer scale");
    s.add("out", Kind::Tokens, "token stream", "the stream after this block");
}

}

Identity Gfnet::identity() const
{
    return {"gfnet", "GFNet", "spectral", "image classification",
        {"Global Filter Networks for Image Classification", 2021, "2107.00645"},
        "Tokens are mixed by learned filters in the frequency domain, one for each channel, without "
        "attention."};
}

Schema Gfnet::schema() const { return gfnet::schema(); }

std::vector<Preset> Gfnet::presets() const { return gfnet::presets(); }

Manifest Gfnet::manifest(const Config& config) const
{
    const GfnetConfig c(config);
    parts::ParameterList p{c.isGlorot};
    const Stage &first = c.stages.front(), &last = c.stages.back();
    p.positions("pos_embed", {1, first.grid.count(), first.dim});
    p.convolution(c.embedPath(0) + ".proj", first.dim, c.channels, c.patchSize);
    for (std::size_t i = 1; i < c.stages.size(); ++i)
        p.convolution(c.embedPath(i) + ".proj", c.stages[i].dim, c.stages[i - 1].dim, 2);
    for (std::size_t i = 0; i < c.stages.size(); ++i)
        for (int j = 0; j < c.stages[i].depth; ++j)
            addBlock(p, c.blockPath(i, j), c.stages[i], c.layerScale);
    p.norm("norm", last.dim);
    p.head("head", c.classes, last.dim);
    return p.list;
}

Shape Gfnet::inputShape(const Config& config) const
{
    const GfnetConfig c(config);
    return {c.channels, c.imageSize, c.imageSize};
}

std::vector<std::string> Gfnet::blocks(const Config& config) const
{
    const GfnetConfig c(config);
    std::vector<std::string> paths{"embed"};
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
        if (i > 0)
            paths.push_back(c.embedPath(i));
        for (int j = 0; j < c.stages[i].depth; ++j)
            paths.push_back(c.blockPath(i, j));
    }
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> Gfnet::signalInfos(const Config& config) const
{
    const GfnetConfig c(config);
    std::vector<SignalInfo> list;
    parts::SignalList stem{list, "embed", {}};
    stem.add(c.embedPath(0) + ".out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches with their positions");
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
        const std::string down = c.embedPath(i);
        if (i > 0)
            parts::SignalList{list, down, down + ".", c.stages[i].first}.add(
                "out", Kind::Tokens, "merged tokens", "four tokens to one: the stream of the next stage");
        for (int j = 0; j < c.stages[i].depth; ++j) {
            const std::string path = c.blockPath(i, j);
            parts::SignalList signals{list, path, path + ".", c.stages[i].first + j};
            addBlock(signals);
            if (c.isHierarchical() && j + 1 == c.stages[i].depth)
                parts::SignalList{list, path, "blocks." + std::to_string(i) + ".", c.stages[i].first + j}.add(
                    "out", Kind::Tokens, "stage output", "the stream after this stage");
        }
    }
    parts::SignalList end{list, "head", {}};
    end.add("norm.out", Kind::Tokens, "normalised tokens", "the stream after the last norm");
    end.add("pool.out", Kind::Vector, "mean token", "the mean over all tokens, which the head reads");
    end.add("logits", Kind::Vector, "logits", "one score per class");
    return list;
}

NamedTensors Gfnet::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    const GfnetConfig before(from), after(to);
    const parts::GridSize old = before.stages.front().grid, next = after.stages.front().grid;
    const Tensor* positions = parameters.find("pos_embed");
    if (positions && !(old == next) && positions->rank() == 3 && positions->dim(1) == old.count())
        parameters.set("pos_embed", parts::resizedPositions(*positions, old, next));
    for (std::size_t i = 0; i < std::min(before.stages.size(), after.stages.size()); ++i)
        for (int j = 0; j < after.stages[i].depth; ++j) {
            const std::string name = after.blockPath(i, j) + ".filter.complex_weight";
            const parts::GridSize was = before.stages[i].grid, is = after.stages[i].grid;
            const Tensor* filter = parameters.find(name);
            if (filter && !(was == is) && filter->rank() == 4 && filter->dim(0) == was.rows
                && filter->dim(1) == was.cols / 2 + 1)
                parameters.set(name, parts::resizedFilter(*filter, is));
        }
    return parameters;
}

Config Gfnet::tinyConfig() const
{
    Config config(schema());
    const std::pair<const char*, FieldValue> small[] = {{"image_size", std::int64_t{40}},
        {"patch_size", std::int64_t{4}}, {"dims", std::string("8,18,16")}, {"depths", std::string("1,2,1")},
        {"layer_scale", 0.5}, {"classes", std::int64_t{10}}}; // grids of 10, 5 and 2
    for (const auto& [name, value] : small)
        config.set(name, value);
    return config;
}

}
