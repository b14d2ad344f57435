// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/step_diagnosis.h"

#include <array>

namespace fovea::train {

namespace {

/// "field 'classes': expected 10, ..., found 7"
void requireField(
    const Config& config, const char* field, std::int64_t expected, const std::string& whatTheDataHas)
{
    if (findField(config.schema(), field) && config.integer(field) != expected)
        throw Error("field '" + std::string(field) + "': expected " + std::to_string(expected) + ", since "
            + whatTheDataHas + ", found " + std::to_string(config.integer(field)));
}

std::string text(Index number) { return std::to_string(number); }

}

std::string firstNonFinite(const TrainState& state)
{
    for (const auto& [name, value] : state.parameters)
        if (!allFinite(value))
            return "parameter '" + name + "'";
    for (const auto& [name, value] : state.moments)
        if (!allFinite(value))
            return "moment '" + name + "'";
    return {};
}

std::string lastNonFinite(const NamedTensors& gradients)
{
    std::string last = "the sum of all gradients' squares";
    for (const auto& [name, value] : gradients)
        if (!allFinite(value))
            last = "the gradient of parameter '" + name + "'";
    return last;
}

void requireFit(const Architecture& architecture, const Config& config, const DataSet& data)
{
    const DataInfo& info = data.info();
    const std::string name = "data set '" + info.name + "'";
    if (info.content == Content::Picture && info.shape.rank() == 3) {
        requireField(config, "in_chans", info.shape[0],
            name + " has pictures of " + text(info.shape[0]) + " channels");
        requireField(config, "image_size", info.shape[2],
            name + " has pictures of " + text(info.shape[2]) + " x " + text(info.shape[1]) + " pixels");
        requireField(config, "classes", data.classes(), name + " has as many classes");
    }
    if (const Shape expected = architecture.inputShape(config); expected != info.shape)
        throw Error(name + ": a sample is " + info.shape.text() + ", and the architecture '"
            + architecture.identity().id + "' takes " + expected.text());
}

std::span<const std::string_view> fieldsOfData()
{
    static constexpr std::array<std::string_view, 3> fields{"in_chans", "image_size", "classes"};
    return fields;
}

Config fittedConfig(
    const Architecture& architecture, Config config, const DataSet& data, const Answers& given)
{
    const DataInfo& info = data.info();
    try {
        for (const auto& [field, value] : given)
            config.setText(field, value);
    } catch (const Error& error) {
        throw AnswerError(error.what());
    }
    const auto take = [&](const char* field, Index value) {
        if (findField(config.schema(), field) && !given.contains(field))
            config.set(field, std::int64_t{value});
    };
    try {
        if (info.content == Content::Picture && info.shape.rank() == 3) {
            take("in_chans", info.shape[0]);
            take("image_size", info.shape[2]);
            take("classes", data.classes());
        }
        architecture.manifest(config); // fields that contradict one another
    } catch (const Error& error) {
        throw Error("data set '" + info.name + "' does not fit", error.what());
    }
    return config;
}

}
