// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/known_sanity.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace fovea::analysis {

namespace {

std::map<std::string, std::string> optionsOf(const RelevanceMethod& method, const Config& options)
{
    std::map<std::string, std::string> texts;
    for (const std::string& field : method.fields)
        texts[field] = textOf(options.value(field));
    return texts;
}

/// Fields that a file of an earlier date does not have are at their defaults.
bool isSameConfig(const Config& config, const std::string& json)
{
    try {
        return Config::fromJson(config.schema(), json) == config;
    } catch (const Error&) {
        return false;
    }
}

bool areSameOptions(
    const std::map<std::string, std::string>& known, const RelevanceMethod& method, const Config& options)
{
    auto all = optionsOf(method, Config(relevanceSchema()));
    for (const auto& [field, text] : known)
        all[field] = text; // one that the method does not read makes a difference
    return all == optionsOf(method, options);
}

std::string twoDigits(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return std::isnan(value) ? "-" : text;
}

}

std::string dataText(const std::string& data)
{
    const std::string name = "shapes";
    if (!data.starts_with(name + ":"))
        return data;
    std::string told;
    std::istringstream fields(data.substr(name.size() + 1));
    for (std::string field; std::getline(fields, field, ',');)
        if (!field.starts_with("train=") && !field.starts_with("test=")) {
            std::ranges::replace(field, '=', ' ');
            told += (told.empty() ? "" : ", ") + field;
        }
    return name + (told.empty() ? "" : " (" + told + ")");
}

bool KnownSanity::fails() const { return largest > SanityOptions().limit; }

std::string KnownSanity::text() const
{
    return "sanity check: rank correlation " + twoDigits(largest) + " with maps of random weights "
        + (fails() ? "(FAILS: above .5)" : "(above .5 fails)") + ", " + twoDigits(betweenPictures)
        + " between pictures (" + std::to_string(on.pictures) + " of " + dataText(on.data)
        + ", draws: " + std::to_string(on.draws) + ")";
}

KnownSanity knownSanity(const Weights& weights, const RelevanceMethod& method, const Config& options,
    const SanityStudy& on, const Sanity& found)
{
    return {weights.parts().hash, weights.config().json(), method.name, optionsOf(method, options), on,
        found.mostLeft(), found.betweenPictures};
}

const KnownSanity* findSanity(const std::vector<KnownSanity>& known, const Weights& weights,
    const RelevanceMethod& method, const Config& options)
{
    const KnownSanity* best = nullptr;
    for (const KnownSanity& one : known) {
        const bool isOfThis = !one.weights.empty() && one.weights == weights.parts().hash
            && one.method == method.name && areSameOptions(one.options, method, options)
            && isSameConfig(weights.config(), one.config);
        const auto reach = [](const KnownSanity& of) { return std::pair(of.on.pictures, of.on.draws); };
        if (isOfThis && (!best || reach(one) >= reach(*best)))
            best = &one;
    }
    return best;
}

void addSanity(std::vector<KnownSanity>& known, const KnownSanity& found)
{
    std::erase_if(known, [&](const KnownSanity& one) {
        return one.weights == found.weights && one.config == found.config && one.method == found.method
            && one.options == found.options && one.on == found.on;
    });
    known.push_back(found);
}

}
