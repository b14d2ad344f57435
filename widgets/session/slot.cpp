// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/slot.h"

#include "core/image/picture.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

void requireFinite(const InputData& input)
{
    const auto values = input.values.values<float>();
    const auto bad = std::ranges::find_if(values, [](float v) { return !std::isfinite(v); });
    if (bad == values.end())
        return;
    std::vector<Index> at; // the element's place along each axis
    auto i = static_cast<Index>(bad - values.begin());
    for (int axis = input.values.rank() - 1; axis >= 0; i /= input.values.dim(axis--))
        at.insert(at.begin(), i % input.values.dim(axis));
    throw Error(input.path,
        "input: expected finite numbers, found " + std::string(std::isnan(*bad) ? "NaN" : "infinity") + " at "
            + Shape(at).text());
}

/// Cut and sized as the picture, [y, x].
PictureMask preparedMask(const PictureMask& mask, const Preprocess& how, Index channels)
{
    const Tensor seen = image::prepare(mask.coverage, how, channels).picture;
    PictureMask flat{mask.label, Tensor({seen.dim(0), seen.dim(1)}, DType::U8)};
    const auto from = seen.values<std::uint8_t>();
    const auto to = flat.coverage.writable<std::uint8_t>();
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = from[3 * i];
    return flat;
}

}

Tensor ModelInput::maskOf(const std::string& label) const
{
    const auto found = std::ranges::find(masks, label, &PictureMask::label);
    return found == masks.end() ? Tensor() : found->coverage;
}

ModelInput prepareInput(const InputData& input, const Architecture& architecture, const Weights& weights)
{
    const Shape sample = architecture.inputShape(weights.config());
    if (input.picture.defined()) {
        if (sample.rank() != 3)
            throw Error(input.path, "this model reads " + sample.text() + ", not pictures");
        const auto ready = image::prepare(input.picture, weights.parts().preprocess, sample[0]);
        if (ready.input.shape().tail() != sample)
            throw Error("preprocess: gives " + ready.input.shape().tail().text() + ", the model reads "
                + sample.text());
        ModelInput prepared{ready.input, ready.picture};
        for (const PictureMask& mask : input.masks)
            prepared.masks.push_back(preparedMask(mask, weights.parts().preprocess, sample[0]));
        return prepared;
    }
    std::vector<Index> extents{1};
    extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
    const Shape batch{extents};
    if (input.values.shape() != sample && input.values.shape() != batch)
        throw Error(input.path,
            "input: expected " + sample.text() + " or " + batch.text() + ", found "
                + input.values.shape().text());
    requireFinite(input);
    return {input.values.reshaped(batch), {}};
}

}
