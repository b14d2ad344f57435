// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/train/step_diagnosis.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

namespace fovea::train {

namespace {

Index perEpochOf(const TrainingTask& task)
{
    const Index count = task.data->count(Split::Train);
    if (count == 0)
        throw Error("data set '" + task.data->info().name + "': there are no training samples");
    return std::max<Index>(count / task.settings.batch, 1);
}

RunOptions runOptions(const StepMeans& means)
{
    RunOptions options;
    options.pool = means.pool;
    options.workspace = means.workspace;
    options.stop = means.stop;
    return options;
}

RunOptions runOptions(const StepMeans& means, std::uint64_t seed, Index step, Tape& tape)
{
    RunOptions options = runOptions(means);
    options.seed = seed;
    options.step = static_cast<std::uint64_t>(step);
    options.tape = &tape;
    options.isTraining = true;
    return options;
}

/// Ids as what execute() takes and files hold.
Tensor inFloats(const Tensor& ids)
{
    Tensor out(ids.shape());
    std::ranges::transform(ids.values<std::int32_t>(), out.writable().begin(),
        [](std::int32_t id) { return static_cast<float>(id); });
    return out;
}

std::shared_ptr<Pool> poolOf(const StepMeans& means)
{
    return means.pool ? means.pool : std::make_shared<Pool>(1);
}

}

Index evaluationBatch(const DataInfo& data)
{
    constexpr Index usual = 128, mostLogits = Index{1} << 24;
    const Index logits = data.content == Content::Tokens ? data.shape.count() * std::ssize(data.labels) : 1;
    return std::clamp<Index>(mostLogits / std::max<Index>(logits, 1), 1, usual);
}

/// The order of one epoch's samples.
struct Trainer::Order {
    std::mutex mutex;
    Index epoch = -1;
    std::vector<std::uint32_t> samples;
};

Trainer::Trainer(TrainingTask task)
    : task_(std::move(task))
    , perEpoch_(perEpochOf(task_))
    , plan_(planOf(*task_.architecture, task_.config, task_.settings,
          {task_.settings.stepsInAll(perEpoch_), perEpoch_}))
    , order_(std::make_unique<Order>())
{
    requireFit(*task_.architecture, task_.config, *task_.data);
    task_.teacher.requireInput(task_.architecture->inputShape(task_.config));
}

Trainer::~Trainer() = default;

TrainState Trainer::start(const StopToken& stop) const
{
    const Manifest manifest = task_.architecture->manifest(task_.config);
    return {0, freshParameters(manifest, task_.seed, stop), startMoments(task_.settings.optimiser, manifest)};
}

std::vector<Index> Trainer::samplesOf(Index step) const
{
    const Index epoch = step / perEpoch_, count = task_.data->count(Split::Train);
    const Index batch = std::min(task_.settings.batch, count);
    const std::lock_guard lock(order_->mutex);
    if (order_->epoch != epoch) {
        order_->samples
            = shuffledOrder(count, {task_.seed, static_cast<std::uint64_t>(epoch), hashOf("train.order"), 0});
        order_->epoch = epoch;
    }
    const auto first = order_->samples.begin() + step % perEpoch_ * batch;
    return {first, first + batch};
}

Batch Trainer::batchOf(Index step, Pool& pool) const
{
    const RandomPlace place{task_.seed, static_cast<std::uint64_t>(step), hashOf("train.augment"), 0};
    return makeBatch(
        pool, *task_.data, Split::Train, samplesOf(step), {task_.preprocess, task_.settings.augment, place});
}

Weights::Parts Trainer::partsWith(const NamedTensors& parameters) const
{
    Weights::Parts parts;
    parts.architecture = task_.architecture->identity().id;
    parts.config = task_.config;
    parts.preprocess = task_.preprocess;
    parts.labels = task_.data->info().labels;
    parts.parameters = parameters;
    return parts;
}

/// The training's, where evaluate() asks the labels alone.
Loss Trainer::lossOf(const Tensor& output, const Batch& batch, Run& run) const
{
    Loss own = train::lossOf(run, output, batch, task_.settings.smoothing);
    if (!task_.teacher.architecture)
        return own;
    RunOptions quiet;
    quiet.pool = run.options().pool;
    quiet.workspace = run.options().workspace;
    quiet.stop = run.options().stop;
    return task_.teacher.mixed(quiet, std::move(own), {batch.input, task_.preprocess, output});
}

StepResult Trainer::step(const TrainState& before, const StepMeans& means) const
{
    means.stop.check();
    return stepOn(before, batchOf(before.step, *poolOf(means)), means);
}

const PlannedPhase& Trainer::phaseAt(Index step) const
{
    const auto isWithin = [step](const PlannedPhase& phase) { return step < phase.end; };
    const auto found = std::ranges::find_if(plan_, isWithin);
    return found == plan_.end() ? plan_.back() : *found;
}

StepResult Trainer::stepOn(const TrainState& before, const Batch& batch, const StepMeans& means) const
{
    const PlannedPhase& planned = phaseAt(before.step);
    const Weights weights(partsWith(before.parameters));
    NamedTensors kept, told;
    Tape tape({planned.learned, means.gradients});
    RunOptions options = runOptions(means, task_.seed, before.step, tape);
    options.probe = means.probe;
    options.kept = &kept;
    options.told = &told;
    Run run(weights, options);
    Loss loss;
    std::optional<Reward> reward;
    {
        const Tensor output = task_.architecture->forward(run, planned.phase.config, batch.input);
        loss = lossOf(output, batch, run);
        if (!std::isfinite(loss.value))
            explain(before, batch, means);
        if (planned.phase.byReward)
            reward = learnByReward(run, {*task_.architecture, planned.phase, weights, batch}, output, told);
        else
            tape.backward(run, output, loss.gradient);
        if (!reward && told.find("kept"))
            reward = rewardOf(output, batch, told, planned.phase.penalty);
    }
    const NamedTensors gradients = tape.parameterGradients();
    StepResult result{
        {}, loss.value, rateAt(before.step), gradientNorm(run, gradients), loss.right, loss.rows, reward};
    if (!std::isfinite(result.gradientNorm))
        explain(before, batch, means);
    const Index own = before.step - planned.begin; // of its phase, with which the optimiser begins anew
    const NamedTensors moments = own > 0 || before.step == 0
        ? before.moments
        : startMoments(task_.settings.optimiser, task_.architecture->manifest(task_.config));
    const Update update{own + 1, result.rate, clippingScale(result.gradientNorm, task_.settings.clip)};
    Optimised after
        = optimise(run, task_.settings.optimiser, update, {before.parameters, moments}, gradients);
    for (const auto& [name, value] : kept)
        after.parameters.set(name, value);
    result.state = {before.step + 1, std::move(after.parameters), std::move(after.moments)};
    return result;
}

Accuracy Trainer::evaluate(const NamedTensors& parameters, Split split, const StepMeans& means) const
{
    const Weights weights(partsWith(parameters));
    const auto pool = poolOf(means);
    Accuracy all;
    double sum = 0;
    const Index samples = task_.data->count(split), atOnce = evaluationBatch(task_.data->info());
    for (Index first = 0; first < samples; first += atOnce) {
        means.stop.check();
        std::vector<Index> numbers(static_cast<std::size_t>(std::min(atOnce, samples - first)));
        std::iota(numbers.begin(), numbers.end(), first);
        const Batch batch = makeBatch(*pool, *task_.data, split, numbers, {task_.preprocess, {}, {}});
        Run run(weights, runOptions(means));
        const Tensor output = task_.architecture->forward(run, task_.config, batch.input);
        const Loss loss = train::lossOf(run, output, batch, 0);
        all.right += loss.right;
        all.count += loss.rows;
        sum += loss.value * static_cast<double>(loss.rows);
    }
    all.loss = all.count > 0 ? sum / static_cast<double>(all.count) : 0;
    return all;
}

Tensor Trainer::inputOf(Split split, Index count, const StepMeans& means) const
{
    std::vector<Index> numbers(static_cast<std::size_t>(std::min(count, task_.data->count(split))));
    std::iota(numbers.begin(), numbers.end(), Index{0});
    const Tensor input
        = makeBatch(*poolOf(means), *task_.data, split, numbers, {task_.preprocess, {}, {}}).input;
    return input.dtype() == DType::F32 ? input : inFloats(input);
}

void Trainer::requireFinite(const TrainState& state) const
{
    if (const std::string name = firstNonFinite(state); !name.empty())
        throw Diverged("step " + std::to_string(state.step) + ": " + name + " is not finite after it");
}

void Trainer::explain(const TrainState& before, const Batch& batch, const StepMeans& means) const
{
    std::string name = firstNonFinite(before);
    if (name.empty()) {
        FiniteProbe probe;
        const Weights weights(partsWith(before.parameters));
        const PlannedPhase& planned = phaseAt(before.step);
        Tape tape({planned.learned, {"*"}});
        RunOptions options = runOptions(means, task_.seed, before.step, tape);
        options.probe = &probe;
        Run run(weights, options);
        const Tensor output = task_.architecture->forward(run, planned.phase.config, batch.input);
        const Loss loss = lossOf(output, batch, run);
        if (probe.first().empty() && std::isfinite(loss.value))
            tape.backward(run, output, loss.gradient);
        name = !allFinite(batch.input)   ? "the input"
            : !probe.first().empty()     ? "signal '" + probe.first() + "'"
            : !std::isfinite(loss.value) ? "the loss"
                                         : lastNonFinite(tape.parameterGradients());
    }
    throw Diverged("training stopped at step " + std::to_string(before.step + 1)
        + ": the first tensor that is "
          "not finite is "
        + name);
}

}
