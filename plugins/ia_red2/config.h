// What can be configured of an IA-RED²: all of a ViT, and how patches are judged. Nothing is computed of an
// input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/token_reduction.h"
#include "core/parts/vit/config.h"

namespace fovea::plugin::ia_red2 {

Schema schema();
std::vector<Preset> presets();

/// Who decides which patches a group of blocks keeps.
enum class Rule {
    Threshold, ///< those whose score is above the threshold: as many as the picture needs
    Top, ///< as many as `keep` says, of the highest scores
    Random, ///< as many, drawn at random
    Contrast, ///< as many, of the highest contrast (standard deviation of the prepared patch)
};

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct IaRed2Config : parts::vit::VitConfig {
    explicit IaRed2Config(const Config& config);

    Rule rule;
    double threshold;
    int policyHeads; ///< of an interpreter
    std::vector<int> sizes; ///< blocks of each group
    std::vector<double> keep; ///< of each group: the share of all patches, for the rules with a number
    int curriculumStep; ///< groups after it take over the choice of the one before; -1: all judge
    int drawnGroup; ///< in training: the group whose choice is drawn by its scores; -1: none
    double startScore, penalty, interpreterShare, interpreterRate; ///< see schema()
    bool isMasked; ///< dropped tokens stay, and nobody looks at them

    int groups() const { return static_cast<int>(sizes.size()); }
    /// The number of a group's first block.
    int firstBlock(int group) const;
    bool hasInterpreters() const { return rule == Rule::Threshold || rule == Rule::Top; }
    Index patches() const { return grid().count(); }
    /// Patches that a rule with a number keeps in a group.
    Index keptCount(int group) const;
};

using parts::stagePath; // of the judgement before the blocks of a group

}
