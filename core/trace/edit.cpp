// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit.h"

#include "core/tensor/error.h"
#include "core/trace/edit_verbs.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fovea {

namespace {

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(std::string(text.substr(0, end)));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

/// One way to read an edit's path: a base, and indices after it.
struct Reading {
    std::string base;
    std::vector<std::string> indices;
};

/// "a.b.1.cls" as a.b.1.cls | a.b.1 + [cls] | a.b + [1, cls] | ...: at most three indices.
std::vector<Reading> readings(const std::string& path)
{
    std::vector<Reading> all{{path, {}}};
    while (all.size() <= 3) {
        Reading next = all.back();
        const auto dot = next.base.rfind('.');
        if (dot == std::string::npos)
            break;
        next.indices.insert(next.indices.begin(), next.base.substr(dot + 1));
        next.base.resize(dot);
        all.push_back(next);
    }
    return all;
}

float number(const Edit& edit)
{
    const std::string& text = edit.args.at(0);
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        throw UsageError("edit '" + edit.text() + "': '" + text + "' is not a finite number");
    return value;
}

void checkVerb(const Edit& edit, Kind kind, bool isBlock)
{
    const auto arguments = edit.args.size();
    const auto refuse
        = [&](const std::string& why) { throw UsageError("edit '" + edit.text() + "': " + why); };
    if (edit.verb == "scale" || edit.verb == "set" || edit.verb == "patch") {
        if (arguments != 1)
            refuse(edit.verb + " takes one argument, as in " + edit.verb
                + (edit.verb == "patch" ? ":B" : ":0.5"));
        if (edit.verb != "patch")
            number(edit);
    } else if (edit.verb == "cut") {
        if (kind != Kind::Attention)
            refuse("cut is for attention edges");
        if (arguments > 1 || (arguments == 1 && edit.args[0] != "renorm"))
            refuse("cut takes no argument but 'renorm'");
    } else if (edit.verb == "off" || edit.verb == "mean") {
        if (arguments)
            refuse(edit.verb + " takes no argument");
    } else {
        refuse("unknown verb '" + edit.verb + "'; there are off, mean, scale, set, cut and patch");
    }
    if (isBlock && (edit.verb == "set" || edit.verb == "patch"))
        refuse("a whole block can be off, mean or scaled; to replace its value edit '" + edit.path + ".out'");
    if (edit.verb == "mean" && !isBlock && !edits::tokenAxis(kind))
        refuse("mean is over tokens, and a " + std::string(nameOf(kind)) + " has none");
}

}

Edit Edit::parse(std::string_view text)
{
    const auto equals = text.find('=');
    Edit edit;
    edit.path = std::string(text.substr(0, equals));
    if (edit.path.empty())
        throw UsageError(
            "edit '" + std::string(text) + "': expected path=verb, as in blocks.3.attn.head.1=off");
    if (equals == std::string_view::npos)
        return edit;
    auto parts = split(text.substr(equals + 1), ':');
    if (parts[0].empty())
        throw UsageError("edit '" + std::string(text) + "': a verb is missing after '='");
    edit.verb = parts[0];
    edit.args.assign(parts.begin() + 1, parts.end());
    return edit;
}

std::string Edit::text() const
{
    std::string out = path + "=" + verb;
    for (const auto& arg : args)
        out += ":" + arg;
    return out;
}

EditPlan::EditPlan(const std::vector<Edit>& edits, const std::vector<SignalInfo>& infos,
    const std::vector<std::string>& blocks, const PatchSource& patches)
{
    for (const Edit& edit : edits) {
        const auto before = bound_.size();
        bind(edit, infos, blocks);
        if (bound_.size() == before)
            throw UsageError("edit '" + edit.text() + "': '" + edit.path
                + "' names no block and no signal of this model; `fovea info` lists them");
        const TracePtr patch = edit.verb == "patch" && patches ? patches(edit.args[0]) : nullptr;
        if (edit.verb == "patch" && !patch)
            throw UsageError("edit '" + edit.text() + "': there is no trace '" + edit.args[0] + "'");
        for (auto i = before; i < bound_.size(); ++i)
            bound_[i].patch = patch;
    }
}

void EditPlan::bind(
    const Edit& edit, const std::vector<SignalInfo>& infos, const std::vector<std::string>& blocks)
{
    const auto before = bound_.size();
    const auto isBlock = [&](const std::string& pattern) {
        return std::ranges::any_of(blocks, [&](const auto& block) { return matches(pattern, block); });
    };
    for (const std::string& block : blocks)
        if (matches(edit.path, block)) {
            checkVerb(edit, Kind::Tokens, true);
            bound_.push_back(Bound{edit, block, block, Kind::Tokens, true, {}, {}, false});
        }
    for (const Reading& reading : readings(edit.path))
        for (const char* suffix : {"", ".out"}) {
            if (bound_.size() > before || (*suffix && isBlock(reading.base)))
                break;
            for (const SignalInfo& signal : infos)
                if (matches(reading.base + suffix, signal.path)) {
                    checkVerb(edit, signal.kind, false);
                    bound_.push_back(Bound{
                        edit, signal.path, signal.block, signal.kind, false, reading.indices, {}, false});
                }
        }
}

bool EditPlan::touches(std::string_view path) const
{
    return std::ranges::any_of(bound_, [&](const Bound& b) { return !b.isBlock && b.path == path; });
}

Tensor EditPlan::apply(const Shown& shown, const Tensor& value)
{
    Tensor result = value;
    for (Bound& bound : bound_) {
        if (bound.isBlock || bound.path != shown.path)
            continue;
        const edits::Target target{
            bound.edit.text(), bound.kind, edits::selections(bound.kind, bound.indices, shown, value)};
        Tensor next = result.clone();
        const std::string& verb = bound.edit.verb;
        if (verb == "off")
            edits::scale(next, target, 0);
        else if (verb == "scale")
            edits::scale(next, target, number(bound.edit));
        else if (verb == "set")
            edits::set(next, target, number(bound.edit));
        else if (verb == "mean")
            edits::mean(next, target);
        else if (verb == "cut")
            edits::cut(next, target, !bound.edit.args.empty());
        else
            edits::patch(next, target, bound.patch->find(shown.path));
        bound.changed = bound.changed || !next.identical(result);
        result = next;
    }
    return result;
}

BlockEdit EditPlan::blockEdit(std::string_view block)
{
    BlockEdit result;
    for (Bound& bound : bound_) {
        if (!bound.isBlock || bound.path != block)
            continue;
        if (bound.edit.verb == "mean")
            result.overTokens = true;
        else
            result.gain *= bound.edit.verb == "scale" ? number(bound.edit) : 0.0F;
        bound.changed = result.gain != 1 || result.overTokens;
    }
    return result;
}

std::string EditPlan::firstBlock(const std::vector<std::string>& blocks) const
{
    for (const std::string& block : blocks)
        if (std::ranges::any_of(bound_, [&](const Bound& b) { return b.block == block; }))
            return block;
    return {};
}

std::vector<std::string> EditPlan::withoutEffect() const
{
    std::vector<std::string> idle;
    for (const Bound& bound : bound_) {
        const std::string text = bound.edit.text();
        const bool someChanged
            = std::ranges::any_of(bound_, [&](const Bound& b) { return b.changed && b.edit == bound.edit; });
        if (!someChanged && std::ranges::find(idle, text) == idle.end())
            idle.push_back(text);
    }
    return idle;
}

}
