// The two forms of a SpectFormer as they run, and what both are made of. Only this plugin includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/spectformer/spectformer_config.h"

#include "core/run/run.h"

namespace fovea::plugin::spectformer {

/// [B, C, H, W] -> [B, class]
Tensor forwardVanilla(Run& run, const SpectformerConfig& c, const Tensor& input);
Tensor forwardHierarchical(Run& run, const SpectformerConfig& c, const Tensor& input);

/// A LayerNorm, shown as `<name>.out`.
Tensor normed(Run& run, const Tensor& x, std::string_view name, double eps, const LayoutPtr& layout);

}
