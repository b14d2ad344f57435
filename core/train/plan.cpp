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

void requireKnown(const std::vector<RateFactor>& rates, const Manifest& manifest)
{
    for (const RateFactor& rate : rates)
        if (std::ranges::none_of(
                manifest, [&](const ParameterInfo& info) { return matches(rate.pattern, info.name); }))
            throw Error("field 'rates': no parameter is called '" + rate.pattern + "', as '"
                + manifest.front().name + "' is");
}

}

std::vector<PlannedPhase> planOf(const Architecture& architecture, const Config& config,
    const TrainingSettings& settings, TrainingLength length)
{
    std::vector<LearningPhase> phases = architecture.learningPhases(config);
    if (phases.empty())
        phases.push_back({"training", 1, config, {"*"}});
    const Manifest manifest = architecture.manifest(config);
    requireKnown(settings.optimiser.rates, manifest);
    std::vector<PlannedPhase> plan;
    double before = 0;
    Index begin = 0;
    for (LearningPhase& phase : phases) {
        before += phase.share;
        const bool isLast = &phase == &phases.back();
        const Index end = isLast ? length.steps : std::lround(before * static_cast<double>(length.steps));
        const std::vector<std::string> learned = learnedOf(manifest, phase.learns);
        if (end > begin || (isLast && plan.empty()))
            plan.push_back(
                {std::move(phase), begin, end, settings.schedule(end - begin, length.perEpoch), learned});
        begin = end;
    }
    return plan;
}

}
