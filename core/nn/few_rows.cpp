// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/few_rows.h"

#include "core/run/pieces.h"

#include <algorithm>

namespace fovea::nn {

bool isZero(const float* row, Index n)
{
    return std::all_of(row, row + n, [](float v) { return v == 0; });
}

std::vector<Index> fewRows(const float* gradient, Index m, Index n)
{
    constexpr Index atOnce = 4; // so many at the beginning are no class and distillation token
    std::vector<Index> rows;
    for (Index row = 0; row < m; ++row) {
        if (!isZero(gradient + row * n, n))
            rows.push_back(row);
        if (2 * std::ssize(rows) > m || (row + 1 == atOnce && std::ssize(rows) == atOnce))
            return {};
    }
    return rows;
}

Tensor takeRows(Run& run, const float* from, const std::vector<Index>& rows, Index n)
{
    Tensor few = run.make({std::ssize(rows), n});
    float* to = few.writable().data();
    for (const Index row : rows)
        to = std::copy_n(from + row * n, n, to);
    return few;
}

void placeRows(
    Run& run, const Tensor& few, const std::vector<Index>& rows, Index m, Index n, GradientSink out)
{
    if (!out.adds)
        eachPiece(
            run, m * n, [=](Index begin, Index end) { std::fill(out.data + begin, out.data + end, 0.0F); });
    const float* from = few.data();
    for (const Index row : rows)
        for (Index i = 0; i < n; ++i)
            out.data[row * n + i] += *from++;
}

}
