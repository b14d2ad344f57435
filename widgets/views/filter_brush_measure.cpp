// What the brush has measured in the background, and shows when it is there.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include <algorithm>

namespace fovea {

void FilterBrushView::measure()
{
    effects_ = {};
    const Slot& slot = session().slot();
    if (!missing().isEmpty() || !slot.base || layer_ < 0)
        return;
    const std::string weight = bank_.weight(layer_)->path(),
                      path = weight.substr(0, weight.rfind('.')) + ".out";
    mapsJob_->start(
        tr("Filtering"),
        [slot, services = session().services(), path](const Job::Context& context) {
            return std::pair(signalOf(slot, services, slot.base, path, context),
                slot.edited ? signalOf(slot, services, slot.edited, path, context) : nullptr);
        },
        [this](const std::pair<RecordPtr, RecordPtr>& maps) {
            takeMap(maps.first, before_.map);
            takeMap(maps.second ? maps.second : maps.first, after_.map);
            update();
        });
    const bool hasStroke
        = std::ranges::any_of(slot.edits, [](const Edit& edit) { return regionOf(edit).has_value(); });
    if (slot.edited && hasStroke && !isDown_) // while it is drawn the run itself has the threads
        effectsJob_->start(
            tr("Cutting at random"),
            [slot, services = session().services()](
                const Job::Context& context) { return measureEffects(slot, services, context); },
            [this](const BrushEffects& effects) {
                effects_ = effects;
                update();
            });
    else
        effectsJob_->cancel();
}

/// The shown channel of tokens on a grid.
void FilterBrushView::takeMap(const RecordPtr& tokens, Tensor& map) const
{
    if (!tokens || tokens->kind() != Kind::Tokens || tokens->value.rank() != 2 || !tokens->queries
        || tokens->value.dim(0) != plane_.rows * plane_.cols || shownChannel_ >= tokens->value.dim(1))
        return;
    map = Tensor({plane_.rows, plane_.cols});
    const Index channels = tokens->value.dim(1);
    for (Index i = 0; i < map.count(); ++i)
        map.writable()[static_cast<std::size_t>(i)] = tokens->value.data()[i * channels + shownChannel_];
}

}
