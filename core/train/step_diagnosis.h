// Which tensor of a training step went wrong first, and whether data and architecture fit. Only core/train
// includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/trainer.h"

namespace fovea::train {

/// Watches everything and remembers the first signal or gradient of a signal that holds NaN or infinity.
class FiniteProbe final : public Probe {
public:
    Want wants(std::string_view, std::size_t) override { return Want::Value; }
    Tensor show(const Shown& shown, const Tensor& value) override
    {
        if (first_.empty() && !allFinite(value))
            first_ = shown.path;
        return value;
    }
    const std::string& first() const { return first_; }

private:
    std::string first_;
};

/// "parameter 'norm.weight'" or "moment 'second.norm.weight'"; empty: all are finite.
std::string firstNonFinite(const TrainState& state);
/// The gradient that a backward reached first: the last in the order in which parameters are read.
std::string lastNonFinite(const NamedTensors& gradients);
/// Throws Error naming the field where data and architecture do not fit.
void requireFit(const Architecture& architecture, const Config& config, const DataSet& data);

}
