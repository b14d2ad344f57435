// What the edits of a plan make of values, and of gradients on their way back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit.h"
#include "core/trace/edit_verbs.h"

#include <algorithm>
#include <functional>

namespace fovea {

namespace {

Tensor differenceOf(const Tensor& a, const Tensor& b)
{
    Tensor difference(a.shape());
    std::ranges::transform(
        a.values<float>(), b.values<float>(), difference.writable().begin(), std::minus<>());
    return difference;
}

Tensor sumOf(const Tensor& a, const Tensor& b)
{
    Tensor sum(a.shape());
    std::ranges::transform(a.values<float>(), b.values<float>(), sum.writable().begin(), std::plus<>());
    return sum;
}

void requireEditable(const Edit& edit, const State& before, const State& after)
{
    const Shape &from = before.x.shape(), &to = after.x.shape();
    if (from != to)
        edits::refuse(
            edit, "the block changes the shape of what flows on, from " + from.text() + " to " + to.text());
    if (before.layout && after.layout && *before.layout != *after.layout)
        edits::refuse(edit, "the block changes the tokens that flow on");
    if (edit.verb == "mean" && to.rank() < 3)
        edits::refuse(edit, "what flows on has no tokens");
}

/// What a whole block adds to the stream.
edits::Target blockTarget(const Edit& edit, const Tensor& added)
{
    const auto rank = static_cast<std::size_t>(added.rank());
    return {edit, rank == 4 ? Kind::Grid : Kind::Tokens, {edits::Selection(rank, -1)}};
}

}

/// What an edit of a signal is applied to.
edits::Target EditPlan::targetOf(const Bound& bound, const Shown& shown, const Tensor& value)
{
    return {bound.edit, bound.kind, edits::selections(bound.kind, bound.indices, shown, value),
        bound.patch ? bound.patch->find(shown.path) : bound.filter, bound.domain, shown.queries, bound.path};
}

Tensor EditPlan::apply(const Shown& shown, const Tensor& value)
{
    Tensor result = value;
    for (Bound& bound : bound_) {
        if (bound.isBlock || bound.path != shown.path)
            continue;
        Tensor next = result.clone();
        bound.verb->apply(next, targetOf(bound, shown, value));
        bound.changed = bound.changed || !next.identical(result);
        result = next;
    }
    return result;
}

Tensor EditPlan::pullBack(const Shown& shown, const Tensor& value, const Tensor& gradient) const
{
    std::vector<std::pair<const Bound*, Tensor>> applied; // each edit, and what it was applied to
    Tensor next = value;
    for (const Bound& bound : bound_)
        if (!bound.isBlock && bound.path == shown.path) {
            applied.emplace_back(&bound, next);
            next = next.clone();
            bound.verb->apply(next, targetOf(bound, shown, value));
        }
    Tensor result = gradient.clone();
    for (auto step = applied.rbegin(); step != applied.rend(); ++step)
        step->first->verb->pullBack(result, step->second, targetOf(*step->first, shown, value));
    return result;
}

State EditPlan::applyToBlock(std::string_view block, const State& before, State after)
{
    for (Bound& bound : bound_) {
        if (!bound.isBlock || bound.path != block)
            continue;
        requireEditable(bound.edit, before, after);
        const Tensor added = differenceOf(after.x, before.x);
        Tensor edited = added.clone();
        bound.verb->apply(edited, blockTarget(bound.edit, edited));
        const bool isOff = bound.verb->name == "off", isSame = edited.identical(added);
        bound.changed = bound.changed || !isSame;
        if (isOff || !isSame)
            after.x = isOff ? before.x : sumOf(before.x, edited);
    }
    return after;
}

std::pair<Tensor, Tensor> EditPlan::pullBackBlock(
    std::string_view block, const Tensor& before, const Tensor& after, const Tensor& gradient) const
{
    std::vector<std::pair<const Bound*, Tensor>> applied; // each edit, and what the block added till then
    Tensor added = differenceOf(after, before);
    for (const Bound& bound : bound_)
        if (bound.isBlock && bound.path == block) {
            applied.emplace_back(&bound, added);
            added = added.clone();
            bound.verb->apply(added, blockTarget(bound.edit, added));
        }
    Tensor ofAdded = gradient.clone();
    for (auto step = applied.rbegin(); step != applied.rend(); ++step)
        step->first->verb->pullBack(ofAdded, step->second, blockTarget(step->first->edit, ofAdded));
    return {differenceOf(gradient, ofAdded), ofAdded}; // before + e(after - before)
}

}
