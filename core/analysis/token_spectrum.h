// The spectrum of what tokens hold, as a picture over their grid: how much of it is smooth and how much
// detail. It knows no filter and no attention.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::analysis {

/// Whether a record is a Grid, or Tokens each of which covers one cell of a grid so that all cells are
/// covered; special tokens beside them are allowed, and are left out everywhere here.
FOVEA_API bool fillsGrid(const Record& record);
/// |fft2(x)| / sqrt(H W) of each channel, "<path>.spectrum", Grid [channel, ky, kx], frequency 0 in the
/// middle, axes in cycles per token: white noise of variance 1 has a mean square of 1 at every frequency, on
/// any grid. Throws Error unless fillsGrid().
FOVEA_API Record tokenSpectrum(const Record& tokens);
/// Park and Kim, "How do vision transformers work?" (arXiv 2202.06709), figures 2a and 8, as their notebook
/// fourier_analysis.ipynb computes it: L(k) = mean over channels of log(|fft2(x)| + 1e-6) at (k, k) of an
/// n x n grid, not normalised, for k = 0 .. ceil(n / 2) - 1; the values are L(k) - L(0).
/// "<path>.log_amplitude", Vector [frequency] in cycles per token along each axis. Throws Error unless
/// fillsGrid() and it is square.
FOVEA_API Record relativeLogAmplitude(const Record& tokens);

}
