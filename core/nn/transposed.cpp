// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/affine.h"
#include "core/nn/chunks.h"

namespace fovea::nn {

namespace {

/// Line by line of the result, in pieces of rows that a cache holds.
Tensor transposedCopy(Run& run, const Tensor& matrix)
{
    const Index rows = matrix.dim(0), columns = matrix.dim(1);
    Tensor out = run.make({columns, rows});
    const float* from = matrix.data();
    float* to = out.writable().data();
    eachChunk(run, columns, rowsPerTask(rows), [=](Index begin, Index end) {
        for (Index row = 0; row < rows; ++row)
            for (Index column = begin; column < end; ++column)
                to[column * rows + row] = from[row * columns + column];
    });
    return out;
}

}

Tensor transposed(Run& run, const Tensor& matrix)
{
    assert(matrix.rank() == 2);
    const Tensor out = transposedCopy(run, matrix);
    if (Tape* tape = run.tapeFor(matrix))
        tape->record(out, [matrix](Run& r, Tape& t, const Tensor& gradient) {
            t.give(r, matrix, transposedCopy(r, gradient));
        });
    return out;
}

}
