// A stroke of the brush on the frequency plane: from a tool and two places to a region, and to the edits that
// say it. It knows no widget and runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/edit.h"
#include "core/trace/frequency_region.h"

#include <optional>

namespace fovea {

enum class BrushTool { Ring, Wedge, Box, Free };
enum class BrushAct { Zero, Scale, Phase, Magnitude, Swap };
enum class BrushScope { Channel, Layer, All };

/// What the brush does where it goes.
struct Brush {
    BrushTool tool = BrushTool::Ring;
    BrushAct act = BrushAct::Zero;
    BrushScope scope = BrushScope::Layer;
    double amount = 0.5; ///< of Scale
    std::string block = {}; ///< the other one of Swap
};

/// A place on the plane, in cycles per token.
struct PlanePoint {
    double y = 0, x = 0;
};

/// Of a cell of the plane with frequency 0 in the middle: its place, and the stored bin of f or -f.
PlanePoint pointAt(const FrequencyPlane& plane, int x, int y);
Index binAt(const FrequencyPlane& plane, int x, int y);

/// What lies between two places, half a bin around it: a ring by their radii, a wedge by their angles the
/// short way round, a box by both. Not for BrushTool::Free.
FrequencyRegion regionBetween(BrushTool tool, PlanePoint from, PlanePoint to, const FrequencyPlane& plane);

/// A filter that is brushed: "<block>...weight", and the channel that is shown.
struct BrushTarget {
    std::string weight, block;
    int channel = 0;
    std::vector<std::string> others
        = {}; ///< paths of the filters of all layers on the same plane, this one too
};
/// The edits that a stroke is. Swap is two edits, each naming the other's block.
std::vector<Edit> editsOf(const Brush& brush, const BrushTarget& target, const FrequencyRegion& region);

/// Where a verb of filters acts, `lowpass:R` on `ring:R..1`; nothing for other edits, and for a region that
/// is none.
std::optional<FrequencyRegion> regionOf(const Edit& edit);
/// What an edit multiplies its signal by, or its region of a filter; nothing where its verb does not scale.
std::optional<double> factorOf(const Edit& edit);
/// The same by another factor, of a filter as `gain`; nothing where its verb does not scale.
std::optional<Edit> scaledTo(const Edit& edit, double factor);
/// The same edit on coefficients at random; other edits as they are.
Edit controlOf(const Edit& edit, FrequencyRegion::Draw draw, std::uint64_t seed);
/// Whether an edit is of that channel of that filter.
bool isOf(const Edit& edit, const std::string& weight, int channel);

}
