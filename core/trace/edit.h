// An edit: path[=verb[:args]], said of a signal, of one index of it, or of a whole block.
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

/// As written: "blocks.3.attn.head.1=scale:0.5". Verbs: off (the default), mean (over tokens), scale:F,
/// set:F, cut[:renorm] (attention edges), patch:NAME (the value from another trace at the same place).
struct FOVEA_API Edit {
    std::string path;
    std::string verb = "off";
    std::vector<std::string> args;

    /// Throws UsageError when the text is no edit.
    static Edit parse(std::string_view text);
    std::string text() const;
    bool operator==(const Edit&) const = default;
};

/// Edits bound to what a source declares. A path is, in this order: a block, a signal, a signal (not of
/// a block's name) without its ".out", or one of these followed by indices of its leading axes ('*' for all;
/// a special token's name where a token is meant; of Attention head, query and key, the latter two as tokens,
/// in windows too). Said of a block, `off` leaves only what flows around it.
class FOVEA_API EditPlan {
public:
    /// Finds the trace that a `patch:NAME` names; nullptr when there is none.
    using PatchSource = std::function<TracePtr(const std::string& name)>;

    EditPlan() = default;
    /// Throws UsageError for an edit that names nothing or whose verb does not suit the Kind.
    EditPlan(const std::vector<Edit>& edits, const std::vector<SignalInfo>& infos,
        const std::vector<std::string>& blocks, const PatchSource& patches = {});

    bool empty() const { return bound_.empty(); }
    bool touches(std::string_view path) const;
    /// The value after all edits of that signal; the same handle when none applies. Every sample of the
    /// batch is edited alike. Throws UsageError when an index is out of range.
    Tensor apply(const Shown& shown, const Tensor& value);
    BlockEdit blockEdit(std::string_view block);
    /// Path of the first block (in the order given) that an edit touches; empty when there is none.
    std::string firstBlock(const std::vector<std::string>& blocks) const;
    /// The edits, as written, that were applied and changed no number.
    std::vector<std::string> withoutEffect() const;

private:
    struct Bound {
        Edit edit;
        std::string path; ///< of the signal or block
        std::string block;
        Kind kind = Kind::Tokens;
        bool isBlock = false;
        std::vector<std::string> indices;
        TracePtr patch;
        bool changed = false;
    };
    void bind(const Edit& edit, const std::vector<SignalInfo>& infos, const std::vector<std::string>& blocks);

    std::vector<Bound> bound_;
};

}
