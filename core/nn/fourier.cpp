// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/fourier.h"

#include "core/nn/custom.h"

#include <cmath>

namespace fovea::nn {

namespace {

using fft::Complex;
using fft::Norm;

/// The factor of the transform there, or of the one back, over planes of `count` places.
float factorOf(Norm norm, Index count, bool isBack)
{
    const auto n = static_cast<float>(count);
    return norm == Norm::Ortho ? 1 / std::sqrt(n) : norm == Norm::Backward && isBack ? 1 / n : 1;
}

/// A copy of c64 [.., bins] times `one`, and times `two` in the columns of a half spectrum that stand for two
/// of the plane's `width`.
Tensor scaled(const Tensor& spectra, Index width, float one, float two)
{
    const Index bins = spectra.dim(spectra.rank() - 1);
    Tensor out(spectra.shape(), DType::C64);
    const auto from = spectra.values<Complex>();
    const auto to = out.writable<Complex>();
    for (std::size_t i = 0; i < to.size(); ++i) {
        const Index x = static_cast<Index>(i) % bins;
        to[i] = from[i] * (x == 0 || 2 * x == width ? one : two);
    }
    return out;
}

Index placesOf(const Tensor& planes, Index width) { return planes.dim(planes.rank() - 2) * width; }

}

Tensor rfft2(Run& run, const Tensor& planes, Norm norm)
{
    const Index width = planes.dim(planes.rank() - 1);
    const float factor = factorOf(norm, placesOf(planes, width), false);
    return custom(
        run, {planes}, [&](Run&) { return fft::rfft2(planes, norm); },
        [=](Run&, const CustomBackward& of) {
            // irfft2 counts a column twice where it stands for two; the sum over what is stored does not
            return std::vector<Tensor>{
                fft::irfft2(scaled(of.gradient, width, factor, factor / 2), width, Norm::None)};
        });
}

Tensor irfft2(Run& run, const Tensor& spectra, Index width, Norm norm)
{
    const float factor = factorOf(norm, placesOf(spectra, width), true);
    return custom(
        run, {spectra}, [&](Run&) { return fft::irfft2(spectra, width, norm); },
        [=](Run&, const CustomBackward& of) {
            return std::vector<Tensor>{
                scaled(fft::rfft2(of.gradient, Norm::None), width, factor, 2 * factor)};
        });
}

Tensor fft2(Run& run, const Tensor& planes, Norm norm)
{
    const Index width = planes.dim(planes.rank() - 1);
    const float factor = factorOf(norm, placesOf(planes, width), false);
    return custom(
        run, {planes}, [&](Run&) { return fft::fft2(planes, norm); },
        [=](Run&, const CustomBackward& of) {
            return std::vector<Tensor>{scaled(fft::ifft2(of.gradient, Norm::None), width, factor, factor)};
        });
}

Tensor ifft2(Run& run, const Tensor& spectra, Norm norm)
{
    const Index width = spectra.dim(spectra.rank() - 1);
    const float factor = factorOf(norm, placesOf(spectra, width), true);
    return custom(
        run, {spectra}, [&](Run&) { return fft::ifft2(spectra, norm); },
        [=](Run&, const CustomBackward& of) {
            return std::vector<Tensor>{scaled(fft::fft2(of.gradient, Norm::None), width, factor, factor)};
        });
}

}
