// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "plugins/spectformer/forms.h"

#include "core/nn/layer_norm.h"

namespace fovea::plugin::spectformer {

Tensor normed(Run& run, const Tensor& x, std::string_view name, double eps, const LayoutPtr& layout)
{
    const Tensor y = nn::layerNorm(run, x, name, eps);
    const auto scope = run.in(name);
    return run.show("out", y, {.queries = layout});
}

Identity Spectformer::identity() const
{
    return {"spectformer", "SpectFormer", "spectral and attention", "image classification",
        {"SpectFormer: Frequency and Attention is what you need in a Vision Transformer", 2023, "2304.06446"},
        "Blocks that filter the frequencies of the token grid come first, blocks that attend after them."};
}

Schema Spectformer::schema() const { return spectformer::schema(); }

std::vector<Preset> Spectformer::presets() const { return spectformer::presets(); }

Shape Spectformer::inputShape(const Config& config) const
{
    const SpectformerConfig c(config);
    return {c.channels, c.imageSize, c.imageSize};
}

std::vector<std::string> Spectformer::blocks(const Config& config) const
{
    const SpectformerConfig c(config);
    std::vector<std::string> paths;
    if (!c.isHierarchical)
        paths.push_back("embed");
    for (std::size_t stage = 0; stage < c.stages.size(); ++stage) {
        if (c.isHierarchical)
            paths.push_back("patch_embed" + std::to_string(stage + 1));
        for (int i = 0; i < c.stages[stage].depth; ++i)
            paths.push_back(blockPath(c, stage, i));
    }
    if (c.isHierarchical)
        paths.push_back("post_network.0");
    paths.push_back("head");
    return paths;
}

Tensor Spectformer::forward(Run& run, const Config& config, const Tensor& input) const
{
    const SpectformerConfig c(config);
    return c.isHierarchical ? forwardHierarchical(run, c, input) : forwardVanilla(run, c, input);
}

NamedTensors Spectformer::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    const SpectformerConfig before(from), after(to);
    if (before.isHierarchical != after.isHierarchical
        || before.stages.front().grid == after.stages.front().grid)
        return parameters;
    if (const Tensor* positions = parameters.find("pos_embed");
        positions && positions->rank() == 3 && positions->dim(1) == before.stages.front().grid.count())
        parameters.set("pos_embed",
            parts::resizedPositions(*positions, before.stages.front().grid, after.stages.front().grid));
    for (std::size_t i = 0; i < after.stages.size() && i < before.stages.size(); ++i) {
        const parts::GridSize grid = before.stages[i].grid;
        for (int j = 0; j < (after.stages[i].isSpectral ? after.stages[i].depth : 0); ++j) {
            const std::string name = blockPath(after, i, j) + "." + filterName(after) + ".complex_weight";
            if (const Tensor* filter = parameters.find(name); filter && filter->rank() == 4
                && filter->dim(0) == grid.rows && filter->dim(1) == grid.cols / 2 + 1)
                parameters.set(name, parts::resizedFilter(*filter, after.stages[i].grid));
        }
    }
    return parameters;
}

Config Spectformer::tinyConfig() const
{
    Config config(schema());
    const std::pair<const char*, std::int64_t> small[] = {{"image_size", 40}, {"patch_size", 8}, {"dim", 24},
        {"depth", 3}, {"alpha", 2}, {"heads", 3}, {"classes", 10}};
    for (const auto& [name, value] : small)
        config.set(name, value);
    return config;
}

}
