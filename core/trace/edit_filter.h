// Verbs for filters in the frequency domain. Only the table of verbs uses them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/edit_verbs.h"

namespace fovea::edits {

bool isSpectrum(const SignalInfo& signal);
/// Zero where sqrt(fy^2 + fx^2) is more than the radius, in cycles per token; the diagonal's end is at .707.
/// It is linear, so that it is its own pull-back too.
void lowpass(Tensor& value, const Target& target);
void lowpassBack(Tensor& gradient, const Tensor& value, const Target& target);

}
