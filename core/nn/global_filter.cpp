// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/global_filter.h"

#include "core/nn/custom.h"
#include "core/nn/filter_tile.h"
#include "core/nn/tile.h"

namespace fovea::nn {

namespace {

/// What a forward and its backward share.
struct Filtered {
    Tensor x, filter; // [B, N, C], [H, W/2 + 1, C, 2]
    Index rows, cols;

    Index samples() const { return x.dim(0); }
    Index channels() const { return x.dim(2); }
    Index tiles() const { return divideUp(channels(), tileChannels); }
    FilterTile tile() const { return {rows, cols, channels()}; }
    /// Tile t of sample b of a tensor like x.
    TileOfTokens part(const float* tokens, Index b, Index t) const
    {
        const Index channel = t * tileChannels;
        return {const_cast<float*>(tokens) + b * x.dim(1) * channels() + channel, channels(),
            static_cast<int>(std::min(tileChannels, channels() - channel))};
    }
};

void prepareAll(Run& run, const Filtered& f, const FilterTile& tile, float* coefficients)
{
    run.parallel(f.tiles(), [&](Index t) {
        tile.prepare(f.filter.data(), t * tileChannels, coefficients + t * tile.coefficientFloats());
    });
}

/// The coefficients of all tiles. In training each step has its own filter.
Tensor coefficientsOf(Run& run, const Filtered& f, const FilterTile& tile, std::string_view keptAs)
{
    const Shape shape{f.tiles(), tile.coefficientFloats()};
    if (!keptAs.empty() && !run.isTraining())
        return run.derived<Tensor>(keptAs, {}, [&] {
            Tensor kept(shape);
            prepareAll(run, f, tile, kept.writable().data());
            return kept;
        });
    Tensor made = run.make(shape);
    prepareAll(run, f, tile, made.writable().data());
    return made;
}

/// Both gradients of a filter; the sums over samples are made in their order.
struct GlobalFilterBackward {
    Filtered f;
    Tensor coefficients;

    void operator()(Run& run, Tape& tape, const Tensor& gradient) const
    {
        const FilterTile tile = f.tile();
        const bool ofX = tape.reaches(f.x), ofFilter = tape.reaches(f.filter);
        Tensor toX = ofX ? run.make(f.x.shape()) : Tensor(),
               toFilter = ofFilter ? run.make(f.filter.shape()) : Tensor();
        float *x = ofX ? toX.writable().data() : nullptr,
              *filter = ofFilter ? toFilter.writable().data() : nullptr;
        const Index spectrum = tile.spectrumFloats(), each = 3 * spectrum + tile.productFloats();
        Tensor memory = run.make({run.threads(), each});
        float* all = memory.writable().data();
        run.parallel(f.tiles(), [&](Index t, int worker) {
            float *ofGradient = all + worker * each, *ofInput = ofGradient + spectrum,
                  *scratch = ofInput + spectrum, *sums = scratch + spectrum;
            for (Index b = 0; b < f.samples(); ++b) {
                tile.transform(f.part(gradient.data(), b, t), ofGradient, scratch);
                if (filter) {
                    tile.transform(f.part(f.x.data(), b, t), ofInput, scratch);
                    tile.addProducts(ofInput, ofGradient, sums, b == 0);
                }
                if (x) {
                    tile.multiply(coefficients.data() + t * tile.coefficientFloats(), ofGradient, true);
                    tile.invert(ofGradient, f.part(x, b, t), scratch);
                }
            }
            if (filter)
                tile.finish(sums, t * tileChannels, filter);
        });
        tape.give(run, f.x, toX);
        tape.give(run, f.filter, toFilter);
    }
};

/// [H, W', C] <-> [C, H, W'] of complex numbers.
void transpose(const float* from, Index rows, Index cols, float* to)
{
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < cols; ++j)
            std::copy_n(from + (i * cols + j) * 2, 2, to + (j * rows + i) * 2);
}

const float* floatsOf(const Tensor& t) { return static_cast<const float*>(t.bytes()); }

Tensor filterOf(Run& run, const Tensor& pairs)
{
    Tensor filter = run.make({1, pairs.dim(2), pairs.dim(0), pairs.dim(1)}, DType::C64);
    transpose(pairs.data(), pairs.dim(0) * pairs.dim(1), pairs.dim(2),
        reinterpret_cast<float*>(filter.writable<std::complex<float>>().data()));
    return filter;
}

Tensor pairsOf(Run& run, const Tensor& filter)
{
    Tensor pairs = run.make({filter.dim(2), filter.dim(3), filter.dim(1), 2});
    transpose(floatsOf(filter), filter.dim(1), filter.dim(2) * filter.dim(3), pairs.writable().data());
    return pairs;
}

}

Tensor globalFilter(
    Run& run, const Tensor& x, const Tensor& filter, Index rows, Index cols, std::string_view keptAs)
{
    assert(x.rank() == 3 && x.dim(1) == rows * cols);
    assert(filter.shape() == (Shape{rows, cols / 2 + 1, x.dim(2), 2}));
    const Filtered f{x, filter, rows, cols};
    const FilterTile tile = f.tile();
    const Tensor coefficients = coefficientsOf(run, f, tile, keptAs);
    Tensor out = run.make(x.shape());
    float* y = out.writable().data();
    const Index spectrum = tile.spectrumFloats(), each = 2 * spectrum;
    Tensor memory = run.make({run.threads(), each});
    float* all = memory.writable().data();
    run.parallel(f.samples() * f.tiles(), [&](Index task, int worker) {
        const Index b = task / f.tiles(), t = task % f.tiles();
        float *z = all + worker * each, *scratch = z + spectrum;
        tile.transform(f.part(x.data(), b, t), z, scratch);
        tile.multiply(coefficients.data() + t * tile.coefficientFloats(), z, false);
        tile.invert(z, f.part(y, b, t), scratch);
    });
    if (Tape* tape = run.tapeFor(x, filter))
        tape->record(out, GlobalFilterBackward{f, coefficients});
    return out;
}

Tensor filterFromPairs(Run& run, const Tensor& pairs)
{
    return custom(
        run, {pairs}, [&](Run& r) { return filterOf(r, pairs); },
        [](Run& r, const CustomBackward& of) { return std::vector{pairsOf(r, of.gradient)}; });
}

Tensor pairsFromFilter(Run& run, const Tensor& filter)
{
    return custom(
        run, {filter}, [&](Run& r) { return pairsOf(r, filter); },
        [](Run& r, const CustomBackward& of) { return std::vector{filterOf(r, of.gradient)}; });
}

}
