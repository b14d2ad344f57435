// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/filter_response.h"

#include "core/analysis/derived_record.h"
#include "core/analysis/spectrum_profile.h"
#include "core/fft/transform.h"
#include "core/tensor/error.h"
#include "core/trace/frequency.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fovea::analysis {

namespace {

/// The values of channels on a plane, not shifted: element (0, 0) is the origin.
struct Planes {
    Tensor values; ///< f32 [channel, H, W]
    FilterPlane plane;
    Index channels() const { return values.dim(0); }
    const float* channel(Index c) const { return values.data() + c * plane.rows * plane.cols; }
};

/// The signed index of element i of n on the torus: 0, 1, .. and from the other end -1, -2, ..
Index signedIndex(Index i, Index n) { return i <= (n - 1) / 2 ? i : i - n; }

Tensor asComplex(const Tensor& real)
{
    Tensor out(real.shape(), DType::C64);
    std::ranges::copy(real.values<float>(), out.writable<fft::Complex>().begin());
    return out;
}

/// An f32 tensor of fn(v) for each complex v.
template <class Fn>
Tensor each(const Tensor& values, Fn fn)
{
    Tensor out(values.shape());
    std::ranges::transform(values.values<fft::Complex>(), out.writable().begin(), fn);
    return out;
}

float magnitude(const fft::Complex& v) { return std::abs(v); }
/// NaN where there is nothing to have a phase: its magnitude is rounding beside the channel's largest.
void dropIdlePhases(Planes& phases, const Planes& magnitudes)
{
    const Index size = phases.plane.rows * phases.plane.cols;
    float* out = phases.values.writable().data();
    for (Index c = 0; c < phases.channels(); ++c) {
        const float* m = magnitudes.channel(c);
        const float floor = 1e-6F * *std::max_element(m, m + size);
        for (Index i = 0; i < size; ++i)
            if (!(m[i] > floor))
                out[c * size + i] = std::numeric_limits<float>::quiet_NaN();
    }
}

float phase(const fft::Complex& v) { return std::arg(v); }
float realPart(const fft::Complex& v) { return v.real(); }

void requireFilter(const Record& filter)
{
    if (filter.kind() != Kind::Filter || filter.value.dtype() != DType::C64 || filter.value.rank() != 3
        || filter.value.count() == 0)
        throw Error("signal '" + filter.path() + "': expected a filter [channel, ky, kx]");
}

Planes kernelsOf(const Record& filter)
{
    requireFilter(filter);
    const FilterPlane plane = planeOf(filter);
    if (filter.info.domain == "half-spectrum")
        return {fft::irfft2(filter.value, plane.cols), plane};
    return {each(filter.info.domain == "space" ? filter.value : fft::ifft2(filter.value), realPart), plane};
}

/// fn of the response at each frequency.
template <class Fn>
Planes responsesOf(const Record& filter, Fn fn)
{
    const Planes kernels = kernelsOf(filter);
    return {each(fft::fft2(asComplex(kernels.values)), fn), kernels.plane};
}

/// With the origin in the middle, at (H/2, W/2).
Tensor shifted(const Planes& planes)
{
    const auto [rows, cols] = planes.plane;
    Tensor out(planes.values.shape());
    float* to = out.writable().data();
    for (Index c = 0; c < planes.channels(); ++c)
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < cols; ++x)
                to[(c * rows + (y + rows / 2) % rows) * cols + (x + cols / 2) % cols]
                    = planes.channel(c)[y * cols + x];
    return out;
}

/// The values with the origin in the middle, and axes that count from there.
Record middled(Record record, const Planes& planes, bool isFrequency)
{
    const auto [rows, cols] = planes.plane;
    const char* unit = isFrequency ? "cycles/token" : "token";
    record.value = shifted(planes);
    record.axes = {{"channel", {}, {}, {}},
        axisFromMiddle(isFrequency ? "ky" : "y", rows, isFrequency ? static_cast<double>(rows) : 1, unit),
        axisFromMiddle(isFrequency ? "kx" : "x", cols, isFrequency ? static_cast<double>(cols) : 1, unit)};
    return record;
}

/// Calls fn(y, x, distance) for each element, its distance to the origin measured along axes of these
/// lengths.
template <class Fn>
void eachDistance(FilterPlane plane, double perRow, double perCol, Fn fn)
{
    for (Index y = 0; y < plane.rows; ++y)
        for (Index x = 0; x < plane.cols; ++x)
            fn(y, x,
                std::hypot(static_cast<double>(signedIndex(y, plane.rows)) * perRow,
                    static_cast<double>(signedIndex(x, plane.cols)) * perCol));
}

}

FilterPlane planeOf(const Record& filter)
{
    requireFilter(filter);
    return {filter.value.dim(1), planeWidth(filter.info.domain, filter.value.dim(2), filter.queries.get())};
}

Record filterKernel(const Record& filter)
{
    const Planes kernels = kernelsOf(filter);
    return middled(derivedRecord(filter, "kernel", Kind::Grid, "kernel"), kernels, false);
}

Record filterMagnitude(const Record& filter)
{
    const Planes planes = responsesOf(filter, magnitude);
    return middled(derivedRecord(filter, "magnitude", Kind::Grid, "magnitude"), planes, true);
}

Record filterPhase(const Record& filter)
{
    Record record = derivedRecord(filter, "phase", Kind::Grid, "phase");
    record.info.unit = "rad";
    Planes phases = responsesOf(filter, phase);
    dropIdlePhases(phases, responsesOf(filter, magnitude));
    return middled(std::move(record), phases, true);
}

Record filterRadial(const Record& filter)
{
    Record record = radialProfile(filterMagnitude(filter));
    record.info.path = filter.path() + ".radial";
    return record;
}

Record filterAngular(const Record& filter)
{
    Record record = angularProfile(filterMagnitude(filter));
    record.info.path = filter.path() + ".angular";
    return record;
}

Record kernelRadius(const Record& filter)
{
    const Planes kernels = kernelsOf(filter);
    Record record = derivedRecord(filter, "radius", Kind::Vector, "effective radius of the kernel");
    record.info.unit = "token";
    record.value = Tensor({kernels.channels()});
    record.axes = {{"channel", {}, {}, {}}};
    for (Index c = 0; c < kernels.channels(); ++c) {
        double moment = 0, mass = 0;
        eachDistance(kernels.plane, 1, 1, [&](Index y, Index x, double distance) {
            const auto k = static_cast<double>(kernels.channel(c)[y * kernels.plane.cols + x]);
            moment += k * k * distance * distance;
            mass += k * k;
        });
        record.value.writable()[static_cast<std::size_t>(c)] = static_cast<float>(std::sqrt(moment / mass));
    }
    return record;
}

}
