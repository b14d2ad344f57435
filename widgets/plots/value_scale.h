// Which value gets which colour, and how that is said beside the map. Draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/color_map.h"

#include "core/tensor/tensor.h"

#include <QImage>

#include <limits>

namespace fovea {

/// The extent of the finite values of what is drawn.
struct ValueRange {
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double minPositive = std::numeric_limits<double>::infinity(); ///< the floor of a logarithmic scale
    bool hasGaps = false; ///< something is no number: NaN or infinity

    bool empty() const { return min > max; }
    void include(double value);
    void include(const Tensor& values);
    void include(const ValueRange& other);
};

/// Whose values set the range of a map. Views gather them; Fixed leaves min and max as they are.
enum class ScaleMode { Map, Layer, Shown, Fixed };

/// From values to positions 0..1 in a colour map. A range without extent draws flat, in one colour.
struct ValueScale {
    QString quantity; ///< "attention probability"
    QString unit; ///< empty for a pure number
    const ColorMap* colors = &ColorMap::named("viridis");
    ScaleMode mode = ScaleMode::Layer;
    bool whole = false; ///< counts and indices: the bar has ticks at whole numbers only
    bool logarithmic = false; ///< sequential maps only; values <= 0 are below the floor
    double min = 0, max = 1; ///< the ends of the map
    ValueRange data; ///< what is drawn: beyond the ends the colour bar gets arrows, for gaps a legend

    /// Takes in the range of what is drawn and, unless the mode is Fixed, sets the ends by it: the
    /// same distance to both sides of zero for a diverging map, a whole turn for a cyclic one.
    void fit(const ValueRange& range);
    /// 0 at min, 1 at max; beyond them for values that are clipped; NaN for NaN and infinity.
    double position(double value) const;
    QRgb color(double value) const { return colors->at(position(value)); }
    bool isFlat() const { return !(max > min); }
    /// "frequency (Hz)"
    QString label() const;
};

/// One opaque pixel per element of a matrix [row, col] of any real type, row 0 on top; what is not finite
/// gets ColorMap::missing.
QImage mapImage(const Tensor& matrix, const ValueScale& scale);

}
