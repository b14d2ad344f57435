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
            {"random_seed", std::int64_t{0}, "Seed of the random order", 0, 1'000'000'000},
        };
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }();
    return schema;
}

}
