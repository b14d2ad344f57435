// What convolutions leave on the tape, and how their kernels lie for the products. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/conv_patches.h"

namespace fovea::nn {

/// A convolution's shapes: of x [B, H, W, C], of y [B, H', W', O] and of the weight [O, C / groups, kh, kw].
struct ConvShape {
    Shape x, y, weight;
    ConvOptions options;

    Kernel kernel() const { return {weight[2], weight[3]}; }
    Index inputs() const { return weight[1]; } ///< channels of x in a group
    Index outputs() const { return weight[0] / options.groups; } ///< channels of y in a group
    bool isDepthwise() const { return options.groups > 1 && inputs() == 1 && outputs() == 1; }
    /// What y reads of x, and what the gradient of x reads of that of y.
    Patches patchesOfX(const float* x, Index group) const;
    Patches patchesOfY(const float* y, Index group) const;
};

/// Panels of a weight, [group][panel][depth][panelWidth]. Forwards the columns are y's channels and the depth
/// is (row, column, channel of x); backwards the columns are x's and the depth ends with y's.
Tensor packedKernels(Run& run, const ConvShape& shape, const Tensor& weight, bool isForwards);
/// Floats of one group of packed kernels.
inline Index groupSize(Index columns, Index depth)
{
    return divideUp(columns, panelWidth) * panelWidth * depth;
}

/// With g the gradient of y: that of x is a convolution of g with the kernels turned round, that of the
/// weight the product of g with the patches of x, that of the bias the sum of g.
struct ConvBackward {
    Tensor x, weight, bias;
    ConvShape shape;

    void operator()(Run& run, Tape& tape, const Tensor& gradient) const;
};

}
