// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_outline.h"

#include "core/io/naming.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fovea::io {

namespace {

using Json = nlohmann::json;
using Content = Hdf5Object::Content;

constexpr std::uint64_t maxCompression = 1100; // deflate reaches 1032
constexpr std::uint64_t maxUnstored = 65536; // bytes of a dataset of which the file holds nothing

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

/// bfloat16 has no type of its own in HDF5: its bits are kept as u16 with an attribute.
void readBf16Mark(Hdf5Object& object)
{
    const auto mark = object.attributes.find("dtype");
    if (object.type == StoredType::U16 && mark != object.attributes.end()
        && mark->second == Hdf5Value("bf16"))
        object.type = StoredType::BF16;
}

void readNumbers(Hdf5Object& object, const Json& json, std::uint64_t fileBytes)
{
    object.content = Content::Numbers;
    object.shape = checkedShape(json.at("shape").get<std::vector<std::uint64_t>>(), object.type);
    readBf16Mark(object);
    const std::uint64_t bytes = byteCount({{}, object.type, object.shape});
    const auto stored = json.at("stored").get<std::uint64_t>();
    if (json.contains("offset")) {
        object.offset = json.at("offset").get<std::uint64_t>();
        if (*object.offset > fileBytes || bytes > fileBytes - *object.offset)
            throw Error("claims " + std::to_string(bytes) + " bytes from position "
                + std::to_string(*object.offset) + " of a file of " + std::to_string(fileBytes));
    } else if (stored > fileBytes || bytes / maxCompression > stored + maxUnstored / maxCompression) {
        throw Error(
            "claims " + std::to_string(bytes) + " bytes, of which the file holds " + std::to_string(stored));
    }
}

Hdf5Object objectOf(const Json& json, std::uint64_t fileBytes)
{
    Hdf5Object object;
    object.path = json.at("path").get<std::string>();
    for (const auto& [name, value] : json.at("attributes").items())
        object.attributes[name] = valueOf(value);
    if (!json.contains("type"))
        return object;
    naming("dataset '" + object.path + "'", [&] {
        const auto type = json.at("type").get<std::string>();
        if (const auto stored = storedTypeNamed(type)) {
            object.type = *stored;
            readNumbers(object, json, fileBytes);
        } else {
            object.content = type == "text" ? Content::Texts : Content::Other;
            object.shape = checkedShape(json.at("shape").get<std::vector<std::uint64_t>>(), StoredType::U8);
        }
    });
    return object;
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
    return objects;
}

}
