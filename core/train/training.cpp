// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/training.h"

#include "core/io/checkpoint_file.h"
#include "core/io/naming.h"
#include "core/source/execute.h"
#include "core/train/step_diagnosis.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

namespace fovea::train {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// What tells one training from another.
Json identityOf(const Trainer& trainer, const Provenance& provenance)
{
    const Teacher& teacher = trainer.task().teacher;
    const Json teaching = !teacher.architecture
        ? Json()
        : Json{{"sha256", teacher.weights->parts().hash}, {"share", teacher.share},
            {"temperature", teacher.temperature}};
    return {{"data", provenance.data}, {"data_sha256", provenance.dataHash},
        {"samples", trainer.task().data->count(Split::Train)}, {"seed", trainer.task().seed},
        {"settings", Json::parse(provenance.settings)}, {"init", provenance.init}, {"teacher", teaching}};
}

Json aboutOf(const Trainer& trainer, const TrainingFiles& files, Index step)
{
    Json about{{"command", files.provenance.command}};
    about.update(identityOf(trainer, files.provenance));
    if (about["teacher"].is_null())
        about.erase("teacher");
    about["step"] = step;
    about["steps"] = trainer.steps();
    return about;
}

/// Throws Error for the first field of `here` that has another value there.
void requireSame(const Json& there, const Json& here)
{
    for (const auto& [field, value] : here.items())
        if (const Json old = there.is_object() ? there.value(field, Json()) : Json(); old != value)
            throw Error("field '" + field + "': " + (old.is_null() ? "nothing" : old.dump())
                + " in this checkpoint, " + value.dump() + " here");
}

/// Throws Error naming what tells a checkpoint's training from this one.
void requireSame(const Trainer& trainer, const Provenance& provenance, const Weights::Parts& parts)
{
    const TrainingTask& task = trainer.task();
    requireSame(Json::object({{"architecture", parts.architecture}}),
        Json::object({{"architecture", task.architecture->identity().id}}));
    requireSame(Json::parse(parts.config.json()), Json::parse(task.config.json()));
    const Json parsed = Json::parse(parts.training, nullptr, false);
    Json was = parsed.is_object() ? parsed : Json::object(), is = identityOf(trainer, provenance);
    if (was.value("data_sha256", Json()) != is["data_sha256"] || parts.preprocess != task.preprocess)
        throw Error("the data, '" + provenance.data + "', are no longer those it was begun with");
    if (const Json data = was.value("data", Json());
        data.is_string() && areSameData(data.get<std::string>(), provenance.data))
        was["data"] = provenance.data; // as it is called here
    requireSame(was.value("settings", Json()), is["settings"]);
    is.erase("settings");
    requireSame(was, is);
}

/// The first sample of the test split, or of the training split where there is none, and what the weights
/// make of it.
Reference referenceOf(const Trainer& trainer, const Weights& weights, const StepMeans& means)
{
    const TrainingTask& task = trainer.task();
    const Split split = task.data->count(Split::Test) > 0 ? Split::Test : Split::Train;
    ExecuteOptions options;
    options.record.clear();
    for (const std::string& block : task.architecture->blocks(task.config))
        options.record.push_back(block + ".out");
    options.keepStates = false;
    options.pool = means.pool;
    options.stop = means.stop;
    Reference reference;
    reference.input = trainer.inputOf(split, 1, means);
    const TracePtr trace = execute(*task.architecture, weights, reference.input, options);
    reference.logits = trace->output;
    for (const RecordPtr& record : trace->steps.front()->all())
        if (record->value.defined())
            reference.records.set(record->path(), record->value);
    return reference;
}

/// The loop, and what it has to remember on its way.
class Course {
public:
    Course(const Trainer& trainer, TrainState from, const TrainingFiles& files, const StepMeans& means,
        const TrainingWatch& watch)
        : trainer_(trainer)
        , files_(files)
        , means_(means)
        , watch_(watch)
        , state_(std::move(from))
        , written_(state_.step)
    {
    }

    void run()
    {
        while (state_.step < trainer_.steps()) {
            const StepResult result = trainer_.step(state_, means_);
            good_ = std::exchange(state_, result.state);
            tested_.reset();
            count(result);
            if (watch_.onStep)
                watch_.onStep(result);
            if (state_.step % trainer_.stepsPerEpoch() == 0 || state_.step == trainer_.steps())
                endEpoch();
            if (isCheckpointDue())
                writeCheckpoint();
        }
    }
    /// Of the last whole step.
    void writeCheckpoint() { writeCheckpoint(state_); }
    /// After Diverged: what a step was made from whose loss and gradients were finite.
    void writeLastGood()
    {
        if (good_.step > written_ && firstNonFinite(good_).empty())
            writeCheckpoint(good_);
    }
    const TrainState& state() const { return state_; }
    /// Of the parameters as they are now, where they were tested in this call.
    const std::optional<Accuracy>& tested() const { return tested_; }
    /// Whether steps were made since the last checkpoint.
    bool hasNews() const { return state_.step != written_; }

private:
    /// It is not to be stopped: there is nothing else to keep.
    void writeCheckpoint(const TrainState& state)
    {
        trainer_.requireFinite(state);
        Weights::Parts parts = trainer_.partsWith(state.parameters);
        parts.training = aboutOf(trainer_, files_, state.step).dump();
        io::writeCheckpoint(files_.checkpoint(), Weights(std::move(parts)), state.step, state.moments);
        written_ = state.step;
        writtenAt_ = Clock::now();
    }

    bool isCheckpointDue() const
    {
        constexpr double usualSeconds = 30;
        return files_.checkpointEvery > 0 ? state_.step % files_.checkpointEvery == 0
                                          : secondsSince(writtenAt_) >= usualSeconds;
    }

    void count(const StepResult& result)
    {
        row_.loss += result.loss * static_cast<double>(result.samples);
        row_.samples += result.samples;
        row_.seconds += secondsSince(stepAt_);
        stepAt_ = Clock::now();
    }

    void endEpoch()
    {
        row_.step = state_.step;
        row_.epoch = (state_.step - 1) / trainer_.stepsPerEpoch() + 1;
        row_.loss /= static_cast<double>(std::max<Index>(row_.samples, 1));
        if (watch_.onEpoch) {
            tested_ = row_.test = trainer_.evaluate(state_.parameters, Split::Test, means_);
            watch_.onEpoch(row_);
        }
        row_ = {};
        stepAt_ = Clock::now();
    }

    const Trainer& trainer_;
    const TrainingFiles& files_;
    const StepMeans& means_;
    const TrainingWatch& watch_;
    TrainState state_, good_;
    EpochRow row_;
    std::optional<Accuracy> tested_;
    Index written_; // the step of the checkpoint, or of the start
    Clock::time_point writtenAt_ = Clock::now(), stepAt_ = Clock::now();
};

Trained finish(
    const Trainer& trainer, const Course& course, const TrainingFiles& files, const StepMeans& means)
{
    const TrainState& state = course.state();
    trainer.requireFinite(state);
    Weights::Parts parts = trainer.partsWith(io::asStored(state.parameters, files.type));
    Trained trained;
    trained.steps = state.step;
    const bool isTested = course.tested() && files.type == io::StoredType::F32;
    trained.test = isTested ? *course.tested() : trainer.evaluate(parts.parameters, Split::Test, means);
    Json about = aboutOf(trainer, files, state.step);
    const auto [low, high] = trained.test.interval();
    if (trainer.task().data->hasAnswers())
        about["test"] = {{"right", trained.test.right}, {"count", trained.test.count},
            {"accuracy", trained.test.share()}, {"low", low}, {"high", high}};
    else
        about["test"] = {{"count", trained.test.count}, {"loss", trained.test.loss}};
    parts.training = about.dump();
    parts.reference = referenceOf(trainer, Weights(parts), means);
    trained.weights = std::make_shared<const Weights>(std::move(parts));
    io::writeWeights(files.output, *trained.weights, files.type, means.stop);
    return trained;
}

}

std::string TrainingFiles::checkpoint() const
{
    std::filesystem::path path(output);
    return path.replace_extension("checkpoint.h5").string();
}

TrainState readState(const Trainer& trainer, const TrainingFiles& files, const Registry& registry)
{
    const std::string path = files.checkpoint();
    io::TrainingCheckpoint checkpoint = io::readCheckpoint(path, registry);
    const Weights::Parts& parts = checkpoint.opened.weights->parts();
    io::naming(path, [&] { requireSame(trainer, files.provenance, parts); });
    const TrainState fresh = trainer.start();
    for (const auto& [name, tensor] : fresh.moments)
        if (const Tensor* found = checkpoint.moments.find(name);
            !found || found->shape() != tensor.shape() || found->dtype() != DType::F32)
            throw Error(path,
                "dataset 'optimiser/" + name + "': expected f32 " + tensor.shape().text()
                    + (found ? ", found " + found->shape().text() : ", found none"));
    if (checkpoint.step > trainer.steps())
        throw Error(path,
            "attribute 'step': expected at most " + std::to_string(trainer.steps()) + ", found "
                + std::to_string(checkpoint.step));
    TrainState state{checkpoint.step, parts.parameters, {}};
    for (const auto& [name, tensor] : fresh.moments)
        state.moments.set(name, checkpoint.moments[name]);
    trainer.requireFinite(state);
    return state;
}

Trained train(const Trainer& trainer, TrainState from, const TrainingFiles& files, const StepMeans& means,
    const TrainingWatch& watch)
{
    Course course(trainer, std::move(from), files, means, watch);
    Trained trained;
    try {
        course.run();
        trained = finish(trainer, course, files, means);
    } catch (const Cancelled&) {
        if (course.hasNews())
            course.writeCheckpoint();
        throw;
    } catch (const Diverged& error) {
        course.writeLastGood();
        const bool isKept = std::filesystem::exists(files.checkpoint());
        throw Diverged(std::string(error.what())
            + (isKept ? "; the last good checkpoint is " + files.checkpoint()
                      : "; no step before it is worth keeping"));
    }
    std::error_code ignored; // one that is left over begins where it ended
    std::filesystem::remove(files.checkpoint(), ignored);
    return trained;
}

}
