// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/step_diagnosis.h"

#include <algorithm>
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

/// The config with what the data set says of fieldsOfData(), but for those in `given`.
Config fittedTo(const DataSet& data, Config config, const Answers& given)
{
    const DataInfo& info = data.info();
    const auto take = [&](const char* field, Index value) {
        if (findField(config.schema(), field) && !given.contains(field))
            config.set(field, std::int64_t{value});
    };
    const bool isPicture = info.content == Content::Picture && info.shape.rank() == 3;
    if (isPicture || info.content == Content::Tokens)
        try {
            if (isPicture) {
                take("in_chans", info.shape[0]);
                take("image_size", info.shape[2]);
                take("classes", data.classes());
            } else {
                take("vocab", std::ssize(info.labels));
                take("length", info.shape[0]);
            }
        } catch (const Error& error) { // beyond what the architecture can do
            throw Error("data set '" + info.name + "' does not fit", error.what());
        }
    return config;
}

/// What the architecture says of fields that contradict one another; empty: nothing.
std::string contradictionIn(const Architecture& architecture, const Config& config)
{
    try {
        architecture.manifest(config);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

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
    if (info.content == Content::Tokens)
        requireField(config, "vocab", std::ssize(info.labels), name + " has as many different tokens");
    if (const Shape expected = architecture.inputShape(config); expected != info.shape)
        throw Error(name + ": a sample is " + info.shape.text() + ", and the architecture '"
            + architecture.identity().id + "' takes " + expected.text());
}

std::span<const std::string_view> fieldsOfData()
{
    static constexpr std::array<std::string_view, 5> fields{
        "in_chans", "image_size", "classes", "vocab", "length"};
    return fields;
}

Config fittedConfig(
    const Architecture& architecture, Config config, const DataSet& data, const Answers& given)
{
    const Config base = fittedTo(data, config, {});
    try {
        for (const auto& [field, value] : given)
            config.setText(field, value);
    } catch (const Error& error) {
        throw AnswerError(error.what());
    }
    config = fittedTo(data, config, given);
    const std::string problem = contradictionIn(architecture, config);
    if (problem.empty())
        return config;
    const bool isOfGiven = std::ranges::any_of(
        given, [&](const auto& one) { return problem.find("'" + one.first + "'") != std::string::npos; });
    if (isOfGiven || contradictionIn(architecture, base).empty())
        throw AnswerError(problem);
    throw Error("data set '" + data.info().name + "' does not fit", problem);
}

}
