// What the training lab says of itself before it runs: its fields and its signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/attention_entropy.h"
#include "core/train/settings.h"
#include "core/train/training_lab.h"

#include <algorithm>

namespace fovea::train {

namespace {

/// The settings of a training, with what suits a lab. It goes as far as one plays: no epochs.
Schema settingsOfLab()
{
    Schema settings = trainingSchema();
    std::erase_if(settings, [](const Field& field) { return field.name == "epochs"; });
    for (Field& field : settings)
        if (field.name == "steps")
            field = {std::string("schedule_steps"), std::int64_t{1000},
                "steps in which a cosine falls, and of which warmup -1 is a twentieth", 1, field.high};
        else if (field.name == "batch")
            field.standard = std::int64_t{32};
        else if (field.name == "lr")
            field.standard = 1e-3;
        else if (field.name == "warmup")
            field.standard = std::int64_t{100};
        else if (field.name == "schedule")
            field.standard = std::string("constant");
    return settings;
}

}

Identity TrainingLab::identity() const
{
    return {"train", "Training", "training dynamics", "training",
        {"Decoupled Weight Decay Regularization", 2017, "1711.05101"},
        "Trains any architecture, and shows what a watched picture is to it after every step."};
}

Schema TrainingLab::schema() const
{
    using Integer = std::int64_t;
    std::vector<std::string> ids;
    for (const Architecture* architecture : registry_.architectures())
        ids.push_back(architecture->identity().id);
    const bool hasVit = std::ranges::find(ids, "vit") != ids.end();
    Schema fields{{"architecture", hasVit || ids.empty() ? std::string("vit") : ids.front(),
                      "what is trained", 0, 0, {}, ids},
        {"model", std::string(hasVit ? "patch_size=8,dim=64,depth=3,heads=4,init=glorot" : ""),
            "fields of its config that differ from their defaults, as in dim=48,depth=4"},
        {"init", std::string(),
            "weights file to begin with, also of an architecture that this one stands on; empty: fresh "
            "parameters"},
        {"data", std::string("shapes:size=48"), "data set, as --data of fovea train takes it", 0, 0, {},
            {"shapes:size=48", "shapes:size=32"}, true}};
    Schema settings = settingsOfLab();
    for (const std::string_view first : {"optimizer", "lr", "batch"}) { // what one turns most
        const auto at = std::ranges::find(settings, first, &Field::name);
        fields.push_back(*at);
        settings.erase(at);
    }
    fields.push_back({"watched", Integer{0}, "number of the test sample whose signals are shown", 0, 1e9});
    fields.push_back(
        {"test_samples", Integer{64}, "the first test samples, whose accuracy is shown; 0: none", 0, 1e6});
    fields.insert(fields.end(), settings.begin(), settings.end());
    return fields;
}

std::vector<SignalInfo> TrainingLab::signalInfos(const Config& config) const
{
    const TrainingTask known = task(config, 0);
    const bool hasAnswers = known.data->hasAnswers();
    const std::string unit = hasAnswers ? "nat" : "";
    const char *before = "before the update", *first = "of the first test samples";
    std::vector<SignalInfo> all{{"loss", Kind::Scalar, "loss of the batch", -1, "", before, unit}};
    if (hasAnswers)
        all.push_back({"accuracy", Kind::Scalar, "accuracy on the batch", -1, "", before});
    if (hasAnswers && !known.architecture->learningPhases(known.config).empty()) {
        all.push_back({"reward", Kind::Scalar, "reward of the batch", -1, "", "of the step's own choices"});
        all.push_back({"greedy_reward", Kind::Scalar, "reward without a draw", -1, "", "its baseline"});
        all.push_back({"kept", Kind::Scalar, "share of patches kept", -1, "", "by the step's own choices"});
    }
    all.push_back({"rate", Kind::Scalar, "learning rate", -1, ""});
    all.push_back({"gradient_norm", Kind::Scalar, "norm of the gradient", -1, "", "before clipping"});
    if (config.integer("test_samples") > 0) {
        all.push_back({"test.loss", Kind::Scalar, "test loss", -1, "", first, unit});
        if (hasAnswers)
            all.push_back({"test.accuracy", Kind::Scalar, "test accuracy", -1, "", first});
        if (known.data->info().content == Content::Tokens
            && hasPatterns(known.architecture->signalInfos(known.config)))
            all.push_back({"test.attention_entropy", Kind::Scalar, "entropy of attention", -1, "",
                "of the lowest layer: mean over heads, queries and the first test samples", "nat"});
    }
    for (SignalInfo signal : known.architecture->signalInfos(known.config)) {
        signal.block.clear(); // a lab has none
        all.push_back(std::move(signal));
    }
    return all;
}

}
