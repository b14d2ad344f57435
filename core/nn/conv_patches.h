// A convolution as a product: the pixels under the kernel, one row for each pixel of the result, times a
// matrix. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/conv.h"
#include "core/nn/tile.h"

namespace fovea::nn {

/// The extents of a kernel.
struct Kernel {
    Index rows, cols;
    Index taps() const { return rows * cols; }
};

/// Along one axis: which pixel of the source lies under a tap of the kernel at a pixel of the target, where
/// both are numbered from 0. Forwards the source is x, pixel target * stride + tap - padding; backwards it is
/// the gradient of y, pixel (target + padding - tap) / stride where that is whole.
struct Reach {
    Index step, sign, offset, divisor;

    static Reach forwards(const ConvOptions& o) { return {o.stride, 1, -o.padding, 1}; }
    static Reach backwards(const ConvOptions& o) { return {1, -1, o.padding, o.stride}; }
    /// -1: none, the number 0 stands there.
    Index sourceOf(Index target, Index tap, Index extent) const
    {
        const Index place = target * step + sign * tap + offset;
        return place >= 0 && place % divisor == 0 && place / divisor < extent ? place / divisor : -1;
    }
};

/// Where a convolution reads: some of the channels of a source [B, rows, cols, stride], for the pixels of a
/// target [B, rows, cols].
struct Patches {
    const float* source; ///< the first of the channels
    Index sourceRows, sourceCols, stride, channels;
    Index targetRows, targetCols, batch;
    Kernel kernel;
    Reach reach;

    Index depth() const { return kernel.taps() * channels; }
    Index pixels() const { return batch * targetRows * targetCols; }
    /// What lies under the kernel at a pixel of the target, as (row, column, channel).
    void gather(Index pixel, float* to) const;
};

/// The result of a product of patches: `columns` of the `stride` channels of its pixels.
struct PatchProduct {
    Patches patches;
    const float* panels; ///< [columns / panelWidth][depth][panelWidth], zero behind the last column
    const float* bias; ///< [columns], or nullptr
    Index columns, stride;
    GradientSink out;

    void compute(Run& run) const;
};

}
