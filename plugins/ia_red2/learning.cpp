// How an IA-RED² is trained: group after group, the interpreter by its reward and then the blocks by the loss
// on what it leaves. The paper gives no code; what is recalled of it and what was needed is in
// docs/experiments/ia-red2-recipe.md.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/config.h"
#include "plugins/ia_red2/ia_red2.h"

#include "core/parts/vit/description.h"

namespace fovea::plugin::ia_red2 {

std::vector<LearningPhase> IaRed2::learningPhases(const Config& config) const
{
    const IaRed2Config c(config);
    if (c.rule != Rule::Threshold)
        return {}; // the blocks alone, on what the rule leaves
    std::vector<std::string> backbone;
    for (const ParameterInfo& info : parts::vit::manifest(c))
        backbone.push_back(info.name);
    std::vector<LearningPhase> phases;
    for (int g = 0; g < c.groups(); ++g) {
        Config greedy = config, drawn = config;
        for (Config* one : {&greedy, &drawn}) {
            one->set("curriculum_step", std::int64_t{g});
            one->set("form", std::string("masked"));
        }
        drawn.set("drawn_group", std::int64_t{g});
        const std::string number = std::to_string(g), group = "groups." + number + ".agent.*";
        const double share = 1.0 / c.groups();
        phases.push_back({"interpreter " + number, share * c.interpreterShare, drawn, {group},
            c.interpreterRate, true, greedy, c.penalty});
        phases.push_back(
            {"blocks after interpreter " + number, share * (1 - c.interpreterShare), greedy, backbone});
    }
    std::erase_if(phases, [](const LearningPhase& phase) { return phase.share <= 0; });
    return phases;
}

}
