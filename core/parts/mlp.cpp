// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/mlp.h"

#include "core/nn/linear.h"

namespace fovea::parts {

Tensor mlp(Run& run, const Tensor& x, nn::Activation activation, const LayoutPtr& layout)
{
    const Tensor hidden = run.show("hidden", nn::linear(run, x, "fc1", activation), {.queries = layout});
    return run.show("out", nn::linear(run, hidden, "fc2"), {.queries = layout});
}

}
