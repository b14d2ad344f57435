// What a SpectFormer shows, said before it runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"
#include "plugins/spectformer/spectformer_config.h"

#include "core/parts/signal_list.h"

namespace fovea::plugin::spectformer {

namespace {

/// An MLP, convolved between its layers in the hierarchical form.
void addMlp(parts::SignalList& s, bool isConvolved)
{
    if (isConvolved)
        s.add("mlp.dwconv.out", Kind::Tokens, "hidden units, convolved",
            "each hidden unit after its own 3 x 3 kernel, before the activation");
    s.mlp();
}

void addBlock(parts::SignalList s, const SpectformerConfig& c, bool isSpectral)
{
    s.norm("norm1", isSpectral ? "what the filter reads" : "what attention reads");
    if (isSpectral)
        s.filter(filterName(c));
    else
        s.attention("attn", "what attention adds to the stream");
    s.norm("norm2", "what the MLP reads");
    addMlp(s, c.isHierarchical);
    s.add("out", Kind::Tokens, "token stream", "the stream after this block");
}

void addBlocks(std::vector<SignalInfo>& list, const SpectformerConfig& c, std::size_t stage)
{
    for (int i = 0; i < c.stages[stage].depth; ++i) {
        const std::string path = blockPath(c, stage, i);
        addBlock({list, path, path + ".", c.stages[stage].first + i}, c, c.stages[stage].isSpectral);
    }
}

void addVanilla(std::vector<SignalInfo>& list, const SpectformerConfig& c)
{
    parts::SignalList stem{list, "embed", {}};
    stem.add("patch_embed.out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches with their positions");
    for (std::size_t i = 0; i < c.stages.size(); ++i)
        addBlocks(list, c, i);
    parts::SignalList end{list, "head", {}};
    end.add("norm.out", Kind::Tokens, "normalised tokens", "the stream after the last norm");
    end.add("logits", Kind::Vector, "logits", "one score per class, of the mean over the tokens");
}

void addHead(std::vector<SignalInfo>& list, const SpectformerConfig& c)
{
    parts::SignalList post{list, "post_network.0", "post_network.0.", c.depth()};
    post.norm("norm1", "what class attention reads");
    post.attention("attn", "what the class token gathers from the patches and itself");
    post.norm("norm2", "what the MLP reads");
    post.mlp();
    post.add("out", Kind::Tokens, "token stream", "the class token, made of the patches, before them");
    parts::SignalList end{list, "head", {}};
    end.add("norm4.out", Kind::Tokens, "normalised tokens",
        "the class token and the patches after the last norm");
    end.add("head.out", Kind::Vector, "logits of the class token", "one score per class");
    if (c.hasTokenLabels)
        end.add("aux_head.out", Kind::Tokens, "class scores of the patches",
            "one score per class for each patch");
    end.add("logits", Kind::Vector, "logits",
        c.hasTokenLabels ? "the class token's, and half of the best of the patches'" : "one score per class");
}

void addHierarchical(std::vector<SignalInfo>& list, const SpectformerConfig& c)
{
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
        const std::string path = "patch_embed" + std::to_string(i + 1);
        parts::SignalList embedding{list, path, {}};
        if (i == 0)
            for (const char* layer : {"2", "5", "8"})
                embedding.add(path + ".conv." + layer + ".out", Kind::Tokens, "stem features",
                    "convolved, normalised, cut off below 0");
        else
            embedding.add("norm" + std::to_string(i) + ".out", Kind::Tokens, "normalised tokens",
                "the stream after the stage");
        embedding.add(
            path + ".out", Kind::Tokens, "patch embedding", "the tokens with which the stage begins");
        addBlocks(list, c, i);
    }
    addHead(list, c);
}

}

std::vector<SignalInfo> Spectformer::signalInfos(const Config& config) const
{
    const SpectformerConfig c(config);
    std::vector<SignalInfo> list;
    if (c.isHierarchical)
        addHierarchical(list, c);
    else
        addVanilla(list, c);
    return list;
}

}
