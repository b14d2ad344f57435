// What was shown of one signal, for one sample: numbers, axes and the tokens they speak of. It knows nothing
// of how it is drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"
#include "core/trace/kind.h"
#include "core/trace/token_layout.h"

#include <string>
#include <vector>

namespace fovea {

/// One axis of a Record. Without values it counts 0..n-1.
struct Axis {
    std::string name;
    std::string unit; ///< empty: a plain index
    std::vector<double> values; ///< one per element, or empty
    std::vector<std::string> labels; ///< one per element (fields, classes), or empty
    bool operator==(const Axis&) const = default;
};

/// What a source declares of a signal before it runs.
struct SignalInfo {
    std::string path; ///< "blocks.3.attn.pattern"
    Kind kind = Kind::Tokens;
    std::string role; ///< what it is in the field's words: "attention after softmax"
    int depth = 0; ///< index of the layer, for ordering; -1 outside the layers
    std::string block; ///< path of the block that shows it; empty: shown after the last block
    std::string help = {}; ///< one line for people
    std::string unit = {}; ///< of the values; empty for a pure number
    std::vector<std::string> fields = {}; ///< names of the last axis, for Keep, Points and Graph
    std::string domain = {}; ///< Filter: "space", "spectrum" or "half-spectrum"; else empty
};

/// The factors of an attention pattern that was too large to keep:
/// pattern[g, h, i, j] = exp(scale * q[h, i] . k[h, j] - logSum[h, i]).
struct AttentionFactors {
    Tensor q; ///< [group, head, query, channel]
    Tensor k; ///< [group, head, key, channel]
    Tensor logSum; ///< [group, head, query], log of the softmax's denominator
    float scale = 1;
    bool defined() const { return q.defined(); }
};

/// Immutable once it is in a Trace. `value` never has a batch axis.
struct Record {
    SignalInfo info;
    Tensor value; ///< undefined when only `factors` were kept
    std::vector<Axis> axes; ///< one per axis of the value
    LayoutPtr queries; ///< the tokens of the token or query axis
    LayoutPtr keys; ///< the tokens of the key axis (Attention)
    Tensor queryIndex; ///< i32 [group, query]: token of `queries`; undefined: 0..n-1
    Tensor keyIndex; ///< i32 [group, key]
    AttentionFactors factors; ///< Attention above the memory budget
    bool finite = true; ///< false: it holds NaN or infinity and is drawn as such
    bool edited = false; ///< an edit replaced it

    const std::string& path() const { return info.path; }
    Kind kind() const { return info.kind; }
    FOVEA_API std::size_t byteSize() const;
};

/// The extents of a Record's axes, also when only the factors were kept.
FOVEA_API Shape shapeOf(const Record& record);

/// Axes for a value of that Kind and shape: names from the Kind, labels from `info.fields`.
FOVEA_API std::vector<Axis> defaultAxes(const SignalInfo& info, const Shape& shape);

}
