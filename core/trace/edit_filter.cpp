// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit_filter.h"

#include "core/trace/frequency.h"

#include <array>
#include <cmath>
#include <complex>

namespace fovea::edits {

bool isSpectrum(const SignalInfo& signal)
{
    return signal.kind == Kind::Filter && signal.domain.ends_with("spectrum");
}

void lowpass(Tensor& value, const Target& target)
{
    // an edge that is meant to be kept, as 3/14 written in decimals, is kept
    const double radius = static_cast<double>(*numberIn(target.edit.args[0])) + 1e-6;
    const Index channels = value.dim(1), rows = value.dim(2), bins = value.dim(3);
    const Index cols = planeWidth(target.domain, bins, target.layout.get());
    const auto values = value.writable<std::complex<float>>();
    for (const Selection& selection : target.selections)
        for (Index i = 0; i < value.count(); ++i) {
            const std::array<Index, 4> at{
                i / (bins * rows * channels), i / (bins * rows) % channels, i / bins % rows, i % bins};
            bool isSelected = true;
            for (std::size_t axis = 0; axis < at.size(); ++axis)
                isSelected = isSelected && (selection[axis] < 0 || selection[axis] == at[axis]);
            if (isSelected && std::hypot(cyclesPerToken(at[2], rows), cyclesPerToken(at[3], cols)) > radius)
                values[static_cast<std::size_t>(i)] = 0;
        }
}

void lowpassBack(Tensor& gradient, const Tensor&, const Target& target) { lowpass(gradient, target); }

}
