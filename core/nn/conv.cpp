// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/conv.h"

#include "core/nn/conv_depthwise.h"
#include "core/tensor/error.h"

namespace fovea::nn {

namespace {

ConvShape convShapeFor(const Tensor& x, const Tensor& weight, const ConvOptions& o)
{
    assert(x.rank() == 4 && weight.rank() == 4 && x.dim(3) == weight.dim(1) * o.groups);
    const auto extent = [&](Index n, Index kernel) {
        if (n + 2 * o.padding < kernel)
            throw Error("a convolution of " + std::to_string(kernel) + " pixels does not fit into "
                + std::to_string(n + 2 * o.padding));
        return (n + 2 * o.padding - kernel) / o.stride + 1;
    };
    return {x.shape(),
        {x.dim(0), extent(x.dim(1), weight.dim(2)), extent(x.dim(2), weight.dim(3)), weight.dim(0)},
        weight.shape(), o};
}

/// What `make` makes of a weight; kept beside it but in training, where each step has its own weights.
template <class Make>
Tensor derivedOf(Run& run, std::string_view name, Make make)
{
    return run.isTraining() ? make() : run.derived<Tensor>(name, ".weight.conv", make);
}

void convolve(Run& run, const ConvShape& s, const float* x, const float* bias, const Tensor& packed, float* y)
{
    const Index columns = s.outputs();
    for (Index g = 0; g < s.options.groups; ++g) {
        const Patches patches = s.patchesOfX(x, g);
        PatchProduct{patches, packed.data() + g * groupSize(columns, patches.depth()),
            bias ? bias + g * columns : nullptr, columns, s.y[3], {y + g * columns, false}}
            .compute(run);
    }
}

}

Tensor conv2d(Run& run, const Tensor& x, std::string_view name, const ConvOptions& options)
{
    const Tensor& weight = run.weight(name, ".weight");
    const Tensor* given = run.maybeWeight(name, ".bias");
    const Tensor bias = given ? *given : Tensor();
    const ConvShape shape = convShapeFor(x, weight, options);
    Tensor y = run.make(shape.y);
    run.countMacs(y.count() * (weight.count() / weight.dim(0)));
    float* to = y.writable().data();
    const float* shift = given ? bias.data() : nullptr;
    Tape* tape = run.tapeFor(x, weight, bias);
    if (shape.isDepthwise()) {
        const Tensor kernels = derivedOf(run, name, [&] { return kernelsByTap(run, weight); });
        multiplyByTap(run, shape.patchesOfX(x.data(), 0), kernels.data(), shift, {to, false});
        if (tape)
            tape->record(y, DepthwiseBackward{x, weight, bias, shape});
    } else {
        const Tensor packed = derivedOf(run, name, [&] { return packedKernels(run, shape, weight, true); });
        convolve(run, shape, x.data(), shift, packed, to);
        if (tape)
            tape->record(y, ConvBackward{x, weight, bias, shape});
    }
    return y;
}

}
