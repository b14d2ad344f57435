// A ViT built by hand whose answer reads one known patch through one known head: what instruments are
// tried on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/support/naive.h"

namespace fovea::test {

/// 4 x 4 patches of 8 x 8 grey pixels and a class token; one block of two heads; classes 0 and 1. Head 1 of
/// the class token looks at patch `patch` (score 12 against 0 elsewhere) and carries its mean brightness into
/// the logit of class 1, about 5 times; head 0 looks everywhere and carries nothing, the MLP does nothing,
/// the logit of class 0 is 0. A pair of large constants in every token makes the norms plain factors.
struct OnePatchVit {
    static constexpr int patch = 6, head = 1, patches = 16;
    plugin::vit::Vit vit;
    WeightsPtr weights;

    OnePatchVit()
    {
        Config config(vit.schema());
        for (const auto& [name, value] :
            std::initializer_list<std::pair<const char*, std::int64_t>>{{"image_size", 32}, {"patch_size", 8},
                {"in_chans", 1}, {"dim", dim}, {"depth", 1}, {"heads", 2}, {"classes", 2}})
            config.set(name, value);
        Weights::Parts parts;
        parts.architecture = "vit";
        parts.config = config;
        for (const ParameterInfo& info : vit.manifest(config))
            parts.parameters.set(info.name, filled(info.name, info.shape));
        weights = std::make_shared<const Weights>(std::move(parts));
    }

    /// Noise in [-1, 1), but for the known patch: all 1.
    static Tensor picture(std::string_view name = "picture")
    {
        Tensor x = noise({1, 1, 32, 32}, name);
        for (Index row = 0; row < 8; ++row)
            std::fill_n(x.writable().data() + (patch / 4 * 8 + row) * 32 + patch % 4 * 8, 8, 1.0F);
        return x;
    }

    TracePtr run(const Tensor& x, const std::vector<std::string>& edits = {}) const
    {
        ExecuteOptions options;
        for (const std::string& edit : edits)
            options.edits.push_back(Edit::parse(edit));
        return execute(vit, *weights, x, options);
    }

private:
    static constexpr Index dim = 16;
    enum Channel : Index { High = 0, Low = 1, IsClass = 2, IsPatch = 3, Brightness = 4, Answer = 5 };
    static constexpr Index other = 8; ///< from a channel to the one that holds its negative: every mean is 0

    static Tensor filled(const std::string& name, const Shape& shape)
    {
        Tensor t = Tensor::zeros(shape);
        const auto set = [&](Index row, Index col, float value) {
            t.writable()[static_cast<std::size_t>(row * shape[-1] + col)] = value;
        };
        const auto setBoth = [&](Index row, Index col) {
            set(row, col, 1);
            set(row, col + other, -1);
        };
        constexpr float large = 40;
        const float factor
            = large / std::sqrt(8.0F); // the root mean square of a token, by which norms divide
        if (name.ends_with("norm1.weight") || name.ends_with("norm2.weight") || name == "norm.weight")
            t = Tensor::full(shape, 1);
        if (name == "cls_token")
            setBoth(0, IsClass);
        if (name == "pos_embed") {
            for (Index token = 0; token < shape[1]; ++token) {
                set(token, High, large);
                set(token, Low, -large);
            }
            setBoth(1 + patch, IsPatch);
        }
        if (name == "patch_embed.proj.weight")
            for (const auto& [row, sign] :
                {std::pair(Index{Brightness}, 1.0F), std::pair(Brightness + other, -1.0F)})
                std::fill_n(t.writable().data() + row * 64, 64, sign / 64);
        if (name == "blocks.0.attn.qkv.weight") { // rows: q, k, v of 16; a head has 8
            const float score = std::sqrt(12 * std::sqrt(8.0F)) * factor;
            set(0 * dim + head * 8, IsClass, score);
            set(1 * dim + head * 8, IsPatch, score);
            set(2 * dim + head * 8, Brightness, factor);
        }
        if (name == "blocks.0.attn.proj.weight") {
            set(Answer, head * 8, 1);
            set(Answer + other, head * 8, -1);
        }
        if (name == "head.weight")
            set(1, Answer, 5 * factor);
        return t;
    }
};

}
