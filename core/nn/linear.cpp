// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/linear.h"

#include "core/nn/activation_simd.h"
#include "core/nn/tile.h"

#include <algorithm>

namespace fovea::nn {

namespace {

struct Affine {
    Rows x; // [m, k]
    Rows weight; // [n, k]
    const float* bias; // [n], or nullptr
    Index m, n, k;
    float* y; // [m, n]
};

/// The end of a tile: bias and activation on the way to y.
template <Activation activation>
void finish(const float* tile, const Affine& p, Index row, int rows, Index column)
{
    for (int half = 0; half < panelWidth; half += simd::width) {
        const int present = static_cast<int>(std::clamp<Index>(p.n - column - half, 0, simd::width));
        if (present == 0)
            return;
        const bool whole = present == simd::width;
        const float* bias = p.bias ? p.bias + column + half : nullptr;
        const simd::Floats b = !bias ? simd::Floats{}
            : whole                  ? simd::load(bias)
                                     : simd::loadSome(bias, present);
        for (int r = 0; r < rows; ++r) {
            float* y = p.y + (row + r) * p.n + column + half;
            const simd::Floats v = activated<activation>(simd::load(tile + r * panelWidth + half) + b);
            if (whole)
                simd::store(y, v);
            else
                simd::storeSome(y, v, present);
        }
    }
}

/// Columns [column, column + panelWidth) of y for a range of rows. Packing the panel each time costs
/// some per cent of the product and saves a second copy of all weights.
template <Activation activation>
void multiplyPanel(const Affine& p, Index column, Index begin, Index end, float* panel)
{
    alignas(64) float tile[tileRows * panelWidth];
    const int columns = static_cast<int>(std::min<Index>(panelWidth, p.n - column));
    packPanel({p.weight.row(column), p.weight.stride}, columns, p.k, panel);
    for (Index row = begin; row < end; row += tileRows) {
        const int rows = static_cast<int>(std::min<Index>(tileRows, end - row));
        multiplyTile({p.x.row(row), p.x.stride}, rows, {panel, panelWidth}, p.k, tile, panelWidth);
        finish<activation>(tile, p, row, rows, column);
    }
}

constexpr Index rowsPerBlock = 240; // a multiple of every tileRows

}

Tensor linear(Run& run, const Tensor& x, std::string_view name, Activation activation)
{
    const Tensor& weight = run.weight(name, ".weight");
    const Tensor* bias = run.maybeWeight(name, ".bias");
    const Index n = weight.dim(0), k = weight.count() / n, m = x.count() / k;
    assert(x.dim(-1) == k && (!bias || bias->count() == n));
    Shape shape = x.shape();
    shape[-1] = n;
    Tensor y = run.make(shape);
    Tensor panels = run.make({run.threads(), k, panelWidth});
    float* scratch = panels.writable().data();
    const Affine p{
        {x.data(), k}, {weight.data(), k}, bias ? bias->data() : nullptr, m, n, k, y.writable().data()};
    const Index columnTasks = divideUp(n, panelWidth);
    withActivation(activation, [&](auto constant) {
        run.parallel(columnTasks * divideUp(m, rowsPerBlock), [&](Index task, int worker) {
            const Index begin = task / columnTasks * rowsPerBlock;
            multiplyPanel<constant()>(p, task % columnTasks * panelWidth, begin,
                std::min(m, begin + rowsPerBlock), scratch + worker * k * panelWidth);
        });
    });
    return y;
}

}
