// Four small sources that stretch the plugin boundary, and traces of them for tests of views and files. They
// compute nothing of use.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"
#include "core/source/registry.h"

namespace fovea::toys {

/// toy_windows: attention in windows with overlapping keys, then pooled keys with a layout of their own.
/// toy_drop: tokens dropped by score and merged in mid-run. toy_filter: half-spectrum complex filters and
/// a recurrent memory. toy_lab: gradient descent in f64. Together they show every Kind.
void addToys(Registry& registry);
void addWindows(Registry& registry);
void addDrop(Registry& registry);
void addFilter(Registry& registry);
void addLab(Registry& registry);
/// Not one of the four: a lab with attention, for what plays labs.
void addTraining(Registry& registry);
/// Nor this: an architecture that takes a series and foretells it.
void addSeries(Registry& registry);

/// A registry of the four.
const Registry& toys();

/// Normally distributed numbers for inputShape(), the same at every call.
Tensor toyInput(const Architecture& architecture, Index batch = 1);
/// Weights of the default config, from seed 1; the same object at every call.
WeightsPtr toyWeights(const Architecture& architecture);
/// A run of the toy of that id: of an architecture under `options` on toyInput(), of the lab 12 steps.
TracePtr toyTrace(std::string_view id, const ExecuteOptions& options = {});

}
