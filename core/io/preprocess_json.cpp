// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/preprocess_json.h"

#include "core/io/decimal.h"
#include "core/tensor/error.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fovea::io {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int maxPixels = 16384;

int pixels(const OrderedJson& json, const char* field)
{
    const OrderedJson& value = json.at(field);
    if (!value.is_number_integer() || value < 1 || value > maxPixels)
        throw Error(std::string("field '") + field + "': expected 1 to " + std::to_string(maxPixels)
            + ", found " + value.dump());
    return value.get<int>();
}

std::array<float, 3> channels(const OrderedJson& json, const char* field)
{
    const OrderedJson& list = json.at(field);
    const auto isNumber = [](const OrderedJson& value) { return value.is_number(); };
    if (!list.is_array() || list.size() != 3 || !std::ranges::all_of(list, isNumber))
        throw Error(std::string("field '") + field
            + "': expected three numbers, for red, green and blue, found " + list.dump().substr(0, 80));
    const auto values = list.get<std::array<float, 3>>();
    if (!std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
        throw Error(std::string("field '") + field + "': expected finite numbers");
    return values;
}

}

std::string toJson(const Preprocess& preprocess)
{
    const auto decimals = [](const std::array<float, 3>& v) {
        return OrderedJson{decimal(v[0]), decimal(v[1]), decimal(v[2])};
    };
    return OrderedJson{{"size", preprocess.size}, {"crop", preprocess.crop},
        {"mean", decimals(preprocess.mean)}, {"std", decimals(preprocess.std)},
        {"interpolation", preprocess.interpolation}}
        .dump();
}

Preprocess preprocessFromJson(const std::string& text)
{
    try {
        const OrderedJson json = OrderedJson::parse(text);
        Preprocess preprocess{pixels(json, "size"), pixels(json, "crop"), channels(json, "mean"),
            channels(json, "std"), json.at("interpolation").get<std::string>()};
        if (std::ranges::any_of(preprocess.std, [](float v) { return v <= 0; }))
            throw Error("field 'std': expected numbers above zero");
        if (preprocess.interpolation != "bicubic" && preprocess.interpolation != "bilinear")
            throw Error("field 'interpolation': expected bicubic or bilinear, found '"
                + preprocess.interpolation + "'");
        return preprocess;
    } catch (const OrderedJson::exception&) {
        throw Error("expected size, crop, mean, std and interpolation, found " + text.substr(0, 80));
    }
}

}
