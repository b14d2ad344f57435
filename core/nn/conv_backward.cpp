// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/conv_backward.h"

#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

namespace {

/// Patches that are made at once for the gradient of the kernels.
constexpr Index patchFloats = Index{1} << 20;

/// One panel of a group's kernels: element (k, column) of depth * panelWidth.
void packKernelPanel(const ConvShape& s, const float* weight, bool isForwards, Index column, float* panel)
{
    const Index taps = s.kernel().taps(), inputs = s.inputs(), outputs = s.outputs();
    const Index columns = isForwards ? outputs : inputs, inner = isForwards ? inputs : outputs;
    std::fill_n(panel, taps * inner * panelWidth, 0.0F);
    for (Index c = 0; c < std::min<Index>(panelWidth, columns - column); ++c)
        for (Index i = 0; i < inner; ++i) {
            const Index out = isForwards ? column + c : i, in = isForwards ? i : column + c;
            const float* kernel = weight + (out * inputs + in) * taps;
            for (Index tap = 0; tap < taps; ++tap)
                panel[(tap * inner + i) * panelWidth + c] = kernel[tap];
        }
}

/// Gradients [output, tap, input] of a group as the weight has them, [output, input, tap].
void placeKernels(const ConvShape& s, const float* from, Index group, GradientSink sink)
{
    const Index taps = s.kernel().taps(), inputs = s.inputs(), outputs = s.outputs();
    for (Index o = 0; o < outputs; ++o)
        for (Index tap = 0; tap < taps; ++tap)
            for (Index i = 0; i < inputs; ++i) {
                const float value = from[(o * taps + tap) * inputs + i];
                float& to = sink.data[((group * outputs + o) * inputs + i) * taps + tap];
                to = sink.adds ? to + value : value;
            }
}

/// The sums over all pixels of gradient times patch, in stretches of pixels that shapes alone decide.
void kernelGradient(Run& run, const ConvBackward& op, Index group, const Tensor& gradient,
    GradientSink ofWeight, GradientSink ofBias)
{
    const ConvShape& s = op.shape;
    const Patches patches = s.patchesOfX(op.x.data(), group);
    const Index depth = patches.depth(), outputs = s.outputs(), pixels = patches.pixels();
    const Index stretch = std::clamp<Index>(patchFloats / depth, 64, pixels < 64 ? 64 : pixels);
    Tensor total = run.make({outputs, depth}), memory = run.make({std::min(stretch, pixels), depth});
    float *sum = total.writable().data(), *rows = memory.writable().data();
    for (Index begin = 0; begin < pixels; begin += stretch) {
        const Index count = std::min(stretch, pixels - begin);
        if (ofWeight)
            run.parallel(divideUp(count, 32), [&](Index task) {
                for (Index i = task * 32; i < std::min(count, (task + 1) * 32); ++i)
                    patches.gather(begin + i, rows + i * depth);
            });
        const GradientSink out{ofWeight ? sum : nullptr, begin > 0};
        const GradientSink sums{ofBias ? ofBias.data + group * outputs : nullptr, ofBias.adds || begin > 0};
        multiplyTransposed(run, {gradient.data() + begin * s.y[3] + group * outputs, s.y[3]}, {rows, depth},
            {outputs, depth, count}, out, sums);
    }
    if (ofWeight)
        placeKernels(s, sum, group, ofWeight);
}

}

Patches ConvShape::patchesOfX(const float* source, Index group) const
{
    return {source + group * inputs(), x[1], x[2], x[3], inputs(), y[1], y[2], y[0], kernel(),
        Reach::forwards(options)};
}

Patches ConvShape::patchesOfY(const float* source, Index group) const
{
    return {source + group * outputs(), y[1], y[2], y[3], outputs(), x[1], x[2], x[0], kernel(),
        Reach::backwards(options)};
}

Tensor packedKernels(Run& run, const ConvShape& s, const Tensor& weight, bool isForwards)
{
    const Index columns = isForwards ? s.outputs() : s.inputs(),
                inner = isForwards ? s.inputs() : s.outputs();
    const Index depth = s.kernel().taps() * inner, panels = divideUp(columns, panelWidth);
    Tensor packed = run.isTraining() || !isForwards ? run.make({s.options.groups * panels, depth, panelWidth})
                                                    : Tensor({s.options.groups * panels, depth, panelWidth});
    float* to = packed.writable().data();
    run.parallel(s.options.groups * panels, [&](Index task) {
        const float* group = weight.data() + task / panels * s.outputs() * s.inputs() * s.kernel().taps();
        packKernelPanel(s, group, isForwards, task % panels * panelWidth, to + task * depth * panelWidth);
    });
    return packed;
}

void ConvBackward::operator()(Run& run, Tape& tape, const Tensor& gradient) const
{
    const GradientSink ofWeight = tape.sink(run, weight);
    const GradientSink ofBias = bias.defined() ? tape.sink(run, bias) : GradientSink{};
    for (Index g = 0; g < (ofWeight || ofBias ? shape.options.groups : 0); ++g)
        kernelGradient(run, *this, g, gradient, ofWeight, ofBias);
    const GradientSink ofX = tape.sink(run, x);
    if (!ofX)
        return;
    const Tensor packed = packedKernels(run, shape, weight, false);
    const Index columns = shape.inputs();
    for (Index g = 0; g < shape.options.groups; ++g) {
        const Patches patches = shape.patchesOfY(gradient.data(), g);
        PatchProduct{patches, packed.data() + g * groupSize(columns, patches.depth()), nullptr, columns,
            shape.x[3], {ofX.data + g * columns, ofX.adds}}
            .compute(run);
    }
}

}
