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

/// Verbs on a FrequencyRegion, the end of their argument; without one it is the whole plane. What a region
/// holds is drawn (equal-energy) from the value that the verb is applied to.
void zero(Tensor& value, const Target& target);
void zeroBack(Tensor& gradient, const Tensor& value, const Target& target);
void gain(Tensor& value, const Target& target);
void gainBack(Tensor& gradient, const Tensor& value, const Target& target);
/// Times exp(i t), t uniform in [0, 2 pi) and opposite at -f; times 1 or -1 where f is its own mirror. Drawn
/// by (seed, path, channel, bin), so that the response that acts is turned by just that.
void randomPhase(Tensor& value, const Target& target);
void randomPhaseBack(Tensor& gradient, const Tensor& value, const Target& target);
/// K becomes |R|, R the response that acts (actingAt()): the same as |fft2(irfft2(K))|.
void magnitude(Tensor& value, const Target& target);
void magnitudeBack(Tensor& gradient, const Tensor& value, const Target& target);
/// K becomes that of another block, as the weights have it.
void from(Tensor& value, const Target& target);

/// Throws UsageError when the argument of such a verb is not what it takes.
void requireStroke(const Edit& edit, std::string_view argument);
/// The block that `from` names.
std::string blockOf(const Edit& edit);

}
