// FFTW in single precision: what to transform, said by strides, and the plan for it. It holds no data and is
// the only place that knows FFTW.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <array>
#include <compare>

struct fftwf_plan_s;

namespace fovea::fft {

/// One loop: how often, and how far apart its elements are where they are read and where they are written.
/// In elements of the respective array, floats or pairs of them.
struct Loop {
    int count = 1, from = 0, to = 0;
    auto operator<=>(const Loop&) const = default;
};

/// X[k] = sum_n x[n] exp(-+ 2 pi i k n / N) along both transformed loops, not normalised, at every place of
/// the repeated ones. A loop that is not needed has its default. RealToHalf keeps the bins 0..N/2 of the
/// second transformed loop, whose count is N; HalfToReal reads them, and uses up what it reads.
struct FftJob {
    enum class Kind { Forward, Backward, RealToHalf, HalfToReal } kind = Kind::Forward;
    std::array<Loop, 2> transformed{}, repeated{};
    bool isInPlace = false;
    auto operator<=>(const FftJob&) const = default;
};

/// Made once for each job and kept. Planned by estimate, so that its bits do not depend on the hour.
class FOVEA_API FftPlan {
public:
    explicit FftPlan(const FftJob& job);
    ~FftPlan();
    FftPlan(const FftPlan&) = delete;
    FftPlan& operator=(const FftPlan&) = delete;

    /// Both arrays begin at a multiple of 16 bytes. Threads may use one plan at once.
    void operator()(const void* from, void* to) const;

private:
    FftJob::Kind kind_;
    fftwf_plan_s* plan_;
};

/// The plan of a job. Lives as long as the program; any thread may ask.
FOVEA_API const FftPlan& planFor(const FftJob& job);

}
