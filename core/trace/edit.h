// An edit: path[=verb[:args]], said of a signal, of one index of it, or of a whole block. What a verb does to
// numbers is edit_verbs.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"
#include "core/trace/trace.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fovea {

namespace edits {
struct Verb;
struct Target;
}

/// As written: "blocks.3.attn.head.1=scale:0.5". Verbs: off (0, the default), mean (over tokens or pixels),
/// scale:NUMBER, set:NUMBER, patch:TRACE.h5 (the value from another trace at the same place), cut[:renorm]
/// (edges after softmax become 0, the row stays unnormalised unless asked), mask (edges before softmax). Of
/// kept tokens: keep, drop (their fate), threshold:NUMBER (kept where the score is above). Of filters in the
/// frequency domain: lowpass:RADIUS, and on a FrequencyRegion, the whole plane when it is left out:
/// zero[:REGION], gain:NUMBER[:REGION], phase:SEED[:REGION] (at random), magnitude[:REGION] (phase 0),
/// from:BLOCK[:REGION] (another block's filter, as the weights have it).
struct FOVEA_API Edit {
    std::string path;
    std::string verb = "off";
    std::vector<std::string> args; ///< one at most: all that stands behind the verb's colon
    int stroke = 0; ///< of a brush that made it; 0: none did. It is no part of what an edit says

    /// Throws UsageError when the text is no edit.
    static Edit parse(std::string_view text);
    std::string text() const;
    bool operator==(const Edit& other) const
    {
        return path == other.path && verb == other.verb && args == other.args;
    }
};

/// The verbs as help lists them: "off, mean, scale:NUMBER, ...".
FOVEA_API std::string editVerbs();

/// Edits bound to what a source declares. A path is, in this order: a block, a signal, a signal (not of
/// a block's name) without its ".out" (for verbs of filters its ".weight"), or one of these followed by
/// indices of its leading axes ('*' for all; a special token's name where a token is meant; of Attention
/// head, query and key, the latter two as tokens, in windows too). Said of a block, `off` leaves only what
/// flows around it.
class FOVEA_API EditPlan {
public:
    /// Reads the trace that a `patch:TRACE.h5` names; nullptr when it is none.
    using PatchSource = std::function<TracePtr(const std::string& file)>;
    /// What the weights have for a signal of Kind Filter, without edits: c64 [channel, ky, kx]; an undefined
    /// tensor where they have nothing of that name.
    using FilterSource = std::function<Tensor(const std::string& signal)>;

    EditPlan() = default;
    /// Throws UsageError for an edit that names nothing or whose verb does not suit the Kind.
    EditPlan(const std::vector<Edit>& edits, const std::vector<SignalInfo>& infos,
        const std::vector<std::string>& blocks, const PatchSource& patches = {},
        const FilterSource& filters = {});

    bool empty() const { return bound_.empty(); }
    /// Whether one of them is of that signal,
    bool touches(std::string_view path) const;
    /// or of that block as a whole.
    bool touchesBlock(std::string_view block) const;
    /// The value after all edits of that signal; the same handle when none applies. Every sample of the
    /// batch is edited alike. Throws UsageError when an index is out of range.
    Tensor apply(const Shown& shown, const Tensor& value);
    /// What a block hands on: x + e(block(x) - x) for an edit e of the block, so that `off` leaves what flows
    /// around it. Throws UsageError when the block changes the tokens or the shape of what flows.
    State applyToBlock(std::string_view block, const State& before, State after);
    /// The gradient of `value` from that of what apply() made of it, which changes nothing here.
    Tensor pullBack(const Shown& shown, const Tensor& value, const Tensor& gradient) const;
    /// The same of applyToBlock(): the gradients of the block's input and of its own result.
    std::pair<Tensor, Tensor> pullBackBlock(
        std::string_view block, const Tensor& before, const Tensor& after, const Tensor& gradient) const;
    /// Path of the first block (in the order given) that an edit touches; empty when there is none.
    std::string firstBlock(const std::vector<std::string>& blocks) const;
    /// Whether an edit speaks of certain tokens, so that it would mean others in a run on fewer of them.
    bool namesTokens() const;
    /// The edits, as written, that were applied and changed no number.
    std::vector<std::string> withoutEffect() const;

private:
    struct Bound {
        Edit edit;
        const edits::Verb* verb;
        std::string path; ///< of the signal or block
        std::string block;
        Kind kind = Kind::Tokens;
        std::string domain; ///< of a Filter
        bool isBlock = false;
        std::vector<std::string> indices;
        TracePtr patch = {};
        RecordPtr filter = {}; ///< of `from`
        bool changed = false;
    };
    static edits::Target targetOf(const Bound& bound, const Shown& shown, const Tensor& value);
    void bindFilter(Bound& bound, const std::vector<SignalInfo>& infos, const FilterSource& filters);
    void bind(const Edit& edit, const std::vector<SignalInfo>& infos, const std::vector<std::string>& blocks);

    std::vector<Bound> bound_;
};

}
