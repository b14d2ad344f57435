// Two-dimensional Fourier transforms of planes, of any size. They are not differentiated here: core/nn does.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

namespace fovea::fft {

using Complex = std::complex<float>;

/// X[k] = f sum_n x[n] exp(-2 pi i (ky y / H + kx x / W)), and back with the other sign. f is 1 and 1/(HW)
/// for Backward, 1/sqrt(HW) both ways for Ortho, 1 both ways for None.
enum class Norm { Backward, Ortho, None };

enum class Transform {
    Full, ///< c64 [H, W] -> c64 [H, W]
    FullInverse,
    Half, ///< f32 [H, W] -> c64 [H, W/2 + 1]
    /// c64 [H, W/2 + 1] -> f32 [H, W]: inverse along H, then along W, where the imaginary parts of bin 0 and,
    /// for an even W, of bin W/2 count for nothing. So it is defined for spectra of no real plane too.
    HalfInverse,
};

/// The columns of a half spectrum.
constexpr Index halfOf(Index width) { return width / 2 + 1; }

/// One kind of transform for planes of one size, of a plane at a time.
class FOVEA_API PlaneTransform {
public:
    PlaneTransform(Transform kind, Index rows, Index cols, Norm norm);

    Index floatsFrom() const { return floatsFrom_; }
    Index floatsTo() const { return floatsTo_; }
    /// Of the scratch memory, which is 64-byte aligned. Threads need one each.
    Index scratchFloats() const;
    void operator()(const float* from, float* to, float* scratch) const;

private:
    void invertHalf(float* spectrum, float* plane) const;

    Transform kind_;
    Index rows_, cols_, floatsFrom_, floatsTo_;
    float factor_;
};

/// Over the last two axes; the others stay. `width` is that of the plane, since W/2 + 1 tells it from W + 1
/// only when it is known.
FOVEA_API Tensor rfft2(const Tensor& planes, Norm norm = Norm::Backward);
FOVEA_API Tensor irfft2(const Tensor& spectra, Index width, Norm norm = Norm::Backward);
/// Of c64.
FOVEA_API Tensor fft2(const Tensor& planes, Norm norm = Norm::Backward);
FOVEA_API Tensor ifft2(const Tensor& spectra, Norm norm = Norm::Backward);

}
