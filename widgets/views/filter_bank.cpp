// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_bank.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/analysis/filter_response.h"
#include "core/trace/layer_number.h"

#include <algorithm>
#include <numeric>

namespace fovea {

void FilterBank::read(const Session& session)
{
    std::vector<Layer> before;
    std::swap(before, layers_);
    const TracePtr trace = session.slot().trace();
    const std::size_t step = session.selection().step;
    if (!trace || step >= trace->steps.size())
        return;
    for (const RecordPtr& weight : trace->steps[step]->all()) {
        if (weight->kind() != Kind::Filter || !weight->path().ends_with(".weight")
            || weight->value.dtype() != DType::C64 || weight->value.count() == 0)
            continue;
        const auto same = std::ranges::find_if(before, [&](const Layer& one) {
            return one.weight->path() == weight->path() && one.weight->value.identical(weight->value);
        });
        Layer layer = same == before.end() ? Layer{weight, {}, {}, {}, {}, {}} : *same;
        layer.weight = weight;
        layers_.push_back(std::move(layer));
    }
    std::ranges::stable_sort(layers_, {}, [](const Layer& layer) { return layer.weight->info.depth; });
}

QString FilterBank::missing(const Session& session)
{
    const Slot& slot = session.slot();
    if (!slot.weights && !slot.base)
        return tr("Open a model, or drop one here.");
    if (!slot.base)
        return slot.input ? tr("The model is running.")
                          : tr("Drop a picture here: the model has not run yet.");
    return slot.weights ? tr("This model has no spectral filters.")
                        : tr("This trace holds no spectral filter.");
}

void FilterBank::measure(const StopToken& stop)
{
    for (Layer& one : layers_) {
        stop.check();
        if (!one.ranges.empty())
            continue;
        one.magnitude = analysis::filterMagnitude(*one.weight);
        for (Index channel = 0; channel < one.magnitude.value.dim(0); ++channel)
            one.ranges.emplace_back().include(one.magnitude.value.at(channel));
    }
}

bool FilterBank::isMeasured() const
{
    return std::ranges::none_of(layers_, [](const Layer& layer) { return layer.ranges.empty(); });
}

void FilterBank::arrange(const std::string& by, const StopToken& stop)
{
    for (Layer& one : layers_) {
        stop.check();
        if (one.orderedBy == by)
            continue;
        if (by != "stored" && one.bands.empty())
            one.bands = analysis::filterBands(*one.weight);
        if (by == "band") {
            one.order = analysis::orderByBand(one.bands);
        } else if (by == "cluster") {
            one.order = analysis::orderByLikeness(*one.weight);
        } else {
            one.order.resize(static_cast<std::size_t>(one.weight->value.dim(0)));
            std::iota(one.order.begin(), one.order.end(), 0);
        }
        one.orderedBy = by;
    }
}

bool FilterBank::isArranged(const std::string& by) const
{
    return std::ranges::all_of(layers_, [&](const Layer& layer) { return layer.orderedBy == by; });
}

bool FilterBank::isSame(const FilterBank& other) const
{
    return std::ranges::equal(layers_, other.layers_, {}, &Layer::weight, &Layer::weight);
}

bool FilterBank::isEdited() const
{
    return std::ranges::any_of(layers_, [](const Layer& layer) { return layer.weight->edited; });
}

int FilterBank::mostChannels() const
{
    int most = 0;
    for (int layer = 0; layer < layers(); ++layer)
        most = std::max(most, channels(layer));
    return most;
}

int FilterBank::channelOf(int layer, const Selection& selection) const
{
    return std::clamp(selection.channel, 0, std::max(0, channels(layer) - 1));
}

int FilterBank::layerOf(const std::string& path) const
{
    const auto found
        = std::ranges::find(layers_, path, [](const Layer& layer) { return layer.weight->path(); });
    return found == layers_.end() ? -1 : static_cast<int>(found - layers_.begin());
}

QString FilterBank::name(int layer) const { return layerMark(layerNumber(weight(layer)->info, layer)); }

QString bandText(analysis::Band band) { return coreText(analysis::bandName(band)); }

QColor bandColor(analysis::Band band, const Style& style)
{
    return band == analysis::Band::Other ? style.grid
                                         : curveColor(static_cast<std::size_t>(band), style.ground);
}

}
