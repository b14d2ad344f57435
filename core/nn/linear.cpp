// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/linear.h"

#include "core/nn/activation_backward.h"
#include "core/nn/affine.h"
#include "core/nn/few_rows.h"
#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

namespace {

struct Affine {
    Rows x; // [m, k]
    Rows weight; // [n, k]
    const float* packed; // the same as panels [n / panelWidth][k][panelWidth], or nullptr
    const float* bias; // [n], or nullptr
    Index m, n, k;
    float* y; // [m, n]
    float* slopes; // [m, n], of the activation, or nullptr
};

/// The end of a tile: bias and activation on the way to y.
template <Activation activation, bool keepsSlopes>
void finish(const float* tile, const Affine& p, Index row, int rows, Index column)
{
    for (int half = 0; half < panelWidth; half += simd::width) {
        const Index first = column + half;
        const auto write = [&](int n) {
            const simd::Floats b = p.bias ? simd::load(p.bias + first, n) : simd::Floats{};
            for (int r = 0; r < rows; ++r) {
                const simd::Floats sum = simd::load(tile + r * panelWidth + half) + b;
                simd::store(p.y + (row + r) * p.n + first, activated<activation>(sum), n);
                if constexpr (keepsSlopes)
                    simd::store(p.slopes + (row + r) * p.n + first, slope<activation>(sum), n);
            }
        };
        if (first + simd::width <= p.n)
            write(simd::width);
        else if (first < p.n)
            write(static_cast<int>(p.n - first));
    }
}

/// With g the gradient of x W^T + b: dx = g W, dW = g^T x, db = the sum of g's rows.
struct LinearBackward {
    Tensor x, weight, bias;
    Tensor slopes; ///< of the activation; undefined without one

    void operator()(Run& run, Tape& tape, Tensor gradient) const
    {
        const Index n = weight.dim(0), k = weight.count() / n, m = x.count() / k;
        const std::vector<Index> rows = fewRows(gradient.data(), m, n);
        if (rows.empty()) {
            const Tensor g = slopes.defined() ? times(run, slopes, std::move(gradient)) : std::move(gradient);
            ofParameters(run, tape, g.data(), x.data(), {n, k, m});
            if (const GradientSink ofX = tape.sink(run, x))
                multiply(run, {g.data(), n}, {weight.data(), k}, {m, k, n}, ofX);
            return;
        }
        const Index count = std::ssize(rows);
        Tensor g = takeRows(run, gradient.data(), rows, n);
        if (slopes.defined())
            g = times(run, takeRows(run, slopes.data(), rows, n), std::move(g));
        ofParameters(run, tape, g.data(), takeRows(run, x.data(), rows, k).data(), {n, k, count});
        if (const GradientSink ofX = tape.sink(run, x)) {
            Tensor few = run.make({count, k});
            multiply(run, {g.data(), n}, {weight.data(), k}, {count, k, n}, {few.writable().data(), false});
            placeRows(run, few, rows, m, k, ofX);
        }
    }

    void ofParameters(
        Run& run, Tape& tape, const float* g, const float* inputs, const ProductShape& shape) const
    {
        const GradientSink ofWeight = tape.sink(run, weight), ofBias = tape.sink(run, bias);
        if (ofWeight || ofBias)
            multiplyTransposed(run, {g, shape.m}, {inputs, shape.n}, shape, ofWeight, ofBias);
    }
};

/// Which part of y a task makes, and the weights of the task that its thread is likely to do next.
struct Part {
    Index column, begin, end;
    const float* ahead;
};

/// The weights of columns [column, column + panelWidth), zero behind the n-th.
void packColumns(Rows weight, Index column, Index n, Index k, float* panel)
{
    const int columns = static_cast<int>(std::min<Index>(panelWidth, n - column));
    packPanel({weight.row(column), weight.stride}, columns, k, panel);
}

/// All panels of a weight [n, k], side by side: [divideUp(n, panelWidth), k, panelWidth].
void packAll(Run& run, Rows weight, Index n, Index k, float* panels)
{
    run.parallel(divideUp(n, panelWidth),
        [=](Index i) { packColumns(weight, i * panelWidth, n, k, panels + i * k * panelWidth); });
}

/// The panels of a weight [n, k], or nullptr. Packing a panel whenever it is needed costs 5 % of the product;
/// kept panels are a second copy of the weights, which a model of this size at most can afford. In training
/// each step has its own weights.
const float* keptPanels(Run& run, std::string_view name, Index n, Index k)
{
    constexpr std::size_t largest = std::size_t{128} << 20;
    if (run.isTraining() || run.weightBytes() > largest)
        return nullptr;
    return run
        .derived<Tensor>(name, ".weight",
            [&] {
                const Tensor& weight = run.weight(name, ".weight");
                Tensor panels({divideUp(n, panelWidth), k, panelWidth});
                packAll(run, {weight.data(), k}, n, k, panels.writable().data());
                return panels;
            })
        .data();
}

/// Columns [column, column + panelWidth) of y for a range of rows.
template <Activation activation, bool keepsSlopes>
void multiplyPanel(const Affine& p, const Part& part, float* scratch)
{
    alignas(64) float tile[tileRows * panelWidth];
    const float* panel = p.packed ? p.packed + part.column * p.k : scratch;
    if (!p.packed)
        packColumns(p.weight, part.column, p.n, p.k, scratch);
    const Index aheadStep
        = divideUp(panelWidth * tileRows, part.end - part.begin); // all of it, spread evenly
    const float* ahead = part.ahead;
    for (Index row = part.begin; row < part.end; row += tileRows, ahead += aheadStep * p.k) {
        const int rows = static_cast<int>(std::min<Index>(tileRows, part.end - row));
        fetchTile(p.y + row * p.n + part.column, p.n, rows);
        if constexpr (keepsSlopes)
            fetchTile(p.slopes + row * p.n + part.column, p.n, rows);
        multiplyTile(
            {{p.x.row(row), p.x.stride}, {panel, panelWidth}, p.k, ahead, aheadStep}, rows, tile, panelWidth);
        finish<activation, keepsSlopes>(tile, p, row, rows, part.column);
    }
}

/// How y is cut, by its shape alone: column panels, and ranges of rows where there are many rows.
struct Cut {
    Index m, n, k;
    Index columns = divideUp(n, panelWidth);
    Index rows = rowsOfBlock(m, k);
    Index blocks = divideUp(m, rows);

    Index tasks() const { return columns * blocks; }
    Part at(Index task, const Affine& p, int threads) const
    {
        const Index begin = task / columns * rows, next = (task + threads) % columns * panelWidth;
        const float* ahead = p.packed ? p.packed + next * p.k : p.weight.row(next);
        return {task % columns * panelWidth, begin, std::min(m, begin + rows), ahead};
    }
};

}

namespace {

/// activation(x W^T + b); `packed` are the weight's panels, or nullptr.
Tensor multiplied(Run& run, const Tensor& x, const Tensor& weight, const Tensor& bias, const float* packed,
    Activation activation)
{
    const Index n = weight.dim(0), k = weight.count() / n, m = x.count() / k;
    assert(x.dim(-1) == k && (!bias.defined() || bias.count() == n));
    run.countMacs(m * n * k);
    Shape shape = x.shape();
    shape[-1] = n;
    Tape* tape = run.tapeFor(x, weight, bias);
    Tensor y = run.make(shape), slopes;
    if (tape && activation != Activation::None)
        slopes = run.make(shape);
    const Cut cut{m, n, k};
    const bool packsFirst = !packed && cut.blocks > 1; // each panel is wanted by every block of rows
    Tensor panels = run.make({packsFirst ? cut.columns : run.threads(), k, panelWidth}), copy;
    float* scratch = panels.writable().data();
    if (packsFirst)
        packAll(run, {weight.data(), k}, n, k, scratch);
    const Affine p{offPages(run, {x.data(), k}, m, k, copy), {weight.data(), k},
        packsFirst ? scratch : packed, bias.defined() ? bias.data() : nullptr, m, n, k, y.writable().data(),
        slopes.defined() ? slopes.writable().data() : nullptr};
    withActivation(activation, [&](auto constant) {
        const auto multiplyAll = [&](auto keepsSlopes) {
            run.parallel(cut.tasks(), [&](Index task, int worker) {
                multiplyPanel<constant(), keepsSlopes()>(
                    p, cut.at(task, p, run.threads()), scratch + worker * k * panelWidth);
            });
        };
        if (p.slopes)
            multiplyAll(std::true_type());
        else
            multiplyAll(std::false_type());
    });
    if (tape)
        tape->record(y, LinearBackward{x, weight, bias, slopes});
    return y;
}

}

Tensor linear(Run& run, const Tensor& x, std::string_view name, Activation activation)
{
    const Tensor& weight = run.weight(name, ".weight");
    const Tensor* bias = run.maybeWeight(name, ".bias");
    const Index n = weight.dim(0), k = weight.count() / n;
    return multiplied(run, x, weight, bias ? *bias : Tensor(), keptPanels(run, name, n, k), activation);
}

Tensor affine(Run& run, const Tensor& x, const Tensor& weight, const Tensor& bias)
{
    return multiplied(run, x, weight, bias, nullptr, Activation::None);
}

}
