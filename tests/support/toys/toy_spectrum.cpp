// Spectra of the toy filter, with their backwards.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/custom.h"

#include "tests/support/toys/toy_math.h"

#include <numbers>

namespace fovea::toys {

namespace {

/// exp(-2 pi i (ky y + kx x) / side), k and pixel as flat positions
Complex wave(Index k, Index pixel, Index side)
{
    const Index half = side / 2 + 1;
    const Index turns = (k / half) * (pixel / side) + (k % half) * (pixel % side);
    return std::polar(
        1.0F, -2 * std::numbers::pi_v<float> * static_cast<float>(turns % side) / static_cast<float>(side));
}

}

Tensor halfSpectrum(Run& run, const Tensor& x)
{
    const Index side = x.dim(3), half = side / 2 + 1;
    const auto forward = [&](Run& r) {
        Tensor out = r.make({x.dim(0), x.dim(1), side, half}, DType::C64);
        const auto values = out.writable<Complex>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto k = static_cast<Index>(i) % (side * half),
                       plane = static_cast<Index>(i) / (side * half);
            values[i] = 0;
            for (Index p = 0; p < side * side; ++p)
                values[i] += x.data()[plane * side * side + p] * wave(k, p, side);
        }
        return out;
    };
    return nn::custom(run, {x}, forward, [=](Run& r, const nn::CustomBackward& of) {
        return std::vector<Tensor>{filled(r, of.inputs[0].shape(), [&](Index i) {
            float total = 0;
            for (Index k = 0; k < side * half; ++k)
                total += (std::conj(of.gradient.values<Complex>()[static_cast<std::size_t>(
                              i / (side * side) * side * half + k)])
                    * wave(k, i % (side * side), side))
                             .real();
            return total;
        })};
    });
}

Tensor fromHalfSpectrum(Run& run, const Tensor& spectrum)
{
    const Index side = spectrum.dim(2), half = spectrum.dim(3), pixels = side * side;
    const auto share = [=](Index k) { // of a column and its mirror image
        return (k % half == 0 || k % half == half - 1 ? 1.0F : 2.0F) / static_cast<float>(pixels);
    };
    const auto forward = [&](Run& r) {
        const auto values = spectrum.values<Complex>();
        return filled(r, {spectrum.dim(0), spectrum.dim(1), side, side}, [&](Index i) {
            float total = 0;
            for (Index k = 0; k < side * half; ++k)
                total += share(k)
                    * (values[static_cast<std::size_t>(i / pixels * side * half + k)]
                        * std::conj(wave(k, i % pixels, side)))
                          .real();
            return total;
        });
    };
    return nn::custom(run, {spectrum}, forward, [=](Run& r, const nn::CustomBackward& of) {
        Tensor gradient = r.make(of.inputs[0].shape(), DType::C64);
        const auto values = gradient.writable<Complex>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto k = static_cast<Index>(i) % (side * half),
                       plane = static_cast<Index>(i) / (side * half);
            values[i] = 0;
            for (Index p = 0; p < pixels; ++p)
                values[i] += share(k) * of.gradient.data()[plane * pixels + p] * wave(k, p, side);
        }
        return std::vector<Tensor>{gradient};
    });
}

Tensor timesFilter(Run& run, const Tensor& spectrum, const Tensor& filter)
{
    const auto product = [](Run& r, const Tensor& a, const Tensor& b, bool isConjugate) {
        Tensor out = r.make(a.shape(), DType::C64);
        const auto values = out.writable<Complex>();
        const auto left = a.values<Complex>(), right = b.values<Complex>();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i]
                = left[i] * (isConjugate ? std::conj(right[i % right.size()]) : right[i % right.size()]);
        return out;
    };
    const auto forward = [&](Run& r) { return product(r, spectrum, filter, false); };
    return nn::custom(run, {spectrum, filter}, forward, [product](Run& r, const nn::CustomBackward& of) {
        const Tensor each = product(r, of.gradient, of.inputs[0], true); // for each sample
        Tensor ofFilter = Tensor::zeros(of.inputs[1].shape(), DType::C64);
        const auto total = ofFilter.writable<Complex>();
        for (std::size_t i = 0; i < each.values<Complex>().size(); ++i)
            total[i % total.size()] += each.values<Complex>()[i];
        return std::vector<Tensor>{product(r, of.gradient, of.inputs[1], true), ofFilter};
    });
}

Tensor asComplex(Run& run, const Tensor& pairs, const Shape& shape)
{
    const auto forward = [&](Run& r) {
        Tensor out = r.make(shape, DType::C64);
        std::copy_n(
            reinterpret_cast<const Complex*>(pairs.data()), out.count(), out.writable<Complex>().begin());
        return out;
    };
    return nn::custom(run, {pairs}, forward, [](Run&, const nn::CustomBackward& of) {
        return std::vector<Tensor>{of.gradient.window(0, of.inputs[0].shape(), DType::F32)};
    });
}

}
