// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/mlp/mlp.h"

#include "core/nn/linear.h"

#include <cmath>

namespace fovea::plugin::mlp {

namespace {

using Integer = std::int64_t;

std::string layerName(int i) { return "layers." + std::to_string(i); }

/// Hidden layers; a width of 0 means none.
int depthOf(const Config& c) { return c.integer("hidden") == 0 ? 0 : c.count("layers"); }

/// A linear map as PyTorch's nn.Linear begins: uniform within 1 / sqrt(in).
void addLinear(Manifest& manifest, const std::string& name, Index out, Index in)
{
    const Initialiser uniform{Initialiser::Rule::Uniform, 1 / std::sqrt(static_cast<double>(in))};
    manifest.push_back({name + ".weight", {out, in}, uniform});
    manifest.push_back({name + ".bias", {out}, uniform});
}

SignalInfo infoOf(const std::string& path, const std::string& role, int depth, const std::string& block,
    const std::string& help)
{
    SignalInfo info;
    info.path = path;
    info.kind = Kind::Vector;
    info.role = role;
    info.depth = depth;
    info.block = block;
    info.help = help;
    return info;
}

}

Identity Mlp::identity() const
{
    return {"mlp", "Linear model and MLP", "baseline", "image classification",
        {"Learning representations by back-propagating errors", 1986, ""},
        "No patches and no attention: what can be said from the pixels where they stand."};
}

Schema Mlp::schema() const
{
    return {{"image_size", Integer{64}, "side of the square input", 1, 4096, "px"},
        {"in_chans", Integer{3}, "channels of the input", 1, 256},
        {"hidden", Integer{256}, "units of a hidden layer; 0: a linear model", 0, 65536},
        {"layers", Integer{2}, "hidden layers", 1, 64},
        {"classes", Integer{10}, "number of classes", 1, 100000},
        {"activation", std::string("relu"), "nonlinearity of the hidden layers", 0, 0, {},
            {"relu", "gelu", "gelu_tanh", "quick_gelu"}}};
}

std::vector<Preset> Mlp::presets() const
{
    return {
        {"linear", {{"hidden", Integer{0}}}}, {"mlp", {{"hidden", Integer{256}}, {"layers", Integer{2}}}}};
}

Shape Mlp::inputShape(const Config& c) const
{
    return {c.integer("in_chans"), c.integer("image_size"), c.integer("image_size")};
}

Manifest Mlp::manifest(const Config& c) const
{
    Manifest manifest;
    Index width = inputShape(c).count();
    for (int i = 0; i < depthOf(c); ++i) {
        addLinear(manifest, layerName(i), c.integer("hidden"), width);
        width = c.integer("hidden");
    }
    addLinear(manifest, "head", c.integer("classes"), width);
    return manifest;
}

std::vector<std::string> Mlp::blocks(const Config& c) const
{
    std::vector<std::string> all;
    for (int i = 0; i < depthOf(c); ++i)
        all.push_back(layerName(i));
    all.push_back("head");
    return all;
}

std::vector<SignalInfo> Mlp::signalInfos(const Config& c) const
{
    std::vector<SignalInfo> all;
    for (int i = 0; i < depthOf(c); ++i)
        all.push_back(
            infoOf(layerName(i) + ".out", "hidden units", i, layerName(i), "units after the activation"));
    all.push_back(infoOf("logits", "logits", -1, "head", "one number per class, before softmax"));
    return all;
}

Tensor Mlp::forward(Run& run, const Config& c, const Tensor& input) const
{
    const nn::Activation activation = nn::activationNamed(c.text("activation"));
    State s{
        input.reshaped({input.dim(0), input.count() / input.dim(0)}), {}, {}}; // [B, channels * side * side]
    for (int i = 0; i < depthOf(c); ++i)
        s = run.block(layerName(i), {}, s, [&](const State& before) {
            const Tensor x = nn::linear(run, before.x, layerName(i), activation);
            const auto scope = run.in(layerName(i));
            return State{run.show("out", x), {}, {}};
        }); // [B, hidden]
    s = run.block("head", {}, s, [&](const State& before) {
        return State{run.show("logits", nn::linear(run, before.x, "head")), {}, {}};
    });
    return s.x; // [B, class]
}

Config Mlp::tinyConfig() const
{
    Config config(schema());
    config.set("image_size", Integer{8});
    config.set("hidden", Integer{12});
    config.set("classes", Integer{5});
    return config;
}

}
