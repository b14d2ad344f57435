// The Fourier transforms of core/fft with their backwards, for sources that work in the frequency domain. The
// filter that transforms there and back at once is nn::globalFilter().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fft/transform.h"
#include "core/run/run.h"

namespace fovea::nn {

/// Over the last two axes, as in core/fft/transform.h, of any size. Gradients of c64 are dL/dRe + i dL/dIm.
/// With F the transform without its factor f: fft2 has the backward f conj(F), and so has rfft2, of what is
/// stored alone and real; irfft2 has f F, twice that in columns that stand for two. c64 [.., H, W/2 + 1].
FOVEA_API Tensor rfft2(Run& run, const Tensor& planes, fft::Norm norm = fft::Norm::Backward);
FOVEA_API Tensor irfft2(Run& run, const Tensor& spectra, Index width, fft::Norm norm = fft::Norm::Backward);
/// c64 -> c64.
FOVEA_API Tensor fft2(Run& run, const Tensor& planes, fft::Norm norm = fft::Norm::Backward);
FOVEA_API Tensor ifft2(Run& run, const Tensor& spectra, fft::Norm norm = fft::Norm::Backward);

}
