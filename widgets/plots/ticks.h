// Which round numbers stand along an axis, and how they are written. Draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace fovea {

/// One axis of a plot.
struct AxisSpec {
    QString label; ///< with the unit: "frequency (Hz)"
    double min = 0, max = 0; ///< equal in a plot's content: as far as what is drawn
    bool logarithmic = false; ///< min > 0
    bool whole = false; ///< ticks at whole numbers only: an index
    bool downward = false; ///< min on top, as the rows of a matrix
    bool bare = false; ///< a line without ticks: the panel beside has them
    QStringList names = {}; ///< of 0, 1, 2...: written instead of the numbers
    bool degrees = false; ///< an angle: ticks at parts of a half turn

    /// The axis of n cells: cell i is the span from i - 1/2 to i + 1/2.
    static AxisSpec ofCells(QString label, qsizetype n, QStringList names = {});
    /// So few that each is told where there is room.
    bool hasFewNames() const { return !names.isEmpty() && names.size() <= 12; }
    /// 0 at min, 1 at max.
    double position(double value) const;
};

struct Tick {
    double value;
    QString text;
};

/// As many ticks as there are, up to `atMost` (>= 2), at multiples of 1, 2, 2.5 or 5 times a power of ten
/// within the axis; when it is logarithmic decades, and where it has less than two of them 1, 2 and 5 times
/// or 1 and 3 times each, but for a short part of one; one tick when it has no extent.
std::vector<Tick> ticksOf(const AxisSpec& axis, int atMost);

/// A number for people: at most `digits` significant digits, C locale, a true minus sign.
QString numberText(double value, int digits = 4);
/// The same with trailing zeros, exactly `digits` significant ones: what is read off keeps its width.
QString readingText(double value, int digits);
/// The same for a difference: "+0.5", "−0.5", "0".
QString signedText(double value, int digits = 2);

}
