// What the brush has measured in the background, and shows when it is there.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include <algorithm>

namespace fovea {

void FilterBrushView::measure()
{
    if (!missing().isEmpty() || !session().slot().base || layer_ < 0)
        return;
    measureMaps();
    measureControls();
}

/// Before and after the edits of the run that is there; before is kept while the same is shown.
void FilterBrushView::measureMaps()
{
    const Slot& slot = session().slot();
    const std::string path = shows_.path.substr(0, shows_.path.rfind('.')) + ".out";
    mapsProblem_.clear();
    mapsJob_->start(
        tr("Filtering"),
        [slot, services = session().services(), path, hasBefore = mapBefore_.defined()](
            const Job::Context& context) {
            return std::pair(hasBefore ? nullptr : signalOf(slot, services, slot.base, path, context),
                slot.edited ? signalOf(slot, services, slot.edited, path, context) : nullptr);
        },
        [this, shows = shows_](const std::pair<RecordPtr, RecordPtr>& maps) {
            if (!(shows == shows_))
                return;
            if (maps.first)
                mapBefore_ = mapOf(maps.first, shows);
            mapAfter_ = maps.second ? mapOf(maps.second, shows) : mapBefore_;
            update();
        });
}

void FilterBrushView::forgetControls()
{
    effectsJob_->cancel();
    effects_ = {};
    effectsProblem_.clear();
}

void FilterBrushView::measureControls()
{
    const Slot& slot = session().slot();
    const bool hasStroke
        = std::ranges::any_of(slot.edits, [](const Edit& edit) { return regionOf(edit).has_value(); });
    forgetControls();
    // while it is drawn the run itself has the threads
    if (isDown_ || rest_->isActive() || !hasStroke || !isRunOfEdits(slot) || !areLogits(slot.base->output))
        return;
    effectsJob_->start(
        tr("Cutting at random"),
        [slot, services = session().services()](
            const Job::Context& context) { return measureEffects(slot, services, context); },
        [this, shows = shows_, edits = slot.edits](const BrushEffects& effects) {
            if (shows == shows_ && edits == session().slot().edits)
                effects_ = effects;
            update();
        });
}

}
