// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/plan.h"

#include "core/trace/patterns.h"

#include <algorithm>
#include <cmath>

namespace fovea::train {

namespace {

/// The parameters that a phase moves; `*` where these are all that there is.
std::vector<std::string> learnedOf(const Manifest& manifest, const std::vector<std::string>& patterns)
{
    std::vector<std::string> names;
    for (const ParameterInfo& info : manifest)
        if (info.role == ParameterRole::Parameter && matchesAny(patterns, info.name))
            names.push_back(info.name);
    return names.size() == manifest.size() ? std::vector<std::string>{"*"} : names;
}

}

std::vector<PlannedPhase> planOf(
    const Architecture& architecture, const Config& config, const TrainingSettings& settings, Index steps)
{
    std::vector<LearningPhase> phases = architecture.learningPhases(config);
    if (phases.empty())
        phases.push_back({"training", 1, config, {"*"}});
    const Manifest manifest = architecture.manifest(config);
    std::vector<PlannedPhase> plan;
    double before = 0;
    Index begin = 0;
    for (LearningPhase& phase : phases) {
        before += phase.share;
        const bool isLast = &phase == &phases.back();
        const Index end = isLast ? steps : std::lround(before * static_cast<double>(steps));
        const std::vector<std::string> learned = learnedOf(manifest, phase.learns);
        if (end > begin || (isLast && plan.empty()))
            plan.push_back({std::move(phase), begin, end, settings.schedule(end - begin), learned});
        begin = end;
    }
    return plan;
}

}
