// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/custom.h"

#include <algorithm>

namespace fovea::nn {

Tensor custom(Run& run, std::vector<Tensor> inputs, const std::function<Tensor(Run&)>& forward,
    std::function<std::vector<Tensor>(Run&, const CustomBackward&)> backward)
{
    Tensor output = forward(run);
    Tape* tape = run.tape();
    if (!tape || std::ranges::none_of(inputs, [tape](const Tensor& t) { return tape->reaches(t); }))
        return output;
    tape->record(output,
        [all = std::move(inputs), output, fn = std::move(backward)](Run& r, Tape& t, const Tensor& gradient) {
            const std::vector<Tensor> gradients = fn(r, {all, output, gradient});
            assert(gradients.size() == all.size());
            for (std::size_t i = 0; i < all.size(); ++i)
                t.give(r, all[i], gradients[i]);
        });
    return output;
}

}
