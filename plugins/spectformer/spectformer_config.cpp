// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer_config.h"

#include <charconv>
#include <cmath>

namespace fovea::plugin::spectformer {

namespace {

constexpr std::size_t stageCount = 4;

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

void require(bool holds, const std::string& field, const std::string& what)
{
    if (!holds)
        throw Error("field '" + field + "': " + what);
}

/// ", found 5"
std::string found(int number) { return ", found " + std::to_string(number); }

/// Four positive numbers, "64,128,320,448".
std::array<int, stageCount> numbersOf(const Config& config, const std::string& field, int largest)
{
    const std::string& text = config.text(field);
    std::array<int, stageCount> numbers{};
    const char *at = text.data(), *end = at + text.size();
    for (std::size_t i = 0; i < stageCount; ++i) {
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        const bool isLast = i + 1 == stageCount;
        require(error == std::errc() && numbers[i] >= 1 && numbers[i] <= largest
                && (isLast ? next == end : next != end && *next == ','),
            field,
            "expected four numbers of 1 to " + std::to_string(largest) + " as 3,4,6,3, found '" + text + "'");
        at = next + (isLast ? 0 : 1);
    }
    return numbers;
}

std::vector<Stage> vanillaStages(const Config& config)
{
    const int image = config.count("image_size"), patch = config.count("patch_size"),
              dim = config.count("dim");
    const int depth = config.count("depth"), alpha = config.count("alpha"), heads = config.count("heads");
    require(image % patch == 0, "patch_size",
        "expected a divisor of image_size, " + std::to_string(image) + found(patch));
    require(alpha <= depth, "alpha", "expected at most depth, " + std::to_string(depth) + found(alpha));
    require(dim % heads == 0, "heads", "expected a divisor of dim, " + std::to_string(dim) + found(heads));
    const int hidden = static_cast<int>(std::lround(config.real("mlp_ratio") * dim));
    require(hidden > 0, "mlp_ratio", "expected a positive width of the MLP" + found(hidden));
    const parts::GridSize grid{image / patch, image / patch};
    return {
        {dim, alpha, heads, hidden, grid, true, 0}, {dim, depth - alpha, heads, hidden, grid, false, alpha}};
}

std::vector<Stage> hierarchicalStages(const Config& config)
{
    constexpr int reduction = 32; // of the picture's side in the last stage
    const int image = config.count("image_size"), headDim = config.count("head_dim");
    require(image % reduction == 0, "image_size", "expected a multiple of 32" + found(image));
    const auto dims = numbersOf(config, "dims", 16384), depths = numbersOf(config, "depths", 256);
    const auto ratios = numbersOf(config, "mlp_ratios", 64);
    std::vector<Stage> stages;
    int first = 0, side = image / 4;
    for (std::size_t i = 0; i < stageCount; ++i, side /= 2) {
        const bool isSpectral = i < 2;
        require(isSpectral || dims[i] % headDim == 0, "head_dim",
            "expected a divisor of the width of stage " + std::to_string(i + 1) + ", "
                + std::to_string(dims[i]) + found(headDim));
        stages.push_back({dims[i], depths[i], isSpectral ? 0 : dims[i] / headDim, dims[i] * ratios[i],
            {side, side}, isSpectral, first});
        first += depths[i];
    }
    return stages;
}

}

Schema schema()
{
    return {
        {"form", std::string("vanilla"), "one grid of patches, or four stages of halving grids", 0, 0, {},
            {"vanilla", "hierarchical"}},
        {"image_size", 224_i, "side of the square input", 1, 4096, "px"},
        {"in_chans", 3_i, "channels of the input", 1, 256},
        {"classes", 1000_i, "number of classes", 1, 100000},
        {"patch_size", 16_i, "vanilla: side of a patch; divides the image", 1, 4096, "px"},
        {"dim", 384_i, "vanilla: width of the token stream", 1, 16384},
        {"depth", 12_i, "vanilla: number of blocks", 1, 256},
        {"alpha", 4_i, "vanilla: the first so many blocks filter, the others attend; 0 to depth", 0, 256},
        {"heads", 6_i,
            "vanilla: attention heads of a block; UNVERIFIED but for dim 384 (6): the official code has 6 "
            "for "
            "every width, its comment says 4 for 256",
            1, 256},
        {"mlp_ratio", 4.0, "vanilla: width of the MLP over dim", 0.01, 64},
        {"stem_dim", 32_i, "hierarchical: channels of the convolutions before the first stage", 1, 4096},
        {"dims", std::string("64,128,320,448"), "hierarchical: width of each stage"},
        {"depths", std::string("3,4,6,3"), "hierarchical: blocks of each stage"},
        {"mlp_ratios", std::string("8,8,4,4"), "hierarchical: width of the MLP over that of its stage"},
        {"head_dim", 32_i, "hierarchical: channels of a head in stages 3 and 4", 1, 16384},
        {"token_label", true,
            "hierarchical: half of the best score of a patch is added to the class token's"},
        {"norm_eps", 1e-6, "added to the variance by the LayerNorms of blocks", 0, 1},
        {"dropout", 0.0, "vanilla: share of activations dropped in training", 0, 0.9},
        {"drop_path", 0.0, "share of samples that skip the last block in training; less before it", 0, 0.9},
        {"init", std::string("official"),
            "fresh parameters: official, normal of .02 in all matrices; glorot, for narrow models: matrices "
            "by "
            "their width, positions as large as patches",
            0, 0, {}, {"official", "glorot"}},
    };
}

SpectformerConfig::SpectformerConfig(const Config& c)
    : isHierarchical(c.text("form") == "hierarchical")
    , isGlorot(c.text("init") == "glorot")
    , hasTokenLabels(isHierarchical && c.flag("token_label"))
    , imageSize(c.count("image_size"))
    , patchSize(c.count("patch_size"))
    , channels(c.count("in_chans"))
    , classes(c.count("classes"))
    , stemDim(c.count("stem_dim"))
    , normEps(c.real("norm_eps"))
    , dropout(c.real("dropout"))
    , dropPath(c.real("drop_path"))
    , stages(isHierarchical ? hierarchicalStages(c) : vanillaStages(c))
{
}

LayoutPtr SpectformerConfig::layout(const Stage& stage, std::vector<std::string> specials) const
{
    return TokenLayout::image(static_cast<int>(stage.grid.rows), static_cast<int>(stage.grid.cols), imageSize,
        imageSize, std::move(specials));
}

std::string blockPath(const SpectformerConfig& c, std::size_t stage, int index)
{
    return c.isHierarchical ? "block" + std::to_string(stage + 1) + "." + std::to_string(index)
                            : "blocks." + std::to_string(c.stages[stage].first + index);
}

}
