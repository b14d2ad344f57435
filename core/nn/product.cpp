// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// Columns [column, column + panelWidth) of `depth` rows, side by side; zero behind the n-th column.
void copyPanel(Rows b, Index column, Index n, Index depth, float* panel)
{
    const Index columns = std::min<Index>(panelWidth, n - column);
    for (Index k = 0; k < depth; ++k, panel += panelWidth) {
        std::copy_n(b.row(k) + column, columns, panel);
        std::fill_n(panel + columns, panelWidth - columns, 0.0F);
    }
}

/// A task's share of a^T b: `blockRows` rows by `blockColumns` columns, over all of the depth.
constexpr Index blockRows = 4 * tileRows, blockColumns = 4 * panelWidth, blockDepth = 256;

struct Transposed {
    Rows a, b;
    ProductShape shape;
    GradientSink out, sums;
};

/// Scratch memory of one worker.
struct Scratch {
    static constexpr Index size = blockRows * blockDepth + blockDepth * panelWidth + blockRows * blockColumns;
    float* a; ///< [blockRows, blockDepth], transposed
    float* panel; ///< [blockDepth, panelWidth]
    float* total; ///< [blockRows, blockColumns]

    explicit Scratch(float* memory)
        : a(memory)
        , panel(a + blockRows * blockDepth)
        , total(panel + blockDepth * panelWidth)
    {
    }
};

/// rows of the transpose of a[first, first + depth), starting at column `row`.
void transposeBlock(const Transposed& p, Index row, Index rows, Index first, Index depth, float* to)
{
    for (Index k = 0; k < depth; k += panelWidth) {
        const int slab = static_cast<int>(std::min<Index>(panelWidth, depth - k));
        packPanel({p.a.row(first + k) + row, p.a.stride}, slab, rows, to + k, blockDepth);
    }
}

void addSums(const float* a, Index rows, Index depth, bool isFirst, GradientSink sums)
{
    for (Index r = 0; r < rows; ++r, a += blockDepth) {
        simd::Floats total{};
        Index k = 0;
        for (; k + simd::width <= depth; k += simd::width)
            total += simd::load(a + k);
        float sum = simd::sum(total);
        for (; k < depth; ++k)
            sum += a[k];
        sums.data[r] = isFirst && !sums.adds ? sum : sums.data[r] + sum;
    }
}

void multiplyBlock(const Transposed& p, Index row, Index column, const Scratch& s)
{
    alignas(64) float tile[tileRows * panelWidth];
    const Index rows = std::min(blockRows, p.shape.m - row);
    const Index columns = std::min(blockColumns, p.shape.n - column);
    for (Index first = 0; first < p.shape.depth; first += blockDepth) {
        const Index depth = std::min(blockDepth, p.shape.depth - first);
        transposeBlock(p, row, rows, first, depth, s.a);
        if (p.sums && column == 0)
            addSums(s.a, rows, depth, first == 0, {p.sums.data + row, p.sums.adds});
        if (!p.out)
            continue;
        for (Index c = 0; c < columns; c += panelWidth) {
            copyPanel({p.b.row(first), p.b.stride}, column + c, p.shape.n, depth, s.panel);
            for (Index r = 0; r < rows; r += tileRows) {
                const int n = static_cast<int>(std::min<Index>(tileRows, rows - r));
                multiplyTile(
                    {{s.a + r * blockDepth, blockDepth}, {s.panel, panelWidth}, depth}, n, tile, panelWidth);
                for (int i = 0; i < n; ++i)
                    writeRow(
                        tile + i * panelWidth, panelWidth, first > 0, s.total + (r + i) * blockColumns + c);
            }
        }
    }
    for (Index r = 0; p.out && r < rows; ++r)
        writeRow(
            s.total + r * blockColumns, columns, p.out.adds, p.out.data + (row + r) * p.shape.n + column);
}

}

void multiply(Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out)
{
    const Index columns = divideUp(shape.n, panelWidth), blocks = divideUp(shape.m, 480);
    const Index blockSize = divideUp(divideUp(shape.m, blocks), tileRows) * tileRows;
    Tensor panels = run.make({run.threads(), shape.depth, panelWidth});
    float* scratch = panels.writable().data();
    run.parallel(columns * blocks, [&](Index task, int worker) {
        alignas(64) float tile[tileRows * panelWidth];
        float* panel = scratch + worker * shape.depth * panelWidth;
        const Index column = task % columns * panelWidth, begin = task / columns * blockSize;
        const Index end = std::min(shape.m, begin + blockSize);
        const Index width = std::min<Index>(panelWidth, shape.n - column);
        copyPanel(b, column, shape.n, shape.depth, panel);
        for (Index row = begin; row < end; row += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, end - row));
            multiplyTile({{a.row(row), a.stride}, {panel, panelWidth}, shape.depth}, rows, tile, panelWidth);
            for (int r = 0; r < rows; ++r)
                writeRow(tile + r * panelWidth, width, out.adds, out.data + (row + r) * shape.n + column);
        }
    });
}

void multiplyTransposed(
    Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out, GradientSink sums)
{
    const Transposed p{a, b, shape, out, sums};
    const Index columns = out ? divideUp(shape.n, blockColumns) : 1, rows = divideUp(shape.m, blockRows);
    Tensor memory = run.make({run.threads(), Scratch::size});
    float* scratch = memory.writable().data();
    run.parallel(rows * columns, [&](Index task, int worker) {
        multiplyBlock(p, task / columns * blockRows, task % columns * blockColumns,
            Scratch(scratch + worker * Scratch::size));
    });
}

}
