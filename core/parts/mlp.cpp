// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/mlp.h"

#include "core/nn/dropout.h"
#include "core/nn/linear.h"

namespace fovea::parts {

Tensor mlp(Run& run, const Tensor& x, nn::Activation activation, const LayoutPtr& layout, double dropout)
{
    const Tensor hidden = run.show("hidden", nn::linear(run, x, "fc1", activation), {.queries = layout});
    const Tensor y = nn::linear(run, nn::dropout(run, hidden, dropout, "drop1"), "fc2");
    return run.show("out", nn::dropout(run, y, dropout, "drop2"), {.queries = layout});
}

}
