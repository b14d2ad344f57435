// The few operations of the toy sources as plain loops with backwards of their own, so that the toys need
// nothing of core/nn but custom(). Not for plugins that ship.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <functional>

namespace fovea::toys {

using Complex = std::complex<float>;

inline Initialiser normal(double deviation) { return {Initialiser::Rule::Normal, deviation}; }
/// Throws Error unless one integer field divides another.
void requireDivisor(const Config& config, const char* divisor, const char* field);
/// A tensor of that shape with element(i) at every flat position i.
Tensor filled(Run& run, const Shape& shape, const std::function<float(Index)>& element);
/// One share of a sum: `weight` times an element of an input.
struct Term {
    int input;
    Index index;
    float weight;
};
using AddTerm = std::function<void(const Term&)>;
/// Names the terms of element i of a result; it is kept for the backward.
using Terms = std::function<void(Index element, const AddTerm& add)>;
/// A tensor of that shape, each element a sum of terms.
Tensor combined(Run& run, const std::vector<Tensor>& inputs, const Shape& shape, const Terms& terms);
/// a [..., n, d] times b [..., d, m], or times b [..., m, d] transposed. b may lack the leading axes.
Tensor product(Run& run, const Tensor& a, const Tensor& b, bool transposed = false);
/// x W^T with the tensor [out, in] of that name.
Tensor linear(Run& run, const Tensor& x, std::string_view name);
Tensor sum(Run& run, const Tensor& a, const Tensor& b);
/// softmax(scale * scores) over the last axis.
Tensor softmax(Run& run, const Tensor& scores, float scale);
/// [B, token, heads * d] as [B, head, token, d].
Tensor splitHeads(Run& run, const Tensor& x, Index heads);
/// The inverse of splitHeads.
Tensor mergeHeads(Run& run, const Tensor& x);
/// x [B, n, d] behind one more token [1, d].
Tensor prepended(Run& run, const Tensor& x, const Tensor& token);
/// The first token of [B, n, d], as [B, d].
Tensor firstToken(Run& run, const Tensor& x);
/// The mean over the tokens of [B, token, channel], as [B, channel].
Tensor meanOverTokens(Run& run, const Tensor& x);
/// [B, C, H, W] cut into p x p patches: [B, H/p * W/p, C * p * p], each patch as (channel, row, column).
Tensor patches(Run& run, const Tensor& picture, Index p);
/// x [B, head, token, d] gathered by an index [group, n]: [B, group, head, n, d].
Tensor gather(Run& run, const Tensor& x, const Tensor& index);
/// The inverse of gather for an index that holds every token once.
Tensor scatter(Run& run, const Tensor& x, const Tensor& index);
/// Means of 2 x 2 cells: [B, C, H, W] to [B, C, H/2, W/2].
Tensor pooled(Run& run, const Tensor& x);
/// [B, token, channel] as [B, channel, rows, cols], and back.
Tensor asGrid(Run& run, const Tensor& x, Index rows);
inline Tensor asTokens(Run& run, const Tensor& x) { return patches(run, x, 1); }
/// Rows of x [B, n, d] by an index for each sample [B, m].
Tensor take(Run& run, const Tensor& x, const Tensor& index);
/// Attention with residual over [B, n, dim]; shows `attn.pattern` (or its factors) and `attn.head`.
Tensor attend(Run& run, const Tensor& x, const LayoutPtr& layout, Index heads);
/// The class token and the better half of the others, in their order: [B, 1 + (n - 1) / 2].
Tensor betterHalf(const Tensor& scores);
/// The half spectrum of each channel: f32 [B, C, n, n] to c64 [B, C, n, n / 2 + 1], n even, unnormalised.
Tensor halfSpectrum(Run& run, const Tensor& x);
/// Its inverse; a column between the first and the last stands for its mirror image too.
Tensor fromHalfSpectrum(Run& run, const Tensor& spectrum);
/// c64 [B, C, n, n / 2 + 1] times a filter c64 [1, C, n, n / 2 + 1].
Tensor timesFilter(Run& run, const Tensor& spectrum, const Tensor& filter);
/// Pairs of real and imaginary parts as a c64 tensor of that shape.
Tensor asComplex(Run& run, const Tensor& pairs, const Shape& shape);

}
