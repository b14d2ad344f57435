// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/conv_patches.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// How a product of patches is cut, by its shape alone: so many pixels that their patches fill half of a
/// second-level cache, and so many panels that gathering is little beside multiplying.
struct PatchCut {
    static constexpr Index panelsPerTask = 8;
    Index rows, blocks, columnTasks, stride;

    PatchCut(Index pixels, Index depth, Index columns)
        : rows(std::clamp<Index>((Index{1} << 17) / depth / tileRows * tileRows, tileRows, 96))
        , blocks(divideUp(pixels, rows))
        , columnTasks(divideUp(divideUp(columns, panelWidth), panelsPerTask))
        , stride(depth + (depth % 1024 == 0 ? 2 * simd::width : 0)) // not whole pages apart
    {
    }
};

/// A tile on its way to the result.
void writeTile(const float* tile, int rows, const PatchProduct& p, Index pixel, Index column)
{
    const Index width = std::min<Index>(panelWidth, p.columns - column);
    for (int r = 0; r < rows; ++r) {
        float* to = p.out.data + (pixel + r) * p.stride + column;
        const float* from = tile + r * panelWidth;
        for (Index c = 0; c < width; ++c) {
            const float value = p.bias ? from[c] + p.bias[column + c] : from[c];
            to[c] = p.out.adds ? to[c] + value : value;
        }
    }
}

}

void Patches::gather(Index pixel, float* to) const
{
    const Index perSample = targetRows * targetCols, sample = pixel / perSample;
    const Index i = pixel % perSample / targetCols, j = pixel % targetCols;
    const Index first = j * reach.step + reach.offset; // of the kernel's columns, forwards
    const bool isRun = reach.sign > 0 && reach.divisor == 1 && channels == stride && first >= 0
        && first + kernel.cols <= sourceCols;
    for (Index di = 0; di < kernel.rows; ++di) {
        const Index y = reach.sourceOf(i, di, sourceRows);
        if (y < 0) {
            to = std::fill_n(to, kernel.cols * channels, 0.0F);
            continue;
        }
        const float* line = source + (sample * sourceRows + y) * sourceCols * stride;
        if (isRun) {
            to = std::copy_n(line + first * stride, kernel.cols * channels, to);
            continue;
        }
        for (Index dj = 0; dj < kernel.cols; ++dj) {
            const Index x = reach.sourceOf(j, dj, sourceCols);
            to = x < 0 ? std::fill_n(to, channels, 0.0F) : std::copy_n(line + x * stride, channels, to);
        }
    }
}

void PatchProduct::compute(Run& run) const
{
    const Index pixels = patches.pixels(), depth = patches.depth();
    const PatchCut cut(pixels, depth, columns);
    Tensor memory = run.make({run.threads(), cut.rows, cut.stride});
    float* scratch = memory.writable().data();
    run.parallel(cut.blocks * cut.columnTasks, [&](Index task, int worker) {
        alignas(64) float tile[tileRows * panelWidth];
        float* rows = scratch + worker * cut.rows * cut.stride;
        const Index begin = task / cut.columnTasks * cut.rows, end = std::min(pixels, begin + cut.rows);
        const Index firstColumn = task % cut.columnTasks * PatchCut::panelsPerTask * panelWidth;
        const Index lastColumn = std::min(columns, firstColumn + PatchCut::panelsPerTask * panelWidth);
        for (Index pixel = begin; pixel < end; ++pixel)
            patches.gather(pixel, rows + (pixel - begin) * cut.stride);
        for (Index column = firstColumn; column < lastColumn; column += panelWidth)
            for (Index pixel = begin; pixel < end; pixel += tileRows) {
                const int count = static_cast<int>(std::min<Index>(tileRows, end - pixel));
                multiplyTile({{rows + (pixel - begin) * cut.stride, cut.stride},
                                 {panels + column * depth, panelWidth}, depth},
                    count, tile, panelWidth);
                writeTile(tile, count, *this, pixel, column);
            }
    });
}

}
