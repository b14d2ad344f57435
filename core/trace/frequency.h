// Which frequency a bin of a filter stands for. The transform itself is core/fft's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea {

/// Of bin k of n, in cycles per token, from -1/2 (excluded) to 1/2, the Nyquist frequency.
constexpr double cyclesPerToken(Index bin, Index bins)
{
    return static_cast<double>(2 * bin > bins ? bin - bins : bin) / static_cast<double>(bins);
}

/// The columns of the plane whose spectrum has `bins` columns. Of a half spectrum the layout tells; without
/// one the number is taken to be even.
FOVEA_API Index planeWidth(std::string_view domain, Index bins, const TokenLayout* layout);

/// Gives the axes ky and kx of a spectrum their values; leaves all others as they are.
FOVEA_API void addFrequencies(std::vector<Axis>& axes, const Record& record);

}
