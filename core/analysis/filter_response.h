// What a learned filter does, as pictures and numbers: its response over the whole frequency plane, its
// kernel in space, its mean response by radius. It says nothing of the input.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::analysis {

/// The plane that a Filter record stands for, in tokens (planeWidth()).
struct FilterPlane {
    Index rows = 0, cols = 0;
};
FOVEA_API FilterPlane planeOf(const Record& filter);

/// k = irfft2(K) with its 1/(HW), "<path>.kernel", Grid [channel, y, x], the origin in the middle: what the
/// filter convolves a channel with, on the torus. K's parts that the inverse leaves out (the imaginary part
/// of self-conjugate columns) are gone. Throws Error for a record that is no Filter.
FOVEA_API Record filterKernel(const Record& filter);
/// |fft2(k)|, "<path>.magnitude", Grid [channel, ky, kx], frequency 0 in the middle: the picture of Rao et
/// al. 2021 (GFNet, figure of learned filters). Axes in cycles per token, from -.5 up.
FOVEA_API Record filterMagnitude(const Record& filter);
/// arg fft2(k), "<path>.phase", Grid [channel, ky, kx] in radians, laid out as the magnitude; NaN where that
/// is less than 1e-6 of the channel's largest.
FOVEA_API Record filterPhase(const Record& filter);
/// radialProfile() and angularProfile() of |fft2(k)|, "<path>.radial" and "<path>.angular".
FOVEA_API Record filterRadial(const Record& filter);
FOVEA_API Record filterAngular(const Record& filter);
/// sqrt(sum k^2 d^2 / sum k^2) of each channel, "<path>.radius", Vector [channel] in tokens: how far a kernel
/// reaches; d is the distance to the origin on the torus. NaN for a kernel of zeros.
FOVEA_API Record kernelRadius(const Record& filter);

}
