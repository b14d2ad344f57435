// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/frequency.h"

#include <algorithm>

namespace fovea {

Index planeWidth(std::string_view domain, Index bins, const TokenLayout* layout)
{
    if (domain != "half-spectrum")
        return bins;
    const Index cols = layout ? layout->gridCols() : 0;
    return cols > 0 && cols / 2 + 1 == bins ? cols : std::max<Index>(1, 2 * (bins - 1));
}

void addFrequencies(std::vector<Axis>& axes, const Record& record)
{
    const bool isSpectrum = record.info.domain == "spectrum" || record.info.domain == "half-spectrum";
    if (record.kind() != Kind::Filter || !isSpectrum || axes.size() != 3)
        return;
    const Index rows = record.value.dim(1), bins = record.value.dim(2);
    const Index periods[] = {rows, planeWidth(record.info.domain, bins, record.queries.get())};
    for (std::size_t i = 0; i < 2; ++i) {
        Axis& axis = axes[i + 1];
        axis.unit = "cycles/token";
        for (Index bin = 0; bin < record.value.dim(static_cast<int>(i) + 1); ++bin)
            axis.values.push_back(cyclesPerToken(bin, periods[i]));
    }
}

}
