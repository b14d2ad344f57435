// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <algorithm>
#include <chrono>

namespace fovea {

namespace {

std::shared_ptr<Pool> poolOr(std::shared_ptr<Pool> pool)
{
    return pool ? std::move(pool) : std::make_shared<Pool>(1);
}

}

Run::Run(const Weights& weights, RunOptions options)
    : weights_(weights)
    , options_(std::move(options))
    , pool_(*(options_.pool = poolOr(options_.pool)))
    , started_(options_.replay.from.empty())
{
    prefix_.reserve(256); // so that a forward pass allocates nothing for its names
    name_.reserve(256);
}

Run Run::unwatched() const
{
    RunOptions options = options_;
    options.probe = nullptr;
    options.told = nullptr;
    options.replay = {};
    options.progress = {};
    return Run(weights_, std::move(options));
}

Run::Scope::Scope(Run& run, std::string_view part)
    : run_(run)
    , length_(run.prefix_.size())
{
    run.prefix_.append(part);
    if (!part.empty())
        run.prefix_.push_back('.');
}

std::string_view Run::full(std::string_view part, std::string_view leaf)
{
    name_.assign(prefix_);
    name_.append(part);
    name_.append(leaf);
    return name_;
}

const Tensor& Run::weight(std::string_view part, std::string_view leaf)
{
    const Tensor* tensor = maybeWeight(part, leaf);
    if (!tensor)
        throw Error("the weights lack the tensor '" + std::string(full(part, leaf)) + "'");
    return *tensor;
}

const Tensor* Run::maybeWeight(std::string_view part, std::string_view leaf)
{
    const std::string_view name = full(part, leaf);
    const Tensor* tensor = weights_.find(name);
    if (options_.asked && tensor)
        options_.asked->emplace(name);
    if (options_.tape && tensor)
        options_.tape->watchParameter(name, *tensor);
    return tensor;
}

Want Run::wants(std::string_view signal, std::size_t bytes)
{
    return options_.probe ? options_.probe->wants(full(signal), bytes) : Want::Nothing;
}

bool Run::wantsState(std::string_view block) const
{
    return options_.tape || options_.isTraining || options_.replay.upTo == block
        || (options_.probe && options_.probe->wantsState(block));
}

Tensor Run::offer(std::string_view signal, const Tensor& value, Shown context)
{
    if (wants(signal, value.byteSize()) == Want::Nothing)
        return value;
    context.path = full(signal);
    Tensor result = options_.probe->show(context, value);
    assert(result.shape() == value.shape());
    return result;
}

void Run::recordEdit(std::string_view signal, const Tensor& value, const Tensor& edited, const Shown& context)
{
    if (edited.same(value) || !tapeFor(value) || tapeFor(edited))
        return;
    options_.tape->record(edited,
        [probe = options_.probe, path = std::string(full(signal)), context, value](
            Run& run, Tape& tape, const Tensor& gradient) {
            Shown shown = context;
            shown.path = path;
            tape.give(run, value, probe->pullBack(shown, value, gradient));
        });
}

void Run::follow(std::string_view signal, const Tensor& value, const Shown& context, Tape::SignalView view)
{
    if (options_.tape && options_.tape->wants(full(signal)))
        options_.tape->follow(name_, value, context, std::move(view));
}

Tensor Run::show(std::string_view signal, const Tensor& value, Shown context)
{
    if (!options_.tape)
        return offer(signal, value, std::move(context));
    Tensor result = offer(signal, value, context);
    recordEdit(signal, value, result, context);
    follow(signal, result, context);
    return result;
}

std::string Run::gradientPath(std::string_view signal)
{
    return options_.tape && options_.tape->wants(full(signal)) ? name_ : std::string();
}

bool Run::wantsGradient(std::string_view path, std::size_t bytes)
{
    name_.assign("grad.").append(path);
    return options_.probe && options_.probe->wants(name_, bytes) == Want::Value;
}

void Run::showGradient(std::string_view path, const Tensor& gradient, Shown context)
{
    name_.assign("grad.").append(path);
    context.path = name_;
    options_.probe->show(context, gradient);
}

void Run::showFactors(std::string_view signal, const AttentionFactors& factors, Shown context)
{
    context.path = full(signal);
    options_.probe->showFactors(context, factors);
}

RandomPlace Run::random(std::string_view name, std::uint64_t sample)
{
    return {options_.seed, options_.step, hashOf(full(name)), sample};
}

State Run::runBlock(BlockNames names, const State& before, BlockFn fn, void* context)
{
    const std::string_view path = names.path;
    options_.stop.check();
    if (!started_) {
        started_ = path == options_.replay.from;
        if (!started_) {
            const Trace& base = *options_.replay.base;
            const int i = base.blockIndex(path);
            assert(i >= 0 && i + 1 < static_cast<int>(base.blocks.size()));
            if (options_.probe)
                options_.probe->reuse(path);
            reportBlock();
            return base.blocks[static_cast<std::size_t>(i) + 1].before;
        }
    }
    if (options_.probe)
        options_.probe->enter(path, before);
    const auto begin = std::chrono::steady_clock::now();
    State after;
    {
        const Scope scope(*this, names.scope);
        after = fn(context, before);
    }
    if (options_.probe) {
        after = handOn(path, before, std::move(after));
        options_.probe->leave(
            path, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    reportBlock();
    if (!options_.replay.upTo.empty() && path == options_.replay.upTo)
        throw Ended();
    return after;
}

State Run::handOn(std::string_view path, const State& before, State after)
{
    const Tensor own = after.x;
    after = options_.probe->handOn(path, before, std::move(after));
    const bool isNew = !after.x.same(own) && !after.x.same(before.x);
    if (isNew && tapeFor(own, before.x) && !tapeFor(after.x))
        options_.tape->record(after.x,
            [probe = options_.probe, block = std::string(path), before = before.x, own](
                Run& run, Tape& tape, const Tensor& gradient) {
                const auto [ofBefore, ofOwn] = probe->pullBackBlock(block, before, own, gradient);
                tape.give(run, before, ofBefore);
                tape.give(run, own, ofOwn);
            });
    return after;
}

void Run::reportBlock()
{
    ++blocksDone_;
    if (options_.progress)
        options_.progress(std::min(1.0, static_cast<double>(blocksDone_) / std::max(options_.blockCount, 1)));
}

}
