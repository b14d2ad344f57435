// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/figure_size.h"

#include "core/tensor/error.h"

#include <cmath>

namespace fovea::figure {

double pointsOf(const QString& length)
{
    const std::pair<const char*, double> units[]
        = {{"in", 72}, {"mm", 72 / 25.4}, {"cm", 72 / 2.54}, {"pt", 1}};
    for (const auto& [unit, points] : units) {
        bool isNumber = false;
        const double value = length.endsWith(unit) ? length.chopped(2).trimmed().toDouble(&isNumber) : 0;
        if (isNumber && value * points >= 7.2 && value * points <= 14400)
            return std::round(value * points * 1e6) / 1e6; // 8.9cm is 89mm, to the last bit
    }
    throw UsageError("expected a length of 0.1 to 200 in, like 3.25in, 89mm, 8.9cm or 234pt, found \""
        + length.toStdString() + "\"");
}

}
