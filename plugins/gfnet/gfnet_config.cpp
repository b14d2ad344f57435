// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet_config.h"

#include "core/source/field_list.h"

#include <cmath>

namespace fovea::plugin::gfnet {

namespace {

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

/// Small enough to be trained here: for square pictures of that side and so many channels.
Preset micro(const char* name, std::int64_t side, std::int64_t channels, std::int64_t patch, const char* dim)
{
    return {name,
        {{"image_size", side}, {"in_chans", channels}, {"patch_size", patch}, {"dims", std::string(dim)},
            {"depths", std::string("6")}, {"init", std::string("glorot")}},
        {static_cast<int>(side), static_cast<int>(side), {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}}};
}

Preset isotropic(const char* name, const char* dim, const char* depth)
{
    return {name, {{"dims", std::string(dim)}, {"depths", std::string(depth)}}};
}

Preset hierarchical(const char* name, const char* dims, const char* depths, double layerScale)
{
    return {name,
        {{"patch_size", 4_i}, {"dims", std::string(dims)}, {"depths", std::string(depths)},
            {"layer_scale", layerScale}}};
}

}

Schema schema()
{
    return {
        {"image_size", 224_i, "side of the square input", 1, 4096, "px"},
        {"patch_size", 16_i, "side of a patch; divides the image", 1, 4096, "px"},
        {"in_chans", 3_i, "channels of the input", 1, 256},
        {"dims", std::string("256"),
            "width of the token stream; of each stage, where there are several: 64,128"},
        {"depths", std::string("12"), "number of blocks; of each stage, where there are several"},
        {"mlp_ratios", std::string("4"),
            "width of the MLP over that of the stream; one, or one for each stage"},
        {"layer_scale", 0.0,
            "a block's result is first multiplied with this, learned for each channel; 0: not", 0, 10},
        {"classes", 1000_i, "number of classes", 1, 100000},
        {"norm_eps", 1e-6, "added to the variance by every LayerNorm", 0, 1},
        {"dropout", 0.0, "share of activations dropped in training", 0, 0.9},
        {"head_dropout", 0.0, "the same before the head", 0, 0.9},
        {"drop_path", 0.0, "share of samples that skip the last block in training; less before it", 0, 0.9},
        {"uniform_drop_path", false, "as many skip every block"},
        {"init", std::string("gfnet"),
            "fresh parameters: gfnet, normal of .02 everywhere; glorot, for narrow models: matrices by their "
            "width, positions as large as patches",
            0, 0, {}, {"gfnet", "glorot"}},
    };
}

std::vector<Preset> presets()
{
    Preset grey = micro("micro", 28, 1, 4, "96"), shapes = micro("micro_shapes", 64, 3, 8, "128");
    grey.values.emplace_back("classes", 10_i);
    shapes.values.emplace_back("classes", 8_i);
    return {
        isotropic("ti", "256", "12"),
        isotropic("xs", "384", "12"),
        isotropic("s", "384", "19"),
        isotropic("b", "512", "19"),
        hierarchical("h-ti", "64,128,256,512", "3,3,10,3", 1e-3),
        hierarchical("h-s", "96,192,384,768", "3,3,10,3", 1e-5),
        hierarchical("h-b", "96,192,384,768", "3,3,27,3", 1e-6),
        grey,
        shapes,
    };
}

GfnetConfig::GfnetConfig(const Config& c)
    : imageSize(c.count("image_size"))
    , patchSize(c.count("patch_size"))
    , channels(c.count("in_chans"))
    , classes(c.count("classes"))
    , normEps(c.real("norm_eps"))
    , dropout(c.real("dropout"))
    , dropPath(c.real("drop_path"))
    , headDropout(c.real("head_dropout"))
    , layerScale(c.real("layer_scale"))
    , isUniform(c.flag("uniform_drop_path"))
    , isGlorot(c.text("init") == "glorot")
{
    const auto require = [](bool holds, const std::string& field, const std::string& what) {
        if (!holds)
            throw Error("field '" + field + "': " + what);
    };
    const std::vector<int> dims = countsIn(c.text("dims"), "dims"),
                           depths = countsIn(c.text("depths"), "depths");
    const std::vector<double> ratios = numbersIn(c.text("mlp_ratios"), "mlp_ratios", 0.01, 64);
    const std::string perStage = "expected as many as dims, " + std::to_string(dims.size()) + ", found ";
    require(depths.size() == dims.size(), "depths", perStage + std::to_string(depths.size()));
    require(ratios.size() == dims.size() || ratios.size() == 1, "mlp_ratios",
        perStage + std::to_string(ratios.size()));
    require(imageSize % patchSize == 0, "patch_size",
        "expected a divisor of image_size, " + std::to_string(imageSize) + ", found "
            + std::to_string(patchSize));
    require(dims.size() > 1 || layerScale == 0, "layer_scale",
        "expected 0 where there is one stage, found " + textOf(FieldValue(layerScale)));
    int side = imageSize / patchSize, tokenSide = patchSize, first = 0;
    for (std::size_t i = 0; i < dims.size(); ++i) {
        require(side > 0, "dims",
            "expected at most " + std::to_string(i) + " stages for a picture of this size, found "
                + std::to_string(dims.size()));
        const double ratio = ratios[ratios.size() == 1 ? 0 : i];
        const int hidden
            = std::max(1, static_cast<int>(dims[i] * ratio + 1e-6)); // cut off, as the official code does
        stages.push_back({dims[i], depths[i], hidden, first, {side, side}, tokenSide});
        first += depths[i];
        side /= 2; // a row and a column that are left over end here
        tokenSide *= 2;
    }
}

std::string GfnetConfig::blockPath(std::size_t stage, int block) const
{
    return "blocks." + (isHierarchical() ? std::to_string(stage) + "." : "") + std::to_string(block);
}

std::string GfnetConfig::embedPath(std::size_t stage) const
{
    return isHierarchical() ? "patch_embed." + std::to_string(stage) : "patch_embed";
}

double GfnetConfig::dropPathOf(int block) const
{
    const int all = stages.back().first + stages.back().depth;
    if (isUniform)
        return dropPath;
    return all > 1 ? dropPath * block / (all - 1) : 0;
}

LayoutPtr GfnetConfig::layout(std::size_t stage) const
{
    const Stage& s = stages[stage];
    const double side = static_cast<double>(s.grid.cols) * s.tokenSide; // px that its tokens cover
    return TokenLayout::image(static_cast<int>(s.grid.rows), static_cast<int>(s.grid.cols), side, side);
}

}
