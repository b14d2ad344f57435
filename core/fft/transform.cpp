// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fft/transform.h"

#include "core/fft/plan.h"
#include "core/tensor/error.h"

#include <cmath>

namespace fovea::fft {

namespace {

using Kind = FftJob::Kind;

bool isInverse(Transform kind) { return kind == Transform::FullInverse || kind == Transform::HalfInverse; }

double factorOf(Transform kind, Norm norm, double count)
{
    if (norm == Norm::Ortho)
        return 1 / std::sqrt(count);
    return norm == Norm::Backward && isInverse(kind) ? 1 / count : 1;
}

/// Whole cache lines.
Index padded(Index floats) { return (floats + 15) / 16 * 16; }

Loop loop(Index count, Index from, Index to)
{
    return {static_cast<int>(count), static_cast<int>(from), static_cast<int>(to)};
}

Tensor eachPlane(Transform kind, const Tensor& planes, Index cols, Norm norm)
{
    const PlaneTransform transform(kind, planes.dim(-2), cols, norm);
    Shape shape = planes.shape();
    shape[-1] = kind == Transform::Half ? halfOf(cols) : cols;
    Tensor out(shape, kind == Transform::HalfInverse ? DType::F32 : DType::C64);
    Tensor scratch({transform.scratchFloats()});
    const auto count = planes.count() / (planes.dim(-2) * planes.dim(-1));
    const auto* from = static_cast<const float*>(planes.bytes());
    float* to = out.dtype() == DType::F32 ? out.writable().data()
                                          : reinterpret_cast<float*>(out.writable<Complex>().data());
    for (Index i = 0; i < count; ++i)
        transform(
            from + i * transform.floatsFrom(), to + i * transform.floatsTo(), scratch.writable().data());
    return out;
}

}

PlaneTransform::PlaneTransform(Transform kind, Index rows, Index cols, Norm norm)
    : kind_(kind)
    , rows_(rows)
    , cols_(cols)
    , floatsFrom_(rows * 2 * (kind == Transform::HalfInverse ? halfOf(cols) : cols))
    , floatsTo_(rows * 2 * (kind == Transform::Half ? halfOf(cols) : cols))
    , factor_(static_cast<float>(factorOf(kind, norm, static_cast<double>(rows * cols))))
{
    if (kind == Transform::Half)
        floatsFrom_ /= 2;
    if (kind == Transform::HalfInverse)
        floatsTo_ /= 2;
}

Index PlaneTransform::scratchFloats() const { return padded(floatsFrom_) + padded(floatsTo_); }

void PlaneTransform::operator()(const float* from, float* to, float* scratch) const
{
    float* result = scratch + padded(floatsFrom_); // a plane of its own may begin anywhere
    std::copy_n(from, floatsFrom_, scratch);
    if (kind_ == Transform::HalfInverse)
        invertHalf(scratch, result);
    else {
        const Kind kind = kind_ == Transform::Half ? Kind::RealToHalf
            : kind_ == Transform::Full             ? Kind::Forward
                                                   : Kind::Backward;
        const Index width = kind_ == Transform::Half ? halfOf(cols_) : cols_;
        planFor({kind, {loop(rows_, cols_, width), loop(cols_, 1, 1)}, {}, false})(scratch, result);
    }
    for (Index i = 0; i < floatsTo_; ++i)
        to[i] = result[i] * factor_;
}

void PlaneTransform::invertHalf(float* spectrum, float* plane) const
{
    const Index half = halfOf(cols_);
    planFor({Kind::Backward, {Loop{}, loop(rows_, half, half)}, {Loop{}, loop(half, 1, 1)}, true})(
        spectrum, spectrum);
    for (Index row = 0; row < rows_; ++row) {
        spectrum[row * half * 2 + 1] = 0;
        if (cols_ % 2 == 0)
            spectrum[row * half * 2 + cols_ + 1] = 0;
    }
    planFor({Kind::HalfToReal, {Loop{}, loop(cols_, 1, 1)}, {Loop{}, loop(rows_, half, cols_)}, false})(
        spectrum, plane);
}

Tensor rfft2(const Tensor& planes, Norm norm)
{
    return eachPlane(Transform::Half, planes, planes.dim(-1), norm);
}

Tensor irfft2(const Tensor& spectra, Index width, Norm norm)
{
    if (width < 1 || halfOf(width) != spectra.dim(-1))
        throw Error("a half spectrum of " + std::to_string(spectra.dim(-1)) + " columns has no plane of "
            + std::to_string(width));
    return eachPlane(Transform::HalfInverse, spectra, width, norm);
}

Tensor fft2(const Tensor& planes, Norm norm)
{
    return eachPlane(Transform::Full, planes, planes.dim(-1), norm);
}

Tensor ifft2(const Tensor& spectra, Norm norm)
{
    return eachPlane(Transform::FullInverse, spectra, spectra.dim(-1), norm);
}

}
