// The parameters of a SpectFormer, under the names of the official state_dict.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"
#include "plugins/spectformer/spectformer_config.h"

#include "core/parts/parameter_list.h"

#include <cmath>

namespace fovea::plugin::spectformer {

namespace {

using Rule = Initialiser::Rule;

/// With what the hierarchical form has of its own.
struct Parameters : parts::ParameterList {
    const SpectformerConfig& c;

    explicit Parameters(const SpectformerConfig& config)
        : ParameterList{config.isGlorot}
        , c(config)
    {
    }
    void bias(const std::string& name, Index n) { add(name + ".bias", {n}); }
    void batchNorm(const std::string& name, Index dim)
    {
        norm(name, dim);
        list.push_back({name + ".running_mean", {dim}, {}, ParameterRole::State});
        list.push_back({name + ".running_var", {dim}, {Rule::Constant, 1}, ParameterRole::State});
    }
    /// He et al. (2015), by what flows backwards.
    void conv(const std::string& name, const Shape& shape, Index groups = 1)
    {
        const auto fanOut = static_cast<double>(shape[0] * shape[2] * shape[3] / groups);
        add(name + ".weight", shape, {Rule::Normal, std::sqrt(2 / fanOut)});
    }
    void filter(const std::string& name, const Stage& stage)
    {
        add(name + ".complex_weight", {stage.grid.rows, stage.grid.cols / 2 + 1, stage.dim, 2},
            {Rule::Normal, 0.02});
    }
    void mlp(const std::string& name, Index dim, Index hidden, bool isConvolved = false)
    {
        linear(name + ".fc1", hidden, dim);
        if (isConvolved) {
            conv(name + ".dwconv.dwconv", {hidden, 1, 3, 3}, hidden);
            bias(name + ".dwconv.dwconv", hidden);
        }
        linear(name + ".fc2", dim, hidden);
    }
    void separateAttention(const std::string& name, Index dim)
    {
        linear(name + ".q", dim, dim);
        linear(name + ".kv", 2 * dim, dim);
        linear(name + ".proj", dim, dim);
    }
    void block(const std::string& name, const Stage& stage)
    {
        norm(name + ".norm1", stage.dim);
        if (stage.isSpectral)
            filter(name + "." + filterName(c), stage);
        else if (c.isHierarchical)
            separateAttention(name + ".attn", stage.dim);
        else {
            linear(name + ".attn.qkv", 3 * stage.dim, stage.dim);
            linear(name + ".attn.proj", stage.dim, stage.dim);
        }
        norm(name + ".norm2", stage.dim);
        mlp(name + ".mlp", stage.dim, stage.hidden, c.isHierarchical);
    }
    void blocksOf(std::size_t stage)
    {
        for (int i = 0; i < c.stages[stage].depth; ++i)
            block(blockPath(c, stage, i), c.stages[stage]);
    }

    void stem(const std::string& name)
    {
        for (int i = 0; i < 3; ++i) {
            const auto module = [&](int offset) { return name + ".conv." + std::to_string(3 * i + offset); };
            conv(module(0), i == 0 ? Shape{c.stemDim, c.channels, 7, 7} : Shape{c.stemDim, c.stemDim, 3, 3});
            batchNorm(module(1), c.stemDim);
        }
    }
    void vanilla()
    {
        const Stage& stage = c.stages.front();
        positions("pos_embed", {1, stage.grid.count(), stage.dim});
        convolution("patch_embed.proj", stage.dim, c.channels, c.patchSize);
        for (std::size_t i = 0; i < c.stages.size(); ++i)
            blocksOf(i);
        norm("norm", stage.dim);
        head("head", c.classes, stage.dim);
    }
    void hierarchical()
    {
        for (std::size_t i = 0; i < c.stages.size(); ++i) {
            const std::string number = std::to_string(i + 1), embedding = "patch_embed" + number;
            const Index dim = c.stages[i].dim;
            if (i == 0)
                stem(embedding);
            conv(embedding + ".proj", {dim, i == 0 ? c.stemDim : c.stages[i - 1].dim, 3, 3});
            bias(embedding + ".proj", dim);
            norm(embedding + ".norm", dim);
            blocksOf(i);
            norm("norm" + number, dim);
        }
        const Stage& last = c.stages.back();
        norm("post_network.0.norm1", last.dim);
        norm("post_network.0.norm2", last.dim);
        separateAttention("post_network.0.attn", last.dim);
        mlp("post_network.0.mlp", last.dim, last.hidden);
        head("head", c.classes, last.dim);
        if (c.hasTokenLabels)
            head("aux_head", c.classes, last.dim);
    }
};

}

Manifest Spectformer::manifest(const Config& config) const
{
    const SpectformerConfig c(config);
    Parameters parameters(c);
    if (c.isHierarchical)
        parameters.hierarchical();
    else
        parameters.vanilla();
    return parameters.list;
}

}
