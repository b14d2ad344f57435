// Golden vectors of official implementations: weights and inputs follow a rule of their names, so that no
// checkpoint is needed (shared/golden/README.md). Any plugin's parity test uses this.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <QString>

#include <map>

namespace fovea::test {

/// FNV-1a, 32 bit, of a name: the seed of its numbers.
std::uint32_t ruleSeed(std::string_view name);
/// Element i of a seed, in [-1, 1).
double ruleNumber(std::uint32_t seed, std::uint32_t element);

/// A parameter by its name and shape.
Tensor ruleParameter(const std::string& name, const Shape& shape);
/// A network's input, `shape` with batch axis. The rule's name for it is "input".
Tensor ruleInput(const Shape& shape, const std::string& name = "input");
/// All parameters that an architecture wants for a config.
WeightsPtr ruleWeights(const Architecture& architecture, const Config& config);

/// What a golden file says of one signal.
struct Capture {
    std::string path; ///< ours: module X is X.out, X.attn_drop is X.pattern, the output is logits
    Index count = 0;
    double mean = 0, l2 = 0;
    std::vector<double> first, last;
    std::map<Index, double> largest; ///< some elements of largest magnitude; the project's own fixtures
};

struct Golden {
    Shape inputShape; ///< with batch axis
    std::string config; ///< JSON, of the project's own fixtures; empty in the official files
    std::vector<Capture> captures;
};

Golden readGolden(const QString& file);

/// What tools/make_gradient_goldens.py writes: gradients of `cotangent` . logits, where ruleInput() gives
/// both.
struct GoldenGradients {
    Shape inputShape; ///< with batch axis
    std::string config; ///< JSON
    std::vector<std::string> edits;
    Index sample = 0; ///< whose signals' gradients are captured
    std::vector<Capture> signalGradients; ///< by the signal's path
    std::vector<Capture> parameters;
    Capture input;
};

GoldenGradients readGoldenGradients(const QString& file);

/// Where `found` differs most from a capture by more than `tolerance` of its root mean square; empty:
/// nowhere.
QString difference(const std::vector<double>& found, const Capture& golden, double tolerance);

/// Walks the trace's signals in the order of execution. Says of the first that differs from the golden
/// file by more than `tolerance` (relative to its root mean square) where and by how much; also when a
/// capture has no record. Empty: all agree.
QString firstDivergence(const Trace& trace, const Golden& golden, double tolerance);

}
