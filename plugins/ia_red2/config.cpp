// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/config.h"

#include "core/source/field_list.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::plugin::ia_red2 {

namespace {

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

void require(bool holds, const std::string& field, const std::string& what)
{
    if (!holds)
        throw Error("field '" + field + "': " + what);
}

Rule ruleOf(const std::string& name)
{
    if (name == "top")
        return Rule::Top;
    if (name == "random")
        return Rule::Random;
    return name == "contrast" ? Rule::Contrast : Rule::Threshold;
}

/// A ViT's preset in three equal groups; interpreters have six heads in the official code.
Preset derived(Preset preset, int depth, std::int64_t heads)
{
    const std::string third = std::to_string(depth / 3);
    preset.values.emplace_back("groups", third + "," + third + "," + third);
    preset.values.emplace_back("policy_heads", heads);
    return preset;
}

}

Schema schema()
{
    Schema fields = parts::vit::schema();
    const Schema own{
        {"groups", std::string("4,4,4"), "blocks of each group; an interpreter stands before each"},
        {"rule", std::string("threshold"),
            "who decides: threshold, each patch by its score; top, random, contrast: as many patches as "
            "`keep` "
            "says, of the highest scores, at random, of the highest contrast",
            0, 0, {}, {"threshold", "top", "random", "contrast"}},
        {"threshold", 0.5, "a patch stays whose score is above it; between 0 and 1", 0, 1},
        {"keep", std::string("0.7,0.5,0.35"),
            "share of all patches that each group keeps; for the rules with a number"},
        {"policy_heads", 6_i, "heads of an interpreter", 1, 256},
        {"curriculum_step", -1_i, "groups after this one take over the choice before them; -1: all judge", -1,
            255},
        {"drawn_group", -1_i, "in training: the group whose choice is drawn by its scores; -1: none", -1,
            255},
        {"start_score", 0.5,
            "about the score that fresh interpreters give every token; 0.5: as PyTorch makes them", 0.5,
            0.99},
        {"tau", 1.0, "in training: the reward of a wrong answer is minus this", 0, 1000},
        {"interpreter_share", 0.333,
            "in training: the part of a group's steps in which its interpreter learns", 0, 1},
        {"interpreter_rate", 1.333, "in training: the rate of interpreters over that of blocks", 0, 10000},
        {"form", std::string("removed"),
            "removed: dropped tokens leave the sequence; masked: they stay and nobody looks at them, as in "
            "training",
            0, 0, {}, {"removed", "masked"}},
    };
    fields.insert(fields.end(), own.begin(), own.end());
    return fields;
}

std::vector<Preset> presets()
{
    std::vector<Preset> all;
    for (const Preset& preset : parts::vit::presets()) {
        const bool isMicro = preset.name.starts_with("micro");
        if (!preset.name.starts_with("vit"))
            all.push_back(derived(preset, isMicro ? 6 : 12, preset.name == "micro_shapes" ? 4 : 6));
    }
    return all;
}

IaRed2Config::IaRed2Config(const Config& c)
    : VitConfig(c)
    , rule(ruleOf(c.text("rule")))
    , threshold(c.real("threshold"))
    , policyHeads(c.count("policy_heads"))
    , sizes(countsIn(c.text("groups"), "groups"))
    , keep(numbersIn(c.text("keep"), "keep", 0, 1))
    , curriculumStep(c.count("curriculum_step"))
    , drawnGroup(c.count("drawn_group"))
    , startScore(c.real("start_score"))
    , penalty(c.real("tau"))
    , interpreterShare(c.real("interpreter_share"))
    , interpreterRate(c.real("interpreter_rate"))
    , isMasked(c.text("form") == "masked")
{
    const int blocks = std::accumulate(sizes.begin(), sizes.end(), 0);
    const std::string sum = "groups that sum to depth, " + std::to_string(depth);
    require(blocks == depth, "groups",
        "expected " + sum + ", found " + c.text("groups") + ", which sum to " + std::to_string(blocks));
    require(threshold > 0 && threshold < 1, "threshold",
        "expected a number between 0 and 1, found " + textOf(FieldValue(threshold)));
    require(dim % policyHeads == 0, "policy_heads",
        "expected a divisor of dim, " + std::to_string(dim) + ", found " + std::to_string(policyHeads));
    require(hasClassToken && !poolsMean, "class_token",
        "expected a class token that the head reads: it is the interpreters' query, and never dropped");
    const bool isCounted = rule != Rule::Threshold;
    require(!isCounted || keep.size() == sizes.size(), "keep",
        "expected a share for each group, " + std::to_string(sizes.size()) + ", found "
            + std::to_string(keep.size()));
    require(!isCounted || std::ranges::is_sorted(keep, std::greater<>()), "keep",
        "expected shares that do not rise, for what is dropped stays so; found " + c.text("keep"));
    for (const auto& [name, group] :
        {std::pair("curriculum_step", curriculumStep), {"drawn_group", drawnGroup}})
        require(group < groups(), name,
            "expected -1 to " + std::to_string(groups() - 1) + ", found " + std::to_string(group));
}

int IaRed2Config::firstBlock(int group) const
{
    return std::accumulate(sizes.begin(), sizes.begin() + group, 0);
}

Index IaRed2Config::keptCount(int group) const
{
    return std::lround(keep[static_cast<std::size_t>(group)] * static_cast<double>(patches()));
}

}
