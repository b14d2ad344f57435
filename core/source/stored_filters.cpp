// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/stored_filters.h"

#include <complex>

namespace fovea {

namespace {

constexpr std::string_view leaf = ".weight", parameter = ".complex_weight";

Tensor filterOf(const Tensor& pairs)
{
    const Index bins = pairs.dim(0) * pairs.dim(1), channels = pairs.dim(2);
    Tensor filter({channels, pairs.dim(0), pairs.dim(1)}, DType::C64);
    const auto to = filter.writable<std::complex<float>>();
    const float* from = pairs.data();
    for (Index bin = 0; bin < bins; ++bin)
        for (Index c = 0; c < channels; ++c, from += 2)
            to[static_cast<std::size_t>(c * bins + bin)] = {from[0], from[1]};
    return filter;
}

}

EditPlan::FilterSource storedFilters(const Weights& weights)
{
    return [&weights](const std::string& signal) {
        if (!signal.ends_with(leaf))
            return Tensor();
        const std::string module = signal.substr(0, signal.size() - leaf.size());
        const Tensor* pairs = weights.find(module + std::string(parameter));
        const bool fits = pairs && pairs->dtype() == DType::F32 && pairs->rank() == 4 && pairs->dim(3) == 2;
        return fits ? filterOf(*pairs) : Tensor();
    };
}

}
