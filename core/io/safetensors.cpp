// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/safetensors.h"

#include "core/io/naming.h"

#include <nlohmann/json.hpp>

#include <array>
#include <bit>
#include <set>

namespace fovea::io {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t maxHeaderBytes = 100'000'000; // the format's own limit
constexpr std::size_t maxTensors = 20'000;
static_assert(std::endian::native == std::endian::little);

std::uint64_t headerLength(const InputFile& file)
{
    std::uint64_t length = 0;
    if (file.size() < 8)
        throw Error("too short for a .safetensors file");
    file.read(0, &length, 8);
    if (length > maxHeaderBytes || length > file.size() - 8)
        throw Error("the header claims " + std::to_string(length) + " bytes, the file has "
            + std::to_string(file.size()));
    return length;
}

/// Parses the header; a key that occurs twice in one object is an error (the parser alone would drop one).
Json jsonHeaderOf(const InputFile& file)
{
    std::string text(headerLength(file), '\0');
    file.read(8, text.data(), text.size());
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == Json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            throw Error("header: the name '" + value.get<std::string>() + "' occurs twice");
        return true;
    };
    try {
        Json header = Json::parse(text, watch);
        if (!header.is_object())
            throw Error("header: expected a JSON object");
        return header;
    } catch (const Json::exception&) {
        throw Error("header: expected JSON in UTF-8, found something else");
    }
}

StoredType typeOf(const std::string& code)
{
    if (code == "BOOL")
        return StoredType::Bool;
    std::string lower = code;
    std::ranges::transform(
        lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto type = storedTypeNamed(lower);
    if (!type || lower == code || *type == StoredType::C64)
        throw Error("the type '" + code + "' is not supported");
    return *type;
}

std::vector<std::uint64_t> numbers(const Json& entry, const char* field)
{
    std::vector<std::uint64_t> all;
    const auto found = entry.find(field);
    const bool isList = found != entry.end() && found->is_array();
    if (!isList || !std::ranges::all_of(*found, [](const Json& n) { return n.is_number_unsigned(); }))
        throw Error(std::string("expected a list of whole numbers in '") + field + "'");
    for (const Json& n : *found)
        all.push_back(n.get<std::uint64_t>());
    return all;
}

struct Entry {
    StoredTensor tensor;
    std::uint64_t begin = 0, end = 0;
};

Entry entryOf(const std::string& name, const Json& json, std::uint64_t dataBytes)
{
    if (!json.is_object() || !json.contains("dtype") || !json["dtype"].is_string())
        throw Error("expected an object with 'dtype', 'shape' and 'data_offsets'");
    const StoredType type = typeOf(json["dtype"].get<std::string>());
    Entry entry{{name, type, checkedShape(numbers(json, "shape"), type)}};
    const auto offsets = numbers(json, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes)
        throw Error("the offsets lie outside the file's " + std::to_string(dataBytes) + " bytes of data");
    entry.begin = offsets[0];
    entry.end = offsets[1];
    if (entry.end - entry.begin != byteCount(entry.tensor))
        throw Error("expected " + std::to_string(byteCount(entry.tensor)) + " bytes for "
            + entry.tensor.shape.text() + ", found " + std::to_string(entry.end - entry.begin));
    return entry;
}

std::map<std::string, std::string> metadataOf(const Json& json)
{
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : json.items()) {
        if (!value.is_string())
            throw Error("__metadata__: expected text for '" + key + "'");
        metadata[key] = value.get<std::string>();
    }
    return metadata;
}

/// Every byte of the data belongs to one tensor, as the format asks: bytes of nobody are a cut or a hidden
/// file.
void requireCovered(const std::vector<Entry>& sorted, std::uint64_t dataBytes)
{
    std::uint64_t end = 0;
    const auto requireFrom = [&](std::uint64_t next) {
        if (next > end)
            throw Error("data_offsets: expected a tensor for each of the " + std::to_string(dataBytes)
                + " bytes of data, found none for bytes " + std::to_string(end) + " to "
                + std::to_string(next));
    };
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i > 0 && sorted[i].begin < end)
            throw Error("the tensors '" + sorted[i - 1].tensor.name + "' and '" + sorted[i].tensor.name
                + "' overlap");
        requireFrom(sorted[i].begin);
        end = sorted[i].end;
    }
    requireFrom(dataBytes);
}

}

SafetensorsFile::SafetensorsFile(const std::string& path)
    : SafetensorsFile(std::make_shared<const InputFile>(path))
{
}

SafetensorsFile::SafetensorsFile(std::shared_ptr<const InputFile> file)
    : file_(std::move(file))
{
    naming(file_->path(), [&] {
        const Json header = jsonHeaderOf(*file_);
        if (header.size() > maxTensors)
            throw Error("expected at most " + std::to_string(maxTensors) + " tensors");
        const std::uint64_t dataBegin = 8 + headerLength(*file_);
        std::vector<Entry> entries;
        for (const auto& [name, json] : header.items()) {
            if (name == "__metadata__")
                metadata_ = metadataOf(json);
            else
                entries.push_back(naming(file_->path(), "tensor '" + name + "'",
                    [&, &n = name, &j = json] { return entryOf(n, j, file_->size() - dataBegin); }));
        }
        std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
        requireCovered(entries, file_->size() - dataBegin);
        for (Entry& entry : entries) {
            offsets_.push_back(dataBegin + entry.begin);
            tensors_.push_back(std::move(entry.tensor));
        }
    });
}

Tensor SafetensorsFile::read(std::size_t position) const
{
    const StoredTensor& tensor = tensors_[position];
    std::uint64_t at = offsets_[position];
    return naming(file_->path(), "tensor '" + tensor.name + "'", [&] {
        return decode(tensor.type, tensor.shape, [&](void* into, std::size_t bytes) {
            file_->read(at, into, bytes);
            at += bytes;
        });
    });
}

bool looksLikeSafetensors(const InputFile& file)
{
    std::array<char, 9> start{};
    if (file.size() < start.size())
        return false;
    file.read(0, start.data(), start.size());
    return start[8] == '{' && headerLength(file) <= maxHeaderBytes;
}

}
