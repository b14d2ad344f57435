// The sink to which a running source shows each signal by name. It may hand back a replacement (an edit).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "core/trace/state.h"

#include <string_view>
#include <utility>

namespace fovea {

/// What is said of a signal at the moment it is shown, besides its value.
struct Shown {
    std::string_view path = {}; ///< full path
    LayoutPtr queries = {}; ///< tokens of the token or query axis
    LayoutPtr keys = {}; ///< tokens of the key axis; empty: the same as the queries
    Tensor queryIndex = {}; ///< i32 [group, query], see Record
    Tensor keyIndex = {}; ///< i32 [group, key]
};

/// How much of a signal a probe asks for. `Factors` is meant for attention patterns beyond the memory
/// budget; for any other signal it means the same as `Value`.
enum class Want { Nothing, Factors, Value };

/// Observing must not change the result: a probe that replaces nothing leaves every bit as it was.
class FOVEA_API Probe {
public:
    virtual ~Probe() = default;
    /// Asked before a signal is made ready; `bytes` is what its value would take.
    virtual Want wants(std::string_view path, std::size_t bytes) = 0;
    /// The value with its batch axis. Returns the very same handle, or a replacement of equal shape.
    virtual Tensor show(const Shown& shown, const Tensor& value) = 0;
    /// An attention pattern by its factors, [B, group, head, ...]; cannot be replaced.
    virtual void showFactors(const Shown&, const AttentionFactors&) { }
    /// Whether what a block hands on is looked at itself: kept, or edited as a whole.
    virtual bool wantsState(std::string_view /*block*/) { return false; }
    /// A block begins; `before` is its input state.
    virtual void enter(std::string_view, const State&) { }
    /// A block ended after that many seconds.
    virtual void leave(std::string_view, double) { }
    /// A block is not run again: its records are those of an earlier trace.
    virtual void reuse(std::string_view) { }
    /// What a block hands on: its own result, or what an edit of the whole block made of it. The block's
    /// signals show what it computed all the same.
    virtual State handOn(std::string_view, const State& /*before*/, State after) { return after; }
    /// The gradient of `value` from that of what show() put in its place; undefined: a constant stands there.
    virtual Tensor pullBack(const Shown&, const Tensor& /*value*/, const Tensor& /*gradient*/) { return {}; }
    /// The same of what handOn() made of a block's input and its own result: the gradients of both.
    virtual std::pair<Tensor, Tensor> pullBackBlock(
        std::string_view, const Tensor& /*before*/, const Tensor& /*after*/, const Tensor& /*gradient*/)
    {
        return {};
    }
};

}
