// What a SpectFormer shows, said before it runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"
#include "plugins/spectformer/spectformer_config.h"

namespace fovea::plugin::spectformer {

namespace {

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
        list.push_back(info);
    }
    void norm(const std::string& name, const std::string& next)
    {
        add(name + ".out", Kind::Tokens, "normalised tokens", "what " + next + " reads");
    }
    void filter(const std::string& name)
    {
        add(name + ".in", Kind::Tokens, "filter input", "the tokens as the filter sees them");
        add(name + ".weight", Kind::Filter, "learned filter",
            "what each frequency of a channel is multiplied by, on the half spectrum");
        list.back().domain = "half-spectrum";
        add(name + ".out", Kind::Tokens, "filter output", "the tokens after the filter");
    }
    void attention(const std::string& name, const std::string& adds)
    {
        add(name + ".q", Kind::Heads, "queries", "what each token looks for");
        add(name + ".k", Kind::Heads, "keys", "what each token offers to be found by");
        add(name + ".v", Kind::Heads, "values", "what each token gives when it is looked at");
        add(name + ".scores", Kind::Attention, "scores before softmax", "q k^T / sqrt(head channels)");
        add(name + ".pattern", Kind::Attention, "attention after softmax",
            "how each query shares itself out over the keys");
        add(name + ".head", Kind::Heads, "head outputs",
            "the values each head gathered, before the projection");
        add(name + ".out", Kind::Tokens, "attention output", adds);
    }
    void mlp(bool isConvolved)
    {
        if (isConvolved)
            add("mlp.dwconv.out", Kind::Tokens, "hidden units, convolved",
                "each hidden unit after its own 3 x 3 kernel, before the activation");
        add("mlp.hidden", Kind::Tokens, "hidden units", "the MLP's units after the activation");
        add("mlp.out", Kind::Tokens, "MLP output", "what the MLP adds to the stream");
    }
    void blockSignals(const SpectformerConfig& c, bool isSpectral)
    {
        norm("norm1", isSpectral ? "the filter" : "attention");
        if (isSpectral)
            filter(filterName(c));
        else
            attention("attn", "what attention adds to the stream");
        norm("norm2", "the MLP");
        mlp(c.isHierarchical);
        add("out", Kind::Tokens, "token stream", "the stream after this block");
    }
};

void addBlocks(std::vector<SignalInfo>& list, const SpectformerConfig& c, std::size_t stage)
{
    for (int i = 0; i < c.stages[stage].depth; ++i) {
        const std::string path = blockPath(c, stage, i);
        Signals{list, path, path + ".", c.stages[stage].first + i}.blockSignals(
            c, c.stages[stage].isSpectral);
    }
}

void addVanilla(std::vector<SignalInfo>& list, const SpectformerConfig& c)
{
    Signals stem{list, "embed", {}, -1};
    stem.add("patch_embed.out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches with their positions");
    for (std::size_t i = 0; i < c.stages.size(); ++i)
        addBlocks(list, c, i);
    Signals end{list, "head", {}, -1};
    end.add("norm.out", Kind::Tokens, "normalised tokens", "the stream after the last norm");
    end.add("logits", Kind::Vector, "logits", "one score per class, of the mean over the tokens");
}

void addHead(std::vector<SignalInfo>& list, const SpectformerConfig& c)
{
    Signals post{list, "post_network.0", "post_network.0.", c.depth()};
    post.norm("norm1", "class attention");
    post.attention("attn", "what the class token gathers from the patches and itself");
    post.norm("norm2", "the MLP");
    post.mlp(false);
    post.add("out", Kind::Tokens, "token stream", "the class token, made of the patches, before them");
    Signals end{list, "head", {}, -1};
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
        Signals embedding{list, path, {}, -1};
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
