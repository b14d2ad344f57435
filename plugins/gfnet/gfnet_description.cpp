// What a GFNet says of itself before it runs: identity, parameters, blocks, signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"
#include "plugins/gfnet/gfnet_config.h"

#include <cmath>

namespace fovea::plugin::gfnet {

namespace {

using Rule = Initialiser::Rule;

/// Collects a Manifest with the initialisers of the official code, or with matrices after Glorot and Bengio
/// (2010).
struct Parameters {
    bool isGlorot;
    Manifest list = {};

    void add(const std::string& name, const Shape& shape, const Initialiser& initialiser)
    {
        list.push_back({name, shape, initialiser});
    }
    void norm(const std::string& name, Index dim)
    {
        add(name + ".weight", {dim}, {Rule::Constant, 1});
        add(name + ".bias", {dim}, {});
    }
    void linear(const std::string& name, Index out, Index in)
    {
        const double deviation = isGlorot ? std::sqrt(2 / static_cast<double>(in + out)) : 0.02;
        add(name + ".weight", {out, in}, {Rule::TruncatedNormal, deviation});
        add(name + ".bias", {out}, {});
    }
    /// As PyTorch has it where nobody says otherwise.
    void convolution(const std::string& name, Index out, Index in, Index side)
    {
        const double bound = 1 / std::sqrt(static_cast<double>(in * side * side));
        add(name + ".weight", {out, in, side, side}, {Rule::Uniform, bound});
        add(name + ".bias", {out}, {Rule::Uniform, bound});
    }
    void block(const std::string& name, const Stage& stage, double layerScale)
    {
        if (layerScale > 0)
            add(name + ".gamma", {stage.dim}, {Rule::Constant, layerScale});
        norm(name + ".norm1", stage.dim);
        add(name + ".filter.complex_weight", {stage.grid.rows, stage.grid.cols / 2 + 1, stage.dim, 2},
            {Rule::Normal, 0.02});
        norm(name + ".norm2", stage.dim);
        linear(name + ".mlp.fc1", stage.hidden, stage.dim);
        linear(name + ".mlp.fc2", stage.dim, stage.hidden);
    }
};

/// Collects the signals of one block, or of what stands around the blocks (depth -1).
struct Signals {
    std::vector<SignalInfo>& list;
    std::string block, prefix;
    int depth;

    void add(const std::string& name, Kind kind, const std::string& role, const std::string& help)
    {
        SignalInfo info;
        info.path = prefix + name;
        info.kind = kind;
        info.role = role;
        info.depth = depth;
        info.block = block;
        info.help = help;
        if (kind == Kind::Filter)
            info.domain = "half-spectrum";
        list.push_back(info);
    }
};

void addBlock(Signals& s)
{
    s.add("norm1.out", Kind::Tokens, "normalised tokens", "what the filter reads");
    s.add("filter.in", Kind::Tokens, "token map before the filter", "each channel is a picture on the grid");
    s.add("filter.weight", Kind::Filter, "learned filter",
        "what each frequency of each channel is multiplied with");
    s.add("filter.out", Kind::Tokens, "token map after the filter",
        "each channel, filtered over the whole grid");
    s.add("norm2.out", Kind::Tokens, "normalised tokens", "what the MLP reads");
    s.add("mlp.hidden", Kind::Tokens, "hidden units", "the MLP's units after the activation");
    s.add("mlp.out", Kind::Tokens, "MLP output", "what the block adds to the stream, before a layer scale");
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
    Parameters p{c.isGlorot};
    const Stage &first = c.stages.front(), &last = c.stages.back();
    p.add("pos_embed", {1, first.grid.count(), first.dim},
        {Rule::TruncatedNormal, c.isGlorot ? 0.5 : 0.02}); // a fresh patch has about .5
    p.convolution(c.embedPath(0) + ".proj", first.dim, c.channels, c.patchSize);
    for (std::size_t i = 1; i < c.stages.size(); ++i)
        p.convolution(c.embedPath(i) + ".proj", c.stages[i].dim, c.stages[i - 1].dim, 2);
    for (std::size_t i = 0; i < c.stages.size(); ++i)
        for (int j = 0; j < c.stages[i].depth; ++j)
            p.block(c.blockPath(i, j), c.stages[i], c.layerScale);
    p.norm("norm", last.dim);
    p.add("head.weight", {c.classes, last.dim}, {Rule::TruncatedNormal, 0.02});
    p.add("head.bias", {c.classes}, {});
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
    Signals stem{list, "embed", {}, -1};
    stem.add(c.embedPath(0) + ".out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches with their positions");
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
        const std::string down = c.embedPath(i);
        if (i > 0)
            Signals{list, down, down + ".", c.stages[i].first}.add(
                "out", Kind::Tokens, "merged tokens", "four tokens to one: the stream of the next stage");
        for (int j = 0; j < c.stages[i].depth; ++j) {
            const std::string path = c.blockPath(i, j);
            Signals signals{list, path, path + ".", c.stages[i].first + j};
            addBlock(signals);
            if (c.isHierarchical() && j + 1 == c.stages[i].depth)
                Signals{list, path, "blocks." + std::to_string(i) + ".", c.stages[i].first + j}.add(
                    "out", Kind::Tokens, "stage output", "the stream after this stage");
        }
    }
    Signals end{list, "head", {}, -1};
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
