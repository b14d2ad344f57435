// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/product.h"

#include "core/nn/chunks.h"

#include <algorithm>
#include <array>

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
constexpr Index blockRows = 24 * tileRows, blockColumns = 8 * panelWidth, blockDepth = 256;
/// A row of a tile is written and read in whole vectors, which reach into the next; behind the last row is
/// room for one, and tiles do not lie whole pages apart, where they would share a set of the cache.
constexpr Index rowLength = divideUp(tileRows, simd::width) * simd::width;
constexpr Index tileSize = blockDepth * tileRows + rowLength;

struct Transposed {
    Rows a, b;
    ProductShape shape;
    GradientSink out, sums;
};

/// Scratch memory of one worker.
struct Scratch {
    static constexpr Index tiles = blockRows / tileRows, sizeOfA = tiles * tileSize;
    static constexpr Index size = sizeOfA + blockDepth * panelWidth + blockRows * blockColumns;
    float* a; ///< [tile][blockDepth][tileRows], the tiles tileSize apart
    float* panel; ///< [blockDepth, panelWidth]
    float* total; ///< [blockRows, blockColumns]

    explicit Scratch(float* memory)
        : a(memory)
        , panel(a + sizeOfA)
        , total(panel + blockDepth * panelWidth)
    {
    }
};

/// The first `rows` columns of `depth` rows of a, as tiles.
void copyTiles(Rows a, Index rows, Index depth, float* to)
{
    for (Index k = 0; k < depth; ++k) {
        float* tile = to + k * tileRows;
        for (Index r = 0; r < rows; r += tileRows, tile += tileSize)
            if (r + rowLength <= rows)
                simd::copy<static_cast<int>(rowLength)>(a.row(k) + r, tile);
            else
                std::copy_n(a.row(k) + r, std::min<Index>(tileRows, rows - r), tile);
    }
}

/// Adds the sums of the columns of tiles.
void addSums(const float* tile, Index rows, Index depth, bool isFirst, GradientSink sums)
{
    for (Index row = 0; row < rows; row += tileRows, tile += tileSize)
        for (Index first = 0; first < tileRows; first += simd::width) {
            std::array<simd::Floats, 4> parts{}; // that do not wait for one another
            for (Index k = 0; k < depth; ++k)
                parts[static_cast<std::size_t>(k % 4)] += simd::load(tile + k * tileRows + first);
            const simd::Floats sum = (parts[0] + parts[1]) + (parts[2] + parts[3]);
            const Index n = std::min<Index>({simd::width, tileRows - first, rows - row - first});
            for (Index i = 0; i < n; ++i) {
                float& to = sums.data[row + first + i];
                to = isFirst && !sums.adds ? sum[i] : to + sum[i];
            }
        }
}

/// What is wanted after a panel. Each tile asks for sixteen columns of it.
struct Ahead {
    Rows b; ///< the next panel
    Rows a; ///< the same columns of a, further down
    Index piece; ///< of a, which the first tile asks for that need not ask for b

    static constexpr Index tilesForB = divideUp(panelWidth, 16);
    static Index tilesForA(Index rows) { return divideUp(rows, tileRows) - tilesForB; }

    Rows of(Index tile, Index rows) const
    {
        const Index column = 16 * (piece + tile - tilesForB);
        if (tile >= tilesForB && column < rows)
            return {a.data + column, a.stride};
        return {b.data + 16 * std::min(tile, tilesForB - 1), b.stride};
    }
};

/// One panel of columns of the block, over `depth` of its depth.
void multiplyPanel(const Scratch& s, Index rows, Index depth, bool adds, const Ahead& ahead, float* total)
{
    for (Index tile = 0; tile * tileRows < rows; ++tile) {
        const Index row = tile * tileRows;
        const Rows next = ahead.of(tile, rows);
        TileProduct product{
            {s.a + tile * tileSize, tileRows}, {s.panel, panelWidth}, depth, next.data, next.stride};
        product.isTransposed = true;
        product.adds = adds;
        multiplyTile(product, static_cast<int>(std::min<Index>(tileRows, rows - row)),
            total + row * blockColumns, blockColumns);
    }
}

void multiplyBlock(const Transposed& p, Index row, Index rows, Index column, const Scratch& s)
{
    const Index columns = std::min(blockColumns, p.shape.n - column);
    for (Index first = 0; first < p.shape.depth; first += blockDepth) {
        const Index depth = std::min(blockDepth, p.shape.depth - first);
        copyTiles({p.a.row(first) + row, p.a.stride}, rows, depth, s.a);
        if (p.sums && column == 0)
            addSums(s.a, rows, depth, first == 0, {p.sums.data + row, p.sums.adds});
        for (Index c = 0; p.out && c < columns; c += panelWidth) {
            copyPanel({p.b.row(first), p.b.stride}, column + c, p.shape.n, depth, s.panel);
            const Index next = c + panelWidth;
            const float* panel
                = next < columns ? p.b.row(first) + column + next : p.b.row(first + depth) + column;
            const Ahead ahead{{panel, p.b.stride}, {p.a.row(first + depth) + row, p.a.stride},
                c / panelWidth * Ahead::tilesForA(rows)};
            multiplyPanel(s, rows, depth, first > 0, ahead, s.total + c);
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
    const Index columns = divideUp(shape.n, panelWidth), blockSize = rowsOfBlock(shape.m, shape.depth);
    const Index blocks = divideUp(shape.m, blockSize);
    const bool packsFirst = blocks > 1; // each panel is wanted by every block of rows
    const Index panelFloats = shape.depth * panelWidth;
    Tensor panels = run.make({packsFirst ? columns : run.threads(), panelFloats});
    float* packed = panels.writable().data();
    const auto pack
        = [&](Index i, float* panel) { copyPanel(b, i * panelWidth, shape.n, shape.depth, panel); };
    if (packsFirst)
        run.parallel(columns, [&](Index i) { pack(i, packed + i * panelFloats); });
    run.parallel(columns * blocks, [&](Index task, int worker) {
        const Index column = task % columns * panelWidth, begin = task / columns * blockSize;
        float* panel = packed + (packsFirst ? task % columns : worker) * panelFloats;
        if (!packsFirst)
            pack(task, panel);
        const Index end = std::min(shape.m, begin + blockSize);
        const Index width = std::min<Index>(panelWidth, shape.n - column);
        for (Index row = begin; row < end; row += tileRows) {
            const int rows = static_cast<int>(std::min<Index>(tileRows, end - row));
            float* to = out.data + row * shape.n + column;
            fetchTile(to, shape.n, rows);
            TileProduct product{{a.row(row), a.stride}, {panel, panelWidth}, shape.depth};
            product.adds = out.adds;
            multiplyTile(product, rows, width, to, shape.n);
        }
    });
}

void multiplyTransposed(
    Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out, GradientSink sums)
{
    const Transposed p{a, b, shape, out, sums};
    const Index columns = out ? divideUp(shape.n, blockColumns) : 1;
    // Large blocks read b less often; smaller ones, down to four tiles, share the work among threads. No sum
    // depends on it.
    const Index wanted = run.threads() == 1 ? 1 : 4 * run.threads();
    const Index blocks = std::max(
        divideUp(shape.m, blockRows), std::min(divideUp(shape.m, 4 * tileRows), divideUp(wanted, columns)));
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
