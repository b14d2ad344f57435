// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/slot.h"

#include "core/image/picture.h"
#include "core/tensor/error.h"

namespace fovea {

ModelInput prepareInput(const InputData& input, const Architecture& architecture, const Weights& weights)
{
    const Shape sample = architecture.inputShape(weights.config());
    if (input.picture.defined()) {
        if (sample.rank() != 3)
            throw Error(input.path, "this model reads " + sample.text() + ", not pictures");
        const auto ready = image::prepare(input.picture, weights.parts().preprocess, sample[0]);
        if (ready.input.shape().tail() != sample)
            throw Error(weights.architecture() + " weights",
                "preprocess: gives " + ready.input.shape().tail().text() + ", the model reads "
                    + sample.text());
        return {ready.input, ready.picture};
    }
    if (input.values.rank() == sample.rank() + 1 && input.values.shape().tail() == sample)
        return {input.values, {}};
    if (input.values.shape() != sample)
        throw Error(input.path,
            "input: expected " + sample.text() + " or a batch of them, found " + input.values.shape().text());
    std::vector<Index> extents{1};
    extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
    return {input.values.reshaped(Shape(extents)), {}};
}

}
