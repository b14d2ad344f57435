// One update of a matrix by SGD with momentum or by Adam, as PyTorch makes it. It knows neither losses nor
// labs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/settings.h"

#include "core/run/run.h"
#include "core/tensor/named_tensors.h"

#include <span>
#include <string>

namespace fovea::plugin::scan_snap {

/// Adds the moments of a matrix f64 [rows, M] of that name, all zero: `<name>.momentum`, or for Adam
/// `<name>.first` and `<name>.second`.
void addMoments(NamedTensors& state, const std::string& name, const Shape& shape, bool isAdam);

/// The matrix of that name and its moments after update `step` (from 0), in `after`; the gradient has the
/// moments' shape, and rows of the matrix behind it stay.
///     SGD:  v <- momentum v + g;  w <- w - rate v
///     Adam: m <- .9 m + .1 g;  v <- .999 v + .001 g^2;  w <- w - rate m' / (sqrt(v') + 1e-8), m' and v'
///     being
///           m / (1 - .9^t) and v / (1 - .999^t), t = step + 1
/// A number that had no gradient yet does not move, in either: nothing needs to know which ones did.
struct Update {
    const Optimiser& optimiser;
    double rate;
    Index step;
};
void makeUpdate(Run& run, const Update& update, const std::string& name, std::span<const double> gradient,
    const NamedTensors& before, NamedTensors& after);

}
