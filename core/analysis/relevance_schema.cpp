// The options of the relevance methods.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance.h"
#include "core/analysis/rollout.h"

namespace fovea::analysis {

const Schema& relevanceSchema()
{
    static const Schema schema = [] {
        Schema fields = rolloutSchema();
        const Schema more{
            {"relevance_read", std::string("auto"),
                "Token whose row of the attention methods is read: its name, mean over all, or auto: the "
                "first "
                "special token and, without one, the mean",
                0, 0, {}, {"auto", "mean", "cls", "dist"}, true},
            {"occlusion_fill", std::string("mean"), "What stands where occlusion takes a patch away", 0, 0,
                {}, {"sequence", "mean", "blur", "zero"}},
            {"cam_signal", std::string("auto"),
                "Tokens signal that Grad-CAM weighs; auto: the last block's norm1.out", 0, 0, {}, {"auto"},
                true},
            {"noise_samples", std::int64_t{25}, "Noisy copies of the picture for SmoothGrad", 1, 10000},
            {"noise_sigma", 0.15, "Standard deviation of SmoothGrad's noise, as a share of the input's range",
                0, 10},
            {"noise_seed", std::int64_t{0}, "Seed of SmoothGrad's noise", 0, 1'000'000'000},
            {"path_steps", std::int64_t{32}, "Steps of the integrated gradients", 1, 10000},
            {"path_baseline", std::string("zero"), "Where the path of the integrated gradients begins", 0, 0,
                {}, {"zero", "mean", "blur"}},
            {"removal", std::string("sequence"),
                "How patches are taken away for deletion, insertion and single effects; none: no such "
                "numbers",
                0, 0, {}, {"sequence", "mean", "blur", "zero", "none"}},
            {"removal_steps", std::int64_t{28}, "Points of the deletion and insertion curves", 1, 10000},
            {"random_seed", std::int64_t{0}, "Seed of the random order", 0, 1'000'000'000},
            {"random_draws", std::int64_t{39},
                "Further random orders of a picture, whose range stands beside the numbers: 95 % of 39; 0: "
                "none",
                0, 1000},
        };
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }();
    return schema;
}

}
