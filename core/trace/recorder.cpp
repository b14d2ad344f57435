// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/recorder.h"

#include "core/trace/frequency.h"
#include "core/trace/patterns.h"

#include <algorithm>
#include <iterator>

namespace fovea {

Recorder::Recorder(std::vector<SignalInfo> infos, RecorderOptions options)
    : signals_(std::move(infos))
    , options_(std::move(options))
    , records_(std::make_shared<StepRecords>(options_.step))
{
    for (std::size_t i = 0; i < signals_.size(); ++i)
        byPath_[signals_[i].path] = i;
}

const SignalInfo* Recorder::infoOf(std::string_view path) const
{
    const auto found = byPath_.find(path);
    return found == byPath_.end() ? nullptr : &signals_[found->second];
}

bool Recorder::isAsked(std::string_view path) const { return matchesAny(options_.patterns, path); }

Want Recorder::wants(std::string_view path, std::size_t bytes)
{
    if (options_.edits.touches(path))
        return Want::Value;
    if (!isAsked(path))
        return Want::Nothing;
    const SignalInfo* info = infoOf(path);
    const bool tooLarge = info && info->kind == Kind::Attention && spent_ + bytes > options_.budget;
    if (tooLarge)
        tooLarge_.emplace_back(path);
    return tooLarge ? Want::Factors : Want::Value;
}

std::shared_ptr<Record> Recorder::describe(const Shown& shown) const
{
    auto record = std::make_shared<Record>();
    if (const SignalInfo* info = infoOf(shown.path))
        record->info = *info;
    record->info.path = shown.path;
    record->queries = shown.queries;
    const bool isOfItself = record->kind() == Kind::Attention && !shown.keys;
    record->keys = isOfItself ? shown.queries : shown.keys;
    record->queryIndex = shown.queryIndex;
    record->keyIndex = shown.keyIndex;
    return record;
}

Tensor Recorder::cut(const Tensor& batched) const
{
    return batched.at(std::min(options_.sample, batched.dim(0) - 1));
}

Tensor Recorder::show(const Shown& shown, const Tensor& value)
{
    Tensor result = options_.edits.apply(shown, value);
    if (!isAsked(shown.path))
        return result;
    auto record = describe(shown);
    record->value = value.dim(0) == 1 ? cut(result) : cut(result).clone();
    record->axes = defaultAxes(record->info, record->value.shape());
    addFrequencies(record->axes, *record);
    record->finite = allFinite(record->value);
    record->edited = !result.same(value);
    if (record->kind() == Kind::Attention)
        spent_ += record->byteSize();
    records_->add(std::move(record));
    return result;
}

void Recorder::showFactors(const Shown& shown, const AttentionFactors& factors)
{
    auto record = describe(shown);
    record->factors = {cut(factors.q), cut(factors.k), cut(factors.logSum), factors.scale};
    record->axes = defaultAxes(record->info, shapeOf(*record));
    record->finite = allFinite(factors.logSum);
    records_->add(std::move(record));
}

bool Recorder::wantsState(std::string_view block)
{
    return options_.keepStates || options_.edits.touchesBlock(block);
}

void Recorder::enter(std::string_view block, const State& before)
{
    blocks_.push_back(BlockMark{std::string(block), options_.keepStates ? before : State{}, 0});
}

void Recorder::leave(std::string_view, double seconds) { blocks_.back().seconds = seconds; }

void Recorder::reuse(std::string_view block)
{
    if (!options_.base)
        return;
    const Trace& base = *options_.base;
    const int index = base.blockIndex(block);
    assert(index >= 0);
    blocks_.push_back(base.blocks[static_cast<std::size_t>(index)]);
    for (const RecordPtr& record : base.steps.front()->all())
        if (record->info.block == block && isAsked(record->path()))
            records_->add(record);
}

State Recorder::handOn(std::string_view block, const State& before, State after)
{
    return options_.edits.applyToBlock(block, before, std::move(after));
}

Tensor Recorder::pullBack(const Shown& shown, const Tensor& value, const Tensor& gradient)
{
    return options_.edits.pullBack(shown, value, gradient);
}

std::pair<Tensor, Tensor> Recorder::pullBackBlock(
    std::string_view block, const Tensor& before, const Tensor& after, const Tensor& gradient)
{
    return options_.edits.pullBackBlock(block, before, after, gradient);
}

TracePtr Recorder::finish(Provenance provenance, Tensor input, const Tensor& output)
{
    auto trace = std::make_shared<Trace>();
    trace->provenance = std::move(provenance);
    trace->input = std::move(input);
    trace->output = output.defined() ? cut(output) : Tensor();
    trace->blocks = std::move(blocks_);
    std::ranges::copy_if(std::exchange(tooLarge_, {}), std::back_inserter(trace->leftOut),
        [&](const std::string& path) { return !records_->find(path); });
    trace->steps = {std::exchange(records_, std::make_shared<StepRecords>(options_.step))};
    blocks_.clear();
    spent_ = 0;
    return trace;
}

}
