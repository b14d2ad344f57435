// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_outline.h"

#include "core/io/naming.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fovea::io {

namespace {

using Json = nlohmann::json;
using Content = Hdf5Object::Content;

/// What all datasets of a file may claim together: far more than compression gains on weights, far less
/// than a hostile file would like.
std::uint64_t maxClaim(std::uint64_t fileBytes) { return (std::uint64_t{256} << 20) + 32 * fileBytes; }

template <class T>
std::vector<T> listOf(const Json& json)
{
    std::vector<T> all;
    for (const Json& value : json)
        all.push_back(value.is_null() ? T{} : value.get<T>());
    return all;
}

Hdf5Value valueOf(const Json& json)
{
    if (json.is_string())
        return json.get<std::string>();
    if (json.is_number_integer())
        return json.get<std::int64_t>();
    if (json.is_number())
        return json.get<double>();
    if (!json.is_array())
        return {};
    const auto all = [&](auto is) { return std::ranges::all_of(json, is); };
    if (all([](const Json& v) { return v.is_string(); }))
        return listOf<std::string>(json);
    if (all([](const Json& v) { return v.is_number_integer(); }))
        return listOf<std::int64_t>(json);
    if (all([](const Json& v) { return v.is_number(); }))
        return listOf<double>(json);
    return {};
}

/// The bytes that reading a dataset takes; of a text at least one.
std::uint64_t claimOf(const Hdf5Object& object)
{
    return object.content == Content::Group || object.content == Content::Other
        ? 0
        : byteCount({{}, object.type, object.shape});
}

/// bfloat16 has no type of its own in HDF5: its bits are kept as u16 with an attribute.
void readBf16Mark(Hdf5Object& object)
{
    const auto mark = object.attributes.find("dtype");
    if (object.type == StoredType::U16 && mark != object.attributes.end()
        && mark->second == Hdf5Value("bf16"))
        object.type = StoredType::BF16;
}

std::uint64_t wholeNumber(const Json& json)
{
    if (!json.is_number_unsigned())
        throw Error("expected a whole number, found " + json.dump());
    return json.get<std::uint64_t>();
}

void readDataset(Hdf5Object& object, const Json& json, std::uint64_t fileBytes)
{
    const auto type = json.at("type").get<std::string>();
    const auto stored = storedTypeNamed(type);
    object.content = stored ? Content::Numbers : type == "text" ? Content::Texts : Content::Other;
    object.type = stored.value_or(StoredType::U8);
    std::vector<std::uint64_t> extents;
    for (const Json& extent : json.at("shape"))
        extents.push_back(wholeNumber(extent));
    object.shape = checkedShape(extents, object.type);
    readBf16Mark(object);
    object.missingFilter = json.value("missing_filter", "");
    if (!json.contains("offset"))
        return;
    object.offset = wholeNumber(json.at("offset"));
    const std::uint64_t bytes = claimOf(object);
    if (*object.offset > fileBytes || bytes > fileBytes - *object.offset)
        throw Error("claims " + std::to_string(bytes) + " bytes from position "
            + std::to_string(*object.offset) + " of a file of " + std::to_string(fileBytes));
}

Hdf5Object objectOf(const Json& json, std::uint64_t fileBytes)
{
    Hdf5Object object;
    object.path = json.at("path").get<std::string>();
    for (const auto& [name, value] : json.at("attributes").items())
        object.attributes[name] = valueOf(value);
    if (json.contains("type"))
        naming("dataset '" + object.path + "'", [&] { readDataset(object, json, fileBytes); });
    return object;
}

/// Many names for one dataset and datasets that hold next to nothing would both take memory without end.
void checkClaims(const std::vector<Hdf5Object>& objects, std::uint64_t fileBytes)
{
    std::uint64_t left = maxClaim(fileBytes);
    for (const Hdf5Object& object : objects) {
        const std::uint64_t bytes = claimOf(object);
        if (bytes > left)
            throw Error("dataset '" + object.path + "': claims " + std::to_string(bytes)
                + " bytes, more than a file of " + std::to_string(fileBytes) + " can hold");
        left -= bytes;
    }
}

}

std::vector<Hdf5Object> parseHdf5Outline(const std::string& text, std::uint64_t fileBytes)
{
    std::vector<Hdf5Object> objects;
    try {
        const Json json = Json::parse(text);
        for (const Json& entry : json.at("objects")) {
            objects.push_back(objectOf(entry, fileBytes));
            objects.back().position = objects.size() - 1;
        }
    } catch (const Json::exception&) {
        throw Error("the HDF5 reader gave no sensible answer");
    }
    checkClaims(objects, fileBytes);
    return objects;
}

}
