// How the recording of a lab's run stays within its budgets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/recording.h"
#include "core/source/recording_cost.h"

#include <algorithm>

namespace fovea {

void LabWalk::keepState()
{
    run_.checkpoints.push_back({run_.done, run_.state});
    run_.stateBytes += costOf(*run_.state);
    while (run_.stateBytes > options_.stateBudget && run_.checkpoints.size() > 2)
        thinStates();
}

void LabWalk::thinStates()
{
    run_.checkpointEvery *= 2;
    std::erase_if(run_.checkpoints, [&](const Checkpoint& checkpoint) {
        return checkpoint.step != run_.from && checkpoint.step % run_.checkpointEvery != 0;
    });
    run_.stateBytes = 0;
    for (const Checkpoint& checkpoint : run_.checkpoints)
        run_.stateBytes += costOf(*checkpoint.state);
}

void LabWalk::keep(const StepPtr& step)
{
    if (!steps_.empty()) { // while it was the last one it was whole, to be seen
        const StepPtr& last = steps_.back();
        if (isOwn(last->step()) && !isWhole(last->step()) && !last->isLightened()) {
            const StepPtr light = last->lightened(RecordingOptions::lightBytes);
            run_.recordBytes -= std::min(run_.recordBytes, costOf(*last) - costOf(*light));
            steps_.replace(steps_.size() - 1, light);
        }
    }
    steps_.push_back(step);
    run_.recordBytes += costOf(*step);
    for (int rounds = 0; run_.recordBytes > options_.recordBudget && rounds < 8; ++rounds)
        thinRecords();
}

/// Half of the large records goes, or, when small ones fill the budget, half of the recorded steps.
void LabWalk::thinRecords()
{
    std::size_t light = 0;
    for (const StepPtr& step : steps_)
        if (isOwn(step->step()))
            for (const RecordPtr& record : step->all())
                light += record->byteSize() <= RecordingOptions::lightBytes
                    ? record->byteSize() + recordOverhead
                    : 0;
    if (light > options_.recordBudget / 2) {
        run_.every *= 2;
        run_.wholeEvery = std::max<Index>(1, run_.wholeEvery / 2);
    } else {
        run_.wholeEvery *= 2;
    }
    dropSteps();
}

void LabWalk::dropSteps()
{
    std::vector<StepPtr> kept;
    run_.recordBytes = 0;
    for (const StepPtr& step : steps_) {
        const bool isLast = step == steps_.back();
        if (isOwn(step->step()) && !isLast && step->step() % run_.every != 0)
            continue;
        const bool stays = !isOwn(step->step()) || isLast || isWhole(step->step()) || step->isLightened();
        kept.push_back(stays ? step : step->lightened(RecordingOptions::lightBytes));
        run_.recordBytes += isOwn(step->step()) ? costOf(*kept.back()) : 0;
    }
    steps_ = std::move(kept);
}

}
