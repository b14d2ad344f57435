// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/product.h"

#include "core/nn/chunks.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// Columns [column, column + panelWidth) of `depth` rows, side by side; zero behind the n-th column.
void copyPanel(Rows b, Index column, Index n, Index depth, float* panel)
{
    const Index columns = std::min<Index>(panelWidth, n - column);
    if (columns == panelWidth) {
        for (Index k = 0; k < depth; ++k)
            simd::copy<panelWidth>(b.row(k) + column, panel + k * panelWidth);
        return;
    }
    for (Index k = 0; k < depth; ++k, panel += panelWidth) {
        std::copy_n(b.row(k) + column, columns, panel);
        std::fill_n(panel + columns, panelWidth - columns, 0.0F);
    }
}

/// A task's share of a^T b: at most `blockRows` rows by `blockColumns` columns, over all of the depth.
constexpr Index blockRows = 8 * tileRows, blockColumns = 8 * panelWidth, blockDepth = 256;

struct Transposed {
    Rows a, b;
    ProductShape shape;
    GradientSink out, sums;
};

/// Scratch memory of one worker.
struct Scratch {
    static constexpr Index size = blockRows * blockDepth + blockDepth * panelWidth + blockRows * blockColumns;
    float* a; ///< [blockDepth, blockRows]
    float* panel; ///< [blockDepth, panelWidth]
    float* total; ///< [blockRows, blockColumns]

    explicit Scratch(float* memory)
        : a(memory)
        , panel(a + blockRows * blockDepth)
        , total(panel + blockDepth * panelWidth)
    {
    }
};

/// The first `rows` columns of `depth` rows of a.
void copyBlock(Rows a, Index rows, Index depth, float* to)
{
    for (Index k = 0; k < depth; ++k, to += blockRows) {
        Index r = 0;
        for (; r + simd::width <= rows; r += simd::width)
            simd::store(to + r, simd::load(a.row(k) + r));
        for (; r < rows; ++r)
            to[r] = a.row(k)[r];
    }
}

/// Adds the sums of the columns of [depth, blockRows].
void addSums(const float* a, Index rows, Index depth, bool isFirst, GradientSink sums)
{
    for (Index r = 0; r < rows; r += simd::width) {
        simd::Floats sum{};
        for (Index k = 0; k < depth; ++k)
            sum += simd::load(a + k * blockRows + r);
        const Index n = std::min<Index>(simd::width, rows - r);
        for (int i = 0; i < n; ++i)
            sums.data[r + i] = isFirst && !sums.adds ? sum[i] : sums.data[r + i] + sum[i];
    }
}

/// One panel of columns of the block, over `depth` of its depth. The tiles ask for what is wanted `next`, 16
/// columns each.
void multiplyPanel(const Scratch& s, Index rows, Index depth, bool adds, Rows next, float* total)
{
    alignas(64) float tile[tileRows * panelWidth];
    for (Index r = 0; r < rows; r += tileRows) {
        const int n = static_cast<int>(std::min<Index>(tileRows, rows - r));
        TileProduct product{{s.a + r, blockRows}, {s.panel, panelWidth}, depth,
            next.data + std::min<Index>(16 * (r / tileRows), panelWidth - 16), next.stride};
        product.isTransposed = true;
        multiplyTile(product, n, tile, panelWidth);
        for (int i = 0; i < n; ++i)
            writeRow(tile + i * panelWidth, panelWidth, adds, total + (r + i) * blockColumns);
    }
}

void multiplyBlock(const Transposed& p, Index row, Index rows, Index column, const Scratch& s)
{
    const Index columns = std::min(blockColumns, p.shape.n - column);
    for (Index first = 0; first < p.shape.depth; first += blockDepth) {
        const Index depth = std::min(blockDepth, p.shape.depth - first);
        copyBlock({p.a.row(first) + row, p.a.stride}, rows, depth, s.a);
        if (p.sums && column == 0)
            addSums(s.a, rows, depth, first == 0, {p.sums.data + row, p.sums.adds});
        for (Index c = 0; p.out && c < columns; c += panelWidth) {
            copyPanel({p.b.row(first), p.b.stride}, column + c, p.shape.n, depth, s.panel);
            const bool isLast = c + panelWidth >= columns;
            const Rows next{
                p.b.row(isLast ? first + depth : first) + column + (isLast ? 0 : c + panelWidth), p.b.stride};
            multiplyPanel(s, rows, depth, first > 0, next, s.total + c);
        }
    }
    for (Index r = 0; p.out && r < rows; ++r)
        writeRow(
            s.total + r * blockColumns, columns, p.out.adds, p.out.data + (row + r) * p.shape.n + column);
}

}

Rows offPages(Run& run, Rows a, Index m, Index depth, Tensor& memory)
{
    constexpr Index page = 4096 / sizeof(float);
    if (a.stride % page != 0 || m == 1)
        return a;
    const Index stride = depth + 2 * simd::width;
    memory = run.make({m, stride});
    float* to = memory.writable().data();
    eachChunk(run, m, rowsPerTask(depth), [=](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            std::copy_n(a.row(row), depth, to + row * stride);
    });
    return {to, stride};
}

void multiply(Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out)
{
    Tensor copy;
    a = offPages(run, a, shape.m, shape.depth, copy);
    const Index columns = divideUp(shape.n, panelWidth), blocks = divideUp(shape.m, 480);
    const Index blockSize = divideUp(divideUp(shape.m, blocks), tileRows) * tileRows;
    const bool packsFirst = blocks > 1; // each panel is wanted by every block of rows
    const Index panelFloats = shape.depth * panelWidth;
    Tensor panels = run.make({packsFirst ? columns : run.threads(), panelFloats});
    float* packed = panels.writable().data();
    const auto pack
        = [&](Index i, float* panel) { copyPanel(b, i * panelWidth, shape.n, shape.depth, panel); };
    if (packsFirst)
        run.parallel(columns, [&](Index i) { pack(i, packed + i * panelFloats); });
    run.parallel(columns * blocks, [&](Index task, int worker) {
        alignas(64) float tile[tileRows * panelWidth];
        const Index column = task % columns * panelWidth, begin = task / columns * blockSize;
        float* panel = packed + (packsFirst ? task % columns : worker) * panelFloats;
        if (!packsFirst)
            pack(task, panel);
        const Index end = std::min(shape.m, begin + blockSize);
        const Index width = std::min<Index>(panelWidth, shape.n - column);
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
    const Index columns = out ? divideUp(shape.n, blockColumns) : 1;
    // Large blocks read b less often; of half the size where there would be too few for many threads.
    const Index blocks = std::max(
        divideUp(shape.m, blockRows), std::min(divideUp(shape.m, blockRows / 2), divideUp(8, columns)));
    const Index rows = divideUp(divideUp(shape.m, blocks), tileRows) * tileRows;
    Tensor memory = run.make({run.threads(), Scratch::size});
    float* scratch = memory.writable().data();
    run.parallel(blocks * columns, [&](Index task, int worker) {
        const Index row = std::min(shape.m, task / columns * rows);
        multiplyBlock(p, row, std::min(rows, shape.m - row), task % columns * blockColumns,
            Scratch(scratch + worker * Scratch::size));
    });
}

}
