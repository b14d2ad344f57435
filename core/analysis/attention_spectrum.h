// The spectrum of an attention pattern: what a head would do to each frequency were its pattern the same
// around every query. How far that is from what it does says nothing here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/attention.h"

namespace fovea::analysis {

/// Whether queries and keys hold patches of one and the same grid, each of one cell: then a pattern has a
/// shift.
FOVEA_API bool hasShifts(const Record& attention);
/// a(d) = mean over patch queries i of A[i, i + d], d on the torus of the grid: "<path>.kernel", Grid
/// [head, y, x], d = 0 in the middle. Patch keys alone: what a query gives to special tokens is left out and
/// nothing is renormalised, so that sum a = 1 - the special tokens' share. Throws Error unless hasShifts().
FOVEA_API Record attentionKernel(const Record& attention);
/// |fft2(a)|, "<path>.magnitude", Grid [head, ky, kx], frequency 0 in the middle, in cycles per token, as
/// filterMagnitude(); 1 - the special tokens' share at frequency 0.
FOVEA_API Record attentionSpectrum(const Record& attention);

}
