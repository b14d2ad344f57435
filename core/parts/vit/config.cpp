// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/vit/config.h"

#include <cmath>

namespace fovea::parts::vit {

namespace {

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

void require(bool holds, const std::string& field, const std::string& what)
{
    if (!holds)
        throw Error("field '" + field + "': " + what);
}

/// ", found 5"
std::string found(int number) { return ", found " + std::to_string(number); }

using Values = std::vector<std::pair<std::string, FieldValue>>;

Values sized(int dim, int heads) { return {{"dim", std::int64_t{dim}}, {"heads", std::int64_t{heads}}}; }

Values with(Values values, const std::string& name, const FieldValue& value)
{
    values.push_back({name, value});
    return values;
}

/// Small enough to be trained here: for square pictures of that side and so many channels.
Values micro(int side, int channels, int patch, Values values)
{
    const std::pair<const char*, int> more[] = {
        {"image_size", side}, {"in_chans", channels}, {"patch_size", patch}, {"depth", 6}, {"classes", 10}};
    for (const auto& [name, value] : more)
        values = with(std::move(values), name, std::int64_t{value});
    return values;
}

/// No cropping; [0, 1] becomes [-1, 1].
Preprocess plain(int side) { return {side, side, {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}}; }

}

Schema schema()
{
    return {
        {"image_size", 224_i, "side of the square input", 1, 4096, "px"},
        {"patch_size", 16_i, "side of a patch; divides the image", 1, 4096, "px"},
        {"in_chans", 3_i, "channels of the input", 1, 256},
        {"dim", 192_i, "width of the token stream", 1, 16384},
        {"depth", 12_i, "number of blocks", 1, 256},
        {"heads", 3_i, "attention heads of a block", 1, 256},
        {"head_dim", 0_i, "channels of a head; 0: dim / heads", 0, 16384},
        {"mlp_ratio", 4.0, "width of the MLP over dim", 0.01, 64},
        {"mlp_hidden", 0_i, "width of the MLP; 0: mlp_ratio * dim", 0, 65536},
        {"classes", 1000_i, "number of classes", 1, 100000},
        {"activation", std::string("gelu"), "nonlinearity of the MLP", 0, 0, {},
            {"gelu", "relu", "gelu_tanh", "quick_gelu"}},
        {"norm_eps", 1e-6, "added to the variance by every LayerNorm", 0, 1},
        {"pre_norm", true, "norms before attention and MLP; else after each sum"},
        {"class_token", true, "a learned token that collects the answer"},
        {"distilled", false, "a second such token with a head of its own (DeiT)"},
        {"registers", 0_i, "learned tokens without a duty", 0, 64},
        {"pool", std::string("cls"), "what the head reads", 0, 0, {}, {"cls", "mean"}},
        {"final_norm", std::string("auto"),
            "where the last LayerNorm stands; auto: pooled for mean, tokens for cls", 0, 0, {},
            {"auto", "tokens", "pooled", "none"}},
        {"qkv_bias", true, "the projection to q, k and v has a bias"},
        {"proj", true, "a projection follows the heads"},
        {"patch_norm", false, "LayerNorms before and after the patch embedding (Dual PatchNorm)"},
        {"dropout", 0.0, "share of activations dropped in training", 0, 0.9},
        {"drop_path", 0.0, "share of samples that skip the last block in training; less before it", 0, 0.9},
        {"init", std::string("deit"),
            "fresh parameters: deit, normal of .02 everywhere; glorot, for narrow models: matrices by their "
            "width, positions as large as patches",
            0, 0, {}, {"deit", "glorot"}},
    };
}

std::vector<Preset> presets()
{
    const Values tiny = sized(192, 3), small = sized(384, 6), base = sized(768, 12);
    const Preprocess half{248, 224, {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}};
    Preprocess large;
    large.size = 438;
    large.crop = 384;
    return {
        {"deit_tiny_patch16_224", tiny},
        {"deit_small_patch16_224", small},
        {"deit_base_patch16_224", base},
        {"deit_tiny_distilled_patch16_224", with(tiny, "distilled", true)},
        {"deit_small_distilled_patch16_224", with(small, "distilled", true)},
        {"deit_base_distilled_patch16_224", with(base, "distilled", true)},
        {"deit_base_patch16_384", with(base, "image_size", 384_i), large},
        {"vit_tiny_patch16_224", tiny, half},
        {"vit_small_patch16_224", small, half},
        {"vit_base_patch16_224", base, half},
        {"micro", with(micro(28, 1, 4, sized(96, 3)), "init", std::string("glorot")), plain(28)},
        {"micro_shapes", with(micro(64, 3, 8, sized(128, 4)), "classes", 8_i), plain(64)},
    };
}

VitConfig::VitConfig(const Config& c)
    : imageSize(c.count("image_size"))
    , patchSize(c.count("patch_size"))
    , channels(c.count("in_chans"))
    , dim(c.count("dim"))
    , depth(c.count("depth"))
    , heads(c.count("heads"))
    , headDim(c.count("head_dim") > 0 ? c.count("head_dim") : dim / heads)
    , hidden(c.count("mlp_hidden") > 0 ? c.count("mlp_hidden")
                                       : static_cast<int>(std::lround(c.real("mlp_ratio") * dim)))
    , classes(c.count("classes"))
    , registers(c.count("registers"))
    , activation(nn::activationNamed(c.text("activation")))
    , normEps(c.real("norm_eps"))
    , dropout(c.real("dropout"))
    , dropPath(c.real("drop_path"))
    , isGlorot(c.text("init") == "glorot")
    , isPreNorm(c.flag("pre_norm"))
    , hasClassToken(c.flag("class_token"))
    , isDistilled(c.flag("distilled"))
    , hasQkvBias(c.flag("qkv_bias"))
    , hasProjection(c.flag("proj"))
    , hasPatchNorm(c.flag("patch_norm"))
    , poolsMean(c.text("pool") == "mean")
{
    const std::string& norm = c.text("final_norm");
    normsPooled = norm == "pooled" || (norm == "auto" && poolsMean);
    normsTokens = norm == "tokens" || (norm == "auto" && !poolsMean);
    require(imageSize % patchSize == 0, "patch_size",
        "expected a divisor of image_size, " + std::to_string(imageSize) + found(patchSize));
    require(c.count("head_dim") > 0 || dim % heads == 0, "heads",
        "expected a divisor of dim, " + std::to_string(dim) + ", or a head_dim" + found(heads));
    require(
        hasClassToken || !isDistilled, "class_token", "expected true where distilled is set, found false");
    require(hasClassToken || poolsMean, "pool", "expected mean where there is no class_token, found cls");
    require(!poolsMean || !isDistilled, "pool", "expected cls where distilled is set, found mean");
    require(hasProjection || heads * headDim == dim, "proj",
        "expected true where heads * head_dim is not dim, found false");
    require(hidden > 0, "mlp_ratio", "expected a positive width of the MLP" + found(hidden));
}

std::vector<std::string> VitConfig::specials() const
{
    std::vector<std::string> names;
    if (hasClassToken)
        names.push_back("cls");
    if (isDistilled)
        names.push_back("dist");
    for (int i = 0; i < registers; ++i)
        names.push_back("reg" + std::to_string(i));
    return names;
}

}
