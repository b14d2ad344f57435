// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/training_lab.h"

#include "core/source/field_list.h"
#include "core/source/token_input.h"
#include "core/train/attention_entropy.h"
#include "core/train/loss.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace fovea::train {

namespace {

constexpr std::size_t cached = 4; // a run, its branch, and what they are compared with
constexpr std::string_view parameterPrefix = "parameter.", momentPrefix = "moment.";

/// What a run keeps from its start: the rest of the settings may change in mid-run.
constexpr std::array<std::string_view, 6> kept{
    "architecture", "model", "init", "data", "optimizer", "momentum"};

NamedTensors withPrefix(const NamedTensors& state, std::string_view prefix)
{
    NamedTensors part;
    for (const auto& [name, tensor] : state)
        if (name.starts_with(prefix))
            part.append(name.substr(prefix.size()), tensor);
    return part;
}

std::int64_t numberIn(const NamedTensors& state, std::string_view name)
{
    return state[name].values<std::int64_t>()[0];
}

NamedTensors packed(const TrainState& state, std::int64_t seed)
{
    NamedTensors all;
    all.append("seed", Tensor::of<std::int64_t>({1}, std::array{seed}));
    all.append("step", Tensor::of<std::int64_t>({1}, std::array{std::int64_t{state.step}}));
    for (const auto& [name, tensor] : state.parameters)
        all.append(std::string(parameterPrefix) + name, tensor);
    for (const auto& [name, tensor] : state.moments)
        all.append(std::string(momentPrefix) + name, tensor);
    return all;
}

/// Hands signals on without the blocks that they come from: a lab has none.
class SignalsOnly final : public Probe {
public:
    explicit SignalsOnly(Probe& to)
        : to_(to)
    {
    }
    Want wants(std::string_view path, std::size_t bytes) override { return to_.wants(path, bytes); }
    Tensor show(const Shown& shown, const Tensor& value) override { return to_.show(shown, value); }
    void showFactors(const Shown& shown, const AttentionFactors& factors) override
    {
        to_.showFactors(shown, factors);
    }

private:
    Probe& to_;
};

void showNumber(Run& run, std::string_view path, double value)
{
    run.show(path, Tensor::of<double>({1}, std::array{value}));
}

/// What the field `model` says of the architecture's config.
Config modelOf(
    const Architecture& architecture, const Config& named, const DataSet& data, const Answers& fields)
{
    try {
        return fittedConfig(architecture, named, data, fields);
    } catch (const AnswerError& error) {
        throw UsageError("field 'model'", error.what());
    }
}

void showShare(Run& run, std::string_view path, Index part, Index all)
{
    showNumber(run, path, static_cast<double>(part) / static_cast<double>(std::max<Index>(1, all)));
}

}

TrainingLab::TrainingLab(const Registry& registry, OpenDataOptions data)
    : registry_(registry)
    , data_(std::move(data))
{
}

bool TrainingLab::canChange(std::string_view field) const
{
    return std::ranges::find(kept, field) == kept.end();
}

std::shared_ptr<const MeasuredData> TrainingLab::opened(const std::string& text) const
{
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(sets_, text, [](const auto& one) { return one.first; });
    if (found != sets_.end())
        return found->second;
    sets_.emplace_front(text, std::make_shared<const MeasuredData>(openDataSet(text, data_)));
    if (sets_.size() > cached)
        sets_.pop_back();
    return sets_.front().second;
}

TrainingTask TrainingLab::task(const Config& config, std::uint64_t seed) const
{
    const Architecture& architecture = registry_.requireArchitecture(config.text("architecture"));
    const DataSetPtr data = opened(config.text("data"))->set;
    if (const Index watched = config.integer("watched"), count = data->count(Split::Test); watched >= count)
        throw Error("field 'watched': expected 0 to " + std::to_string(count - 1) + ", since data set '"
            + data->info().name + "' has " + std::to_string(count) + " test samples, found "
            + std::to_string(watched));
    const Answers fields = fieldsIn(config.text("model"), "model");
    Config settings(trainingSchema());
    for (const Field& field : trainingSchema())
        if (findField(config.schema(), field.name))
            settings.set(field.name, config.value(field.name));
    settings.set("steps", config.value("schedule_steps"));
    const Config named = begun(config).weights ? begun(config).config : Config(architecture.schema());
    TrainingTask task{&architecture, modelOf(architecture, named, *data, fields), {}, data,
        TrainingSettings(settings), seed};
    if (const WeightsPtr weights = begun(config).weights)
        task.preprocess = weights->parts().preprocess;
    return task;
}

Beginning TrainingLab::begun(const Config& config) const
{
    const std::string& file = config.text("init");
    if (file.empty())
        return {};
    const std::lock_guard lock(mutex_);
    const std::string key = file + " for " + config.text("architecture") + " " + config.text("model");
    const auto found = std::ranges::find(beginnings_, key, [](const auto& one) { return one.first; });
    if (found != beginnings_.end())
        return found->second;
    const Architecture& architecture = registry_.requireArchitecture(config.text("architecture"));
    const Config named
        = configWith(architecture, Config(architecture.schema()), fieldsIn(config.text("model"), "model"));
    beginnings_.emplace_front(key, beginFrom(file, registry_, architecture, named));
    if (beginnings_.size() > cached)
        beginnings_.pop_back();
    return beginnings_.front().second;
}

std::shared_ptr<const Trainer> TrainingLab::trainer(
    const Config& config, std::uint64_t seed, const StopToken& stop) const
{
    const std::string key = std::to_string(seed) + config.json();
    const auto keyOf = [](const auto& one) { return one.first; };
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = std::ranges::find(trainers_, key, keyOf); found != trainers_.end())
            return found->second;
    }
    TrainingTask task = this->task(config, seed);
    const Preprocess measured = opened(config.text("data"))->preprocess(stop); // takes a while
    const Preprocess own = std::exchange(task.preprocess, measured);
    if (!config.text("init").empty()) {
        task.preprocess.mean = own.mean;
        task.preprocess.std = own.std;
    }
    const auto made = std::make_shared<const Trainer>(std::move(task));
    const std::lock_guard lock(mutex_);
    trainers_.emplace_front(key, made);
    if (trainers_.size() > cached)
        trainers_.pop_back();
    return made;
}

NamedTensors TrainingLab::start(const Config& config, std::uint64_t seed) const
{
    const Trainer trainer(task(config, seed));
    TrainState state = trainer.start();
    begun(config).takeInto(state.parameters, *trainer.task().architecture, trainer.task().config);
    return packed(state, static_cast<std::int64_t>(seed));
}

void TrainingLab::showTest(Run& run, const Trainer& trainer, const Weights& weights, Index samples) const
{
    const bool isEntropyAsked = run.wants("test.attention_entropy", sizeof(double)) != Want::Nothing;
    const bool isAsked = isEntropyAsked || run.wants("test.loss", sizeof(double)) != Want::Nothing
        || run.wants("test.accuracy", sizeof(double)) != Want::Nothing;
    if (samples == 0 || !isAsked)
        return;
    const TrainingTask& task = trainer.task();
    const bool isText = task.data->info().content == Content::Tokens;
    const Index count = std::min(samples, task.data->count(Split::Test));
    const Index atOnce = isText ? evaluationBatch(task.data->info()) : count;
    const std::vector<SignalInfo> signals = task.architecture->signalInfos(task.config);
    AttentionEntropy entropy(signals);
    RunOptions quiet = run.options();
    quiet.probe = isText && isEntropyAsked && hasPatterns(signals) ? &entropy : nullptr;
    double mean = 0;
    Index right = 0, rows = 0;
    for (Index first = 0; first < count; first += atOnce) {
        std::vector<Index> numbers(static_cast<std::size_t>(std::min(atOnce, count - first)));
        std::iota(numbers.begin(), numbers.end(), first);
        const Batch batch
            = makeBatch(*quiet.pool, *task.data, Split::Test, numbers, {task.preprocess, {}, {}});
        Run inner(weights, quiet);
        const Tensor output = task.architecture->forward(inner, task.config, batch.input);
        const Loss loss = lossOf(inner, output, batch, 0);
        right += loss.right;
        rows += loss.rows;
        mean += (loss.value - mean) * static_cast<double>(loss.rows) / static_cast<double>(rows);
    }
    showNumber(run, "test.loss", mean);
    if (task.data->hasAnswers())
        showShare(run, "test.accuracy", right, rows);
    if (quiet.probe)
        showNumber(run, "test.attention_entropy", entropy.mean());
}

NamedTensors TrainingLab::advance(Run& run, const Config& config, const NamedTensors& state) const
{
    const auto seed = numberIn(state, "seed");
    const auto trainer = this->trainer(config, static_cast<std::uint64_t>(seed), run.options().stop);
    const TrainingTask& task = trainer->task();
    StepMeans means;
    means.pool = run.options().pool;
    means.workspace = run.options().workspace;
    means.stop = run.options().stop;
    const StepResult result = trainer->step(
        {numberIn(state, "step"), withPrefix(state, parameterPrefix), withPrefix(state, momentPrefix)},
        means);
    if (run.options().probe) {
        showNumber(run, "loss", result.loss);
        if (task.data->hasAnswers())
            showShare(run, "accuracy", result.right, result.samples);
        if (result.reward && !task.architecture->learningPhases(task.config).empty()) {
            showNumber(run, "reward", result.reward->drawn);
            showNumber(run, "greedy_reward", result.reward->greedy);
            showNumber(run, "kept", result.reward->kept);
        }
        showNumber(run, "rate", result.rate);
        showNumber(run, "gradient_norm", result.gradientNorm);
        const Weights weights(trainer->partsWith(result.state.parameters));
        showTest(run, *trainer, weights, config.integer("test_samples"));
        const Batch batch = makeBatch(*means.pool, *task.data, Split::Test,
            std::array{Index{config.integer("watched")}}, {task.preprocess, {}, {}});
        SignalsOnly probe(*run.options().probe);
        std::optional<WordNames> names;
        RunOptions watching = run.options();
        watching.probe = withWords(&probe, weights, names);
        Run inner(weights, watching);
        task.architecture->forward(inner, task.config, batch.input);
    }
    return packed(result.state, seed);
}

Tensor TrainingLab::picture(const Config& config, const NamedTensors& state) const
{
    const DataSetPtr set = task(config, static_cast<std::uint64_t>(numberIn(state, "seed"))).data;
    const DataSet& data = *set;
    if (data.info().content != Content::Picture)
        return {};
    const Tensor value = data.sample(Split::Test, config.integer("watched")).value;
    const Index channels = value.dim(0), height = value.dim(1), width = value.dim(2);
    Tensor picture({height, width, 3}, DType::U8);
    const auto out = picture.writable<std::uint8_t>();
    const auto in = value.values<std::uint8_t>();
    for (Index pixel = 0; pixel < height * width; ++pixel)
        for (Index c = 0; c < 3; ++c)
            out[static_cast<std::size_t>(pixel * 3 + c)]
                = in[static_cast<std::size_t>(std::min(c, channels - 1) * height * width + pixel)];
    return picture;
}

void addTrainingLab(Registry& registry, OpenDataOptions data)
{
    if (!registry.architectures().empty())
        registry.add(std::make_unique<TrainingLab>(registry, std::move(data)));
}

}
