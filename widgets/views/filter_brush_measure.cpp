// What the brush has measured in the background, and shows when it is there; and all of it as records.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"
#include "widgets/views/reading.h"

#include <algorithm>

namespace fovea {

namespace {

/// A row for each run, a column for each class: the logits, and what edits change of them.
Record logitsRecord(const std::string& path, const BrushLogits& logits)
{
    std::vector<Tensor> rows{logits.before};
    QStringList names{QStringLiteral("logit without edits")};
    if (logits.after.defined()) {
        rows.push_back(differenceOf(logits.after, logits.before));
        names << QStringLiteral("change by the edits");
    }
    for (const auto* changes : {&logits.controls.number, &logits.controls.energy})
        for (std::size_t seed = 0; seed < changes->size() && logits.controls.isKnown(); ++seed) {
            rows.push_back((*changes)[seed]);
            names << (changes == &logits.controls.number ? QStringLiteral("change, equal number %1")
                                                         : QStringLiteral("change, equal energy %1"))
                         .arg(seed);
        }
    Tensor all({static_cast<Index>(rows.size()), logits.before.count()});
    auto to = all.writable().begin();
    for (const Tensor& row : rows)
        to = std::ranges::copy(row.values<float>(), to).out;
    Record record = namedRecord(path, Kind::Matrix, all, "logits and their changes");
    nameAxis(record, 0, "runs", names);
    QStringList classes;
    for (int label = 0; label < logits.before.count(); ++label)
        classes << logits.name(label);
    nameAxis(record, 1, "class", classes);
    return record;
}

}

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

std::vector<Record> FilterBrushView::data() const
{
    if (!missing().isEmpty())
        return {};
    const std::string path = shows_.path + "." + std::to_string(shows_.channel);
    std::vector<Record> all;
    const auto add
        = [&](const char* leaf, const Tensor& value, const char* role, const std::vector<Axis>& axes = {}) {
              if (!value.defined())
                  return;
              all.push_back(namedRecord(path + leaf, Kind::Matrix, value, role));
              if (!axes.empty())
                  all.back().axes = axes;
          };
    add(".magnitude.before", pictures_.before.magnitude, "magnitude", pictures_.frequencies);
    add(".magnitude.after", pictures_.after.magnitude, "magnitude", pictures_.frequencies);
    add(".kernel.before", pictures_.before.kernel, "kernel", pictures_.offsets);
    add(".kernel.after", pictures_.after.kernel, "kernel", pictures_.offsets);
    add(".filtered.before", mapBefore_, "filtered map");
    add(".filtered.after", mapAfter_, "filtered map");
    if (const TracePtr& base = session().slot().base; base && areLogits(base->output))
        all.push_back(logitsRecord(path + ".logits", logitsOf(session().slot(), effects_)));
    return all;
}

}
