// The size of a figure on paper, and how people write lengths.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSizeF>
#include <QString>

namespace fovea::figure {

/// Points (1/72 in, as PDF and PostScript count; not the 1/72.27 in of TeX) of "3.25in", "89mm", "8.9cm" or
/// "234pt". Throws UsageError unless it is a number with one of these units, between 0.1 and 200 in.
double pointsOf(const QString& length);

struct FigureSize {
    double widthPt = 234; ///< 3.25 in, a column
    double heightPt = 234;
    QSizeF points() const { return {widthPt, heightPt}; }
    bool operator==(const FigureSize&) const = default;
};

}
