// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_pictures.h"

#include "widgets/views/brush_stroke.h"

#include "core/analysis/filter_response.h"
#include "core/source/stored_filters.h"

#include <algorithm>
#include <functional>

namespace fovea {

namespace {

std::span<const std::complex<float>> valuesOf(const Record& channel)
{
    return channel.value.values<std::complex<float>>();
}

/// A record of one channel of a filter alone.
Record channelOf(const Record& weight, const Tensor& all, Index channel)
{
    Record one = weight;
    const Index size = all.count() / all.dim(0);
    one.value = Tensor({1, all.dim(1), all.dim(2)}, DType::C64);
    std::ranges::copy(all.values<std::complex<float>>().subspan(
                          static_cast<std::size_t>(channel * size), static_cast<std::size_t>(size)),
        one.value.writable<std::complex<float>>().begin());
    return one;
}

std::vector<Edit> editsOn(const Slot& slot, const BrushSubject& subject)
{
    std::vector<Edit> edits;
    for (const Edit& edit : slot.edits)
        if (isOf(edit, subject.path, subject.channel) && edit.verb != "patch")
            edits.push_back(edit);
    return edits;
}

/// The filter without edits, of the shape of what is shown.
Tensor storedOf(const Slot& slot, const Record& weight)
{
    const RecordPtr base = slot.base ? slot.base->find(weight.path()) : nullptr;
    for (const Tensor& one : {storedFilters(*slot.weights)(weight.path()), base ? base->value : Tensor()})
        if (one.defined() && one.shape() == weight.value.shape())
            return one;
    return weight.value;
}

Tensor editedOf(const Slot& slot, const Record& weight, const Tensor& stored, const std::vector<Edit>& edits)
{
    try {
        EditPlan plan(edits, slot.signalInfos(), slot.architecture->blocks(slot.weights->config()), {},
            storedFilters(*slot.weights));
        const Shown shown{.path = weight.info.path, .queries = weight.queries};
        return plan.apply(shown, stored.reshaped(Shape{1, stored.dim(0), stored.dim(1), stored.dim(2)}))
            .at(0);
    } catch (const std::exception&) {
        return stored;
    }
}

BrushPictures::Side sideOf(const Record& channel)
{
    return {analysis::filterMagnitude(channel).value.at(0), analysis::filterKernel(channel).value.at(0)};
}

std::vector<Axis> planeAxes(const Record& grid) { return {grid.axes[1], grid.axes[2]}; }

BrushPictures::Likeness likenessOf(const BrushSubject& subject, const Record& channel, FrequencyRegion region)
{
    const auto tally = [&](const Bins& bins) { return tallyOf(subject.plane, valuesOf(channel), bins); };
    const Bins own = region.bins(subject.plane);
    const BinTally wanted = tally(own);
    BrushPictures::Likeness mean;
    region.draw = FrequencyRegion::Draw::EqualEnergy;
    for (int seed = 0; seed < controlSeeds && wanted.energy > 0; ++seed) {
        region.seed = static_cast<std::uint64_t>(seed);
        Bins drawn = region.bins(subject.plane, valuesOf(channel), subject.path, subject.channel);
        mean.energy += tally(drawn).energy / wanted.energy / controlSeeds;
        std::ranges::transform(drawn, own, drawn.begin(), std::bit_and<>());
        mean.shared += static_cast<double>(tally(drawn).frequencies) / static_cast<double>(wanted.frequencies)
            / controlSeeds;
    }
    return mean;
}

/// Where the last stroke on this channel is. A mask of another plane is nowhere.
void takeRegion(BrushPictures& pictures, const BrushSubject& subject, const Record& channel,
    const std::vector<Edit>& edits)
{
    const auto last = std::find_if(
        edits.rbegin(), edits.rend(), [](const Edit& edit) { return regionOf(edit).has_value(); });
    if (last == edits.rend())
        return;
    const FrequencyRegion region = *regionOf(*last);
    try {
        pictures.region = region.bins(subject.plane, valuesOf(channel), subject.path, subject.channel);
        pictures.control = likenessOf(subject, channel, region);
    } catch (const std::exception&) {
        pictures.region.clear();
    }
}

}

BrushPictures picturesOf(const Slot& slot, const BrushSubject& subject, const Record& weight)
{
    const std::vector<Edit> edits = editsOn(slot, subject);
    const Tensor before = storedOf(slot, weight);
    const Record channel = channelOf(weight, before, subject.channel);
    BrushPictures pictures;
    pictures.before = sideOf(channel);
    pictures.frequencies = planeAxes(analysis::filterMagnitude(channel));
    pictures.offsets = planeAxes(analysis::filterKernel(channel));
    pictures.after = sideOf(channelOf(weight, editedOf(slot, weight, before, edits), subject.channel));
    takeRegion(pictures, subject, channel, edits);
    return pictures;
}

Tensor mapOf(const RecordPtr& tokens, const BrushSubject& subject)
{
    const FrequencyPlane& plane = subject.plane;
    if (!tokens || tokens->kind() != Kind::Tokens || tokens->value.rank() != 2 || !tokens->queries
        || tokens->value.dim(0) != plane.rows * plane.cols || subject.channel >= tokens->value.dim(1))
        return {};
    Tensor map({plane.rows, plane.cols});
    const Index channels = tokens->value.dim(1);
    for (Index i = 0; i < map.count(); ++i)
        map.writable()[static_cast<std::size_t>(i)] = tokens->value.data()[i * channels + subject.channel];
    return map;
}

}
