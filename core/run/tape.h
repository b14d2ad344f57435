// What a run did, so that it can be gone through backwards: reverse-mode gradients. It computes nothing by
// itself; every operation brings its own backward.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fovea {

class Run;

/// What gradients are wanted of, as patterns of names ('*' stands for any characters).
struct GradientRequest {
    std::vector<std::string> parameters;
    std::vector<std::string> signalPaths; ///< each is shown to the run's probe as `grad.<path>`
};

/// Where a backward leaves an input's share: one float for each float of the input, in its layout.
struct GradientSink {
    float* data = nullptr; ///< nullptr: nobody wants it
    bool adds = false; ///< add to what is there; otherwise write every element
    explicit operator bool() const { return data != nullptr; }
};

/// Gradients belong to memory: a view (reshaped, rows, the heads of a packed tensor) has its part of the
/// gradient of what it is a view of, without a node of its own. Only what depends on something watched is
/// recorded. One tape serves one forward and one backward; each gradient is freed as soon as it was passed
/// on.
class FOVEA_API Tape {
public:
    /// Gives each input its share of `gradient`, the whole gradient of the output, whose memory it may use.
    using Backward = std::function<void(Run& run, Tape& tape, Tensor gradient)>;
    /// The gradient of a signal, from that of the tensor it was made from.
    using SignalView = std::function<Tensor(Run& run, const Tensor& gradient)>;

    explicit Tape(GradientRequest request = {});

    // --- forward ---

    /// From now on gradients go to this tensor. Of c64 they are real and imaginary parts; other types than
    /// f32 and c64 have none.
    void watch(const Tensor& leaf);
    /// The same for a parameter, when it is asked for.
    void watchParameter(std::string_view name, const Tensor& value);
    /// Whether a gradient of `tensor` is of use.
    bool reaches(const Tensor& tensor) const { return tensor.defined() && regionOf(tensor) != nullptr; }
    /// `output`, a tensor just made, came from inputs of which at least one is reached.
    void record(const Tensor& output, Backward backward);
    /// Whether the gradient of that signal was asked for.
    bool wants(std::string_view signal) const;
    /// Shows the gradient of `value` as that of a signal, once it is complete.
    void follow(std::string_view signal, const Tensor& value, const Shown& shown, SignalView view = {});

    // --- backward ---

    /// From the gradient of a scalar with respect to `output` to all that is wanted. Throws Cancelled.
    void backward(Run& run, const Tensor& output, const Tensor& cotangent);
    /// Where an operation's backward puts what it computes for `input`.
    GradientSink sink(Run& run, const Tensor& input);
    /// Adds a finished gradient of an input's shape; nothing when it is undefined. Shares it where it can.
    void give(Run& run, const Tensor& input, const Tensor& gradient);

    // --- results ---

    /// The gradient of something watched; undefined when the output does not depend on it.
    Tensor gradient(const Tensor& leaf) const;
    /// Those of the parameters asked for, in the order in which they were read first. The output does not
    /// depend on those that are left out.
    NamedTensors parameterGradients() const;

private:
    struct Mark {
        std::string path;
        Tensor value;
        Shown shown;
        SignalView view;
    };
    struct Region {
        Tensor value; ///< held, so that nothing else gets its place
        Tensor gradient; ///< flat f32; undefined: nothing yet
        std::vector<Mark> marks;
    };
    struct Node {
        const std::byte* output;
        Backward backward;
    };

    const Region* regionOf(const Tensor& tensor) const;
    Region* regionOf(const Tensor& tensor)
    {
        return const_cast<Region*>(static_cast<const Tape*>(this)->regionOf(tensor));
    }
    void add(const Tensor& value);
    static void showMarks(Run& run, const Region& region);
    static Tensor partOf(const Region& region, const Tensor& view);

    GradientRequest request_;
    std::map<const std::byte*, Region> regions_; ///< by their first byte; they do not overlap
    std::vector<Node> nodes_; ///< in the order of the forward pass
    std::vector<std::pair<std::string, Tensor>> parameters_;
    bool isRewinding_ = false; ///< what runs in a backward is not recorded
};

}
