// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/word_lm_config.h"

#include "core/tensor/error.h"

namespace fovea::plugin::word_lm {

namespace {

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

Form formNamed(const std::string& name)
{
    return name == "encoder" ? Form::Encoder : name == "original" ? Form::Original : Form::Yz;
}

}

WordLmConfig::WordLmConfig(const Config& c)
    : form(formNamed(c.text("form")))
    , vocab(c.integer("vocab"))
    , length(c.integer("length"))
    , dim(c.count("dim"))
    , hidden(form == Form::Original ? 4 * dim : c.count("hidden"))
    , layers(c.count("layers"))
    , heads(form == Form::Yz ? 1 : c.count("heads"))
    , dropout(c.real("dropout"))
    , hasPositions(c.flag("positions"))
    , hasResidual(c.flag("residual"))
    , hasNorm(c.flag("norm"))
    , hasMlp(c.flag("mlp"))
    , between(c.text("between"))
{
    if (dim % heads != 0)
        throw Error("field 'heads': expected a divisor of dim, " + std::to_string(dim) + ", found "
            + std::to_string(heads));
    if (form == Form::Encoder && hasPositions && dim % 2 != 0)
        throw Error("field 'dim': expected an even number, since positions are sines and cosines, found "
            + std::to_string(dim));
}

Schema schema()
{
    return {
        {"form", std::string("encoder"),
            "encoder: PyTorch's example, norms after the sums; original: Wq, Wk, Wv and an output tied to "
            "the embedding; yz: Y and Z of low rank on words one-hot",
            0, 0, {}, {"encoder", "original", "yz"}},
        {"vocab", 28782_i, "different words", 1, 300000},
        {"length", 35_i, "tokens of a sample", 1, 4096, "tokens"},
        {"dim", 200_i, "width of the token stream; of yz the rank of Y and Z", 1, 4096},
        {"hidden", 200_i, "of encoder: units of the MLP; original has 4 dim", 1, 16384},
        {"layers", 1_i, "number of layers", 1, 64}, {"heads", 1_i, "attention heads; yz has one", 1, 64},
        {"dropout", 0.3, "of encoder: share of activations dropped in training", 0, 0.9},
        {"positions", true, "of encoder: sines and cosines are added to the embedding"},
        {"residual", true, "of original and yz: what a layer is given is added to what it makes of it"},
        {"norm", true, "of original: a LayerNorm after each sum; of yz: what attention gathers has length 1"},
        {"mlp", true, "of original: attention is followed by an MLP"},
        {"between", std::string("relu"), "of yz: what is done between two layers, before a length of 1", 0, 0,
            {}, {"relu", "softmax", "sigmoid"}}};
}

std::vector<Preset> presets()
{
    using Values = std::vector<std::pair<std::string, FieldValue>>;
    const auto preset = [](const char* name, const Values& values) { return Preset{name, values}; };
    const std::pair<std::string, FieldValue> micro[]{{"dim", 64_i}, {"hidden", 64_i}};
    return {preset("scan_snap_1", {}), preset("scan_snap_3", {{"layers", 3_i}}),
        preset("micro_1", {micro[0], micro[1]}), preset("micro_3", {micro[0], micro[1], {"layers", 3_i}}),
        preset("original_1", {{"form", std::string("original")}, {"norm", false}, {"mlp", false}}),
        preset("yz_1", {{"form", std::string("yz")}}),
        preset("yz_3", {{"form", std::string("yz")}, {"layers", 3_i}})};
}

}
