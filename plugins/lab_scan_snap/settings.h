// What a run of the lab is asked for, read from its Config and checked. It computes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"

namespace fovea::plugin::scan_snap {

/// How the course of training is made: the official one with its samples, its mean for sequences without end,
/// or the paper's reduced equations.
enum class Simulator { Sgd, Population, Ode };

/// The layout of tokens and how probable they are, before they are normalised.
struct Language {
    int queries = 2, labelsPerQuery = 1;
    int common = 10, commonPerQuery = 0, distinct = 10; ///< distinct: of each class
    double commonWeight = 1, distinctFrom = 0.1, distinctTo = 1;
    int vocabulary = 0; ///< M; 0: as many as there are
    bool operator==(const Language&) const = default;
};

struct Optimiser {
    bool isAdam = false;
    double rateY = 1, rateZ = 1, momentum = 0.9;
};

/// Switches of the model.
struct Form {
    bool isNormalised = true, hasResidual = false, includesQuery = false;
};

struct Settings {
    explicit Settings(const Config& config);

    Simulator simulator = Simulator::Sgd;
    Language language;
    Optimiser optimiser;
    Form form;
    bool startsRandom = false;
    int length = 128, batch = 128; ///< tokens of a sequence with its query; sequences of a step
    bool isOriginal = false; ///< reduced equations: the decoder's own gradient, not the whitened one
    double timeStep = 0.05; ///< of the reduced equations
    double recallFrom = 0.028, recallTo = 0.038;
    int theorySteps = 100, theoryPoints = 1; ///< points of the curves in each step
    double frozenNorm = 0; ///< rho_0 of the theory; 0: of the layout
    bool isAsPrinted = false; ///< B as Equation 14 prints it
};

Schema settingsSchema();
/// Whether a run may change a field on its way.
bool canChangeSetting(std::string_view field);

}
