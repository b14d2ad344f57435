// The tensors that an architecture reads for a config: name, shape, how a fresh one is filled, role. It holds
// no numbers: those are Weights.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"
#include "core/source/weights.h"
#include "core/tensor/tensor.h"

#include <string>
#include <vector>

namespace fovea {

/// How a fresh tensor is filled. `scale`: the constant, the standard deviation, or the bound.
struct Initialiser {
    enum class Rule { Constant, Normal, TruncatedNormal, Uniform } rule = Rule::Constant;
    double scale = 0;
};

/// `State` is what changes between calls (BatchNorm statistics, centroids, recurrent memory).
enum class ParameterRole { Parameter, State };

struct ParameterInfo {
    std::string name; ///< the official state_dict's
    Shape shape;
    Initialiser initialiser;
    ParameterRole role = ParameterRole::Parameter;
};

using Manifest = std::vector<ParameterInfo>;

/// Fresh tensors for a manifest. Each is a function of (seed, its own name): order does not matter. Throws
/// Cancelled when it is stopped.
FOVEA_API NamedTensors freshParameters(
    const Manifest& manifest, std::uint64_t seed, const StopToken& stop = {});

/// How the tensors of a file meet a manifest.
struct TensorReport {
    /// Accepted: nothing to use and nothing lost (another name of a matched tensor, a constant buffer).
    enum class State { Matched, Missing, WrongShape, Unused, Accepted } state;
    std::string name; ///< the manifest's name; the file's for Unused
    std::string source; ///< the name in the file, or the one that it should have there
    std::string detail; ///< "expected [192, 768], found [192, 512]"
    bool hasNonFinite = false;
};

/// Compares names and shapes. `tensors` are already under the manifest's names.
FOVEA_API std::vector<TensorReport> compare(const Manifest& manifest, const NamedTensors& tensors);
/// Names the first tensor that is missing, misshapen or without a place, and how many more there are; empty
/// when there is none.
FOVEA_API std::string problemIn(const std::vector<TensorReport>& report);

}
