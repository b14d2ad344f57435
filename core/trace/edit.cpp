// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit.h"

#include "core/tensor/error.h"
#include "core/tensor/nearest.h"
#include "core/trace/edit_filter.h"
#include "core/trace/edit_verbs.h"

#include <algorithm>
#include <iterator>

namespace fovea {

namespace {

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

void requireSuited(const Edit& edit, const edits::Verb& verb, const SignalInfo& signal)
{
    if (!verb.suits(signal))
        edits::refuse(edit,
            edit.verb + " is for " + std::string(verb.subject) + "; '" + signal.path + "' is "
                + (signal.role.empty() ? std::string(nameOf(signal.kind)) : signal.role));
}

/// Paths that the edit may have meant, its indices behind them: blocks, modules that the verb takes, signals.
std::string alike(const Edit& edit, const std::vector<SignalInfo>& infos, std::vector<std::string> blocks)
{
    const edits::Verb& verb = edits::verbOf(edit);
    std::vector<std::string> bases, known = std::move(blocks);
    for (const SignalInfo& signal : infos)
        if (signal.path.ends_with(verb.part) && signal.path.size() != signal.block.size() + verb.part.size()
            && verb.suits(signal))
            bases.push_back(signal.path.substr(0, signal.path.size() - verb.part.size()));
    std::ranges::transform(infos, std::back_inserter(bases), &SignalInfo::path);
    for (const Reading& reading : readings(edit.path))
        for (const std::string& base : bases) {
            known.push_back(base);
            for (const std::string& index : reading.indices)
                known.back() += "." + index;
        }
    return nearest(edit.path, known);
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
    const std::string_view rest = text.substr(equals + 1);
    const auto colon = rest.find(':');
    edit.verb = std::string(rest.substr(0, colon));
    if (edit.verb.empty())
        throw UsageError("edit '" + std::string(text) + "': a verb is missing after '='");
    if (colon != std::string_view::npos)
        edit.args = {std::string(rest.substr(colon + 1))};
    return edit;
}

std::string editVerbs()
{
    std::string all;
    for (const edits::Verb& verb : edits::verbs())
        all += (all.empty() ? "" : ", ") + edits::textOf(verb);
    return all;
}

std::string Edit::text() const
{
    std::string out = path + "=" + verb;
    for (const auto& arg : args)
        out += ":" + arg;
    return out;
}

EditPlan::EditPlan(const std::vector<Edit>& edits, const std::vector<SignalInfo>& infos,
    const std::vector<std::string>& blocks, const PatchSource& patches, const FilterSource& filters)
{
    for (const Edit& edit : edits) {
        const auto before = bound_.size();
        bind(edit, infos, blocks);
        if (bound_.size() == before)
            edits::refuse(edit,
                "'" + edit.path + "' names no block and no signal of this model" + alike(edit, infos, blocks)
                    + "; `fovea info` lists them");
        const TracePtr patch = edit.verb == "patch" && patches ? patches(edit.args[0]) : nullptr;
        if (edit.verb == "patch" && !patch)
            edits::refuse(edit, "'" + edit.args[0] + "' is no trace");
        for (auto i = before; i < bound_.size(); ++i) {
            bound_[i].patch = patch;
            if (edit.verb == "from")
                bindFilter(bound_[i], infos, filters);
        }
    }
}

/// The same signal of the block that `from` names.
void EditPlan::bindFilter(Bound& bound, const std::vector<SignalInfo>& infos, const FilterSource& filters)
{
    const std::string other = edits::blockOf(bound.edit), leaf = bound.path.substr(bound.block.size());
    const auto found = std::ranges::find(infos, other + leaf, &SignalInfo::path);
    if (found == infos.end() || found->kind != Kind::Filter) {
        std::string known;
        for (const SignalInfo& signal : infos)
            if (signal.kind == Kind::Filter && signal.path == signal.block + leaf)
                known += (known.empty() ? "" : ", ") + signal.block;
        edits::refuse(bound.edit, "block '" + other + "' has no filter; there are " + known);
    }
    if (!filters)
        return;
    auto record = std::make_shared<Record>();
    record->info = *found;
    record->value = filters(found->path);
    if (!record->value.defined())
        edits::refuse(bound.edit, "the weights have no '" + found->path + "' to take");
    bound.filter = std::move(record);
}

void EditPlan::bind(
    const Edit& edit, const std::vector<SignalInfo>& infos, const std::vector<std::string>& blocks)
{
    const edits::Verb* verb = &edits::verbOf(edit);
    const auto before = bound_.size();
    const auto isBlock = [&](const std::string& pattern) {
        return std::ranges::any_of(blocks, [&](const auto& block) { return matches(pattern, block); });
    };
    for (const std::string& block : blocks)
        if (matches(edit.path, block)) {
            if (!verb->suitsBlocks)
                edits::refuse(edit,
                    "a whole block can be off, mean or scaled; to replace its value edit '" + edit.path
                        + ".out'");
            bound_.push_back(Bound{edit, verb, block, block, Kind::Tokens, {}, true, {}});
        }
    for (const Reading& reading : readings(edit.path))
        for (const std::string_view suffix : {std::string_view(), verb->part}) {
            if (bound_.size() > before || (!suffix.empty() && isBlock(reading.base)))
                break;
            for (const SignalInfo& signal : infos)
                if (matches(reading.base + std::string(suffix), signal.path)) {
                    requireSuited(edit, *verb, signal);
                    bound_.push_back(Bound{edit, verb, signal.path, signal.block, signal.kind, signal.domain,
                        false, reading.indices});
                }
        }
}

bool EditPlan::touches(std::string_view path) const
{
    return std::ranges::any_of(bound_, [&](const Bound& b) { return !b.isBlock && b.path == path; });
}

bool EditPlan::touchesBlock(std::string_view block) const
{
    return std::ranges::any_of(bound_, [&](const Bound& b) { return b.isBlock && b.path == block; });
}

std::string EditPlan::firstBlock(const std::vector<std::string>& blocks) const
{
    for (const std::string& block : blocks)
        if (std::ranges::any_of(bound_, [&](const Bound& b) { return b.block == block; }))
            return block;
    return {};
}

bool EditPlan::namesTokens() const
{
    return std::ranges::any_of(bound_, [](const Bound& bound) {
        const bool countsHeads = bound.kind == Kind::Attention || bound.kind == Kind::Heads;
        const auto isNumber = [](const std::string& index) {
            return index.find_first_not_of("0123456789") == std::string::npos;
        };
        const auto tokens = std::min<std::size_t>(countsHeads ? 1 : 0, bound.indices.size());
        return bound.patch
            || std::any_of(
                bound.indices.begin() + static_cast<std::ptrdiff_t>(tokens), bound.indices.end(), isNumber);
    });
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
