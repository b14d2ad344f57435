// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fft/plan.h"

#include "core/tensor/error.h"

#include <fftw3.h>

#include <cassert>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace fovea::fft {

namespace {

using Kind = FftJob::Kind;

/// FFTW's planner is not to be entered twice, not even to give a plan back.
std::mutex& planner()
{
    static std::mutex mutex;
    return mutex;
}

std::array<fftwf_iodim, 2> dimsOf(const std::array<Loop, 2>& loops)
{
    return {fftwf_iodim{loops[0].count, loops[0].from, loops[0].to},
        fftwf_iodim{loops[1].count, loops[1].from, loops[1].to}};
}

/// Planning by estimate looks at where arrays begin and touches nothing in them.
fftwf_plan planned(const FftJob& job)
{
    alignas(64) static std::array<float, 16> one, other;
    float *from = one.data(), *to = job.isInPlace ? from : other.data();
    const auto complex = [](float* at) { return reinterpret_cast<fftwf_complex*>(at); };
    const auto n = dimsOf(job.transformed), times = dimsOf(job.repeated);
    switch (job.kind) {
    case Kind::RealToHalf:
        return fftwf_plan_guru_dft_r2c(2, n.data(), 2, times.data(), from, complex(to), FFTW_ESTIMATE);
    case Kind::HalfToReal:
        return fftwf_plan_guru_dft_c2r(2, n.data(), 2, times.data(), complex(from), to, FFTW_ESTIMATE);
    default:
        return fftwf_plan_guru_dft(2, n.data(), 2, times.data(), complex(from), complex(to),
            job.kind == Kind::Forward ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE);
    }
}

[[maybe_unused]] bool isAligned(const void* at) { return reinterpret_cast<std::uintptr_t>(at) % 16 == 0; }

}

FftPlan::FftPlan(const FftJob& job)
    : kind_(job.kind)
    , plan_(planned(job))
{
    if (!plan_)
        throw Error("FFTW has no plan for " + std::to_string(job.transformed[0].count) + " x "
            + std::to_string(job.transformed[1].count));
}

FftPlan::~FftPlan() { fftwf_destroy_plan(plan_); }

void FftPlan::operator()(const void* from, void* to) const
{
    assert(isAligned(from) && isAligned(to));
    float* read = const_cast<float*>(static_cast<const float*>(from)); // only HalfToReal writes there
    const auto complex = [](void* at) { return static_cast<fftwf_complex*>(at); };
    switch (kind_) {
    case Kind::RealToHalf:
        return fftwf_execute_dft_r2c(plan_, read, complex(to));
    case Kind::HalfToReal:
        return fftwf_execute_dft_c2r(plan_, complex(read), static_cast<float*>(to));
    default:
        return fftwf_execute_dft(plan_, complex(read), complex(to));
    }
}

const FftPlan& planFor(const FftJob& job)
{
    const std::lock_guard lock(planner());
    static std::map<FftJob, std::unique_ptr<const FftPlan>> plans;
    std::unique_ptr<const FftPlan>& plan = plans[job];
    if (!plan)
        plan = std::make_unique<const FftPlan>(job);
    return *plan;
}

}
