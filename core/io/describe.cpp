// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/describe.h"

#include "core/io/hdf5_file.h"
#include "core/io/naming.h"
#include "core/io/npy.h"
#include "core/io/safetensors.h"

#include <nlohmann/json.hpp>

#include <array>

namespace fovea::io {

namespace {

constexpr std::uint64_t maxJsonBytes = 64 << 20;

/// Datasets of numbers inside a group (or anywhere), under their paths in it.
std::vector<StoredTensor> numbersIn(const Hdf5File& file, const std::string& group)
{
    std::vector<StoredTensor> all;
    for (const Hdf5Object& object : file.objects())
        if (object.content == Hdf5Object::Content::Numbers && object.path.starts_with(group))
            all.push_back({object.path.substr(group.size()), object.type, object.shape});
    return all;
}

std::string textOf(const Hdf5Value& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    std::string joined;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
        for (const std::string& text : *texts)
            joined += (joined.empty() ? "" : ", ") + text;
    return joined;
}

FileOutline describeHdf5(const std::string& path)
{
    const Hdf5File file(path);
    const std::string format = formatOf(file);
    FileOutline outline;
    outline.kind = format == "weights" ? FileKind::Weights
        : format == "trace"            ? FileKind::Trace
        : file.find("input")           ? FileKind::Input
                                       : FileKind::Checkpoint;
    outline.format = "HDF5";
    for (const auto& [name, value] : file.find("")->attributes)
        outline.facts.push_back({name, textOf(value)});
    if (const Hdf5Object* steps = file.find("steps"))
        outline.facts.push_back({"steps", std::to_string(steps->shape.count())});
    if (const Hdf5Object* labels = file.find("labels"))
        outline.facts.push_back({"labels", std::to_string(labels->shape.count())});
    if (outline.kind == FileKind::Weights)
        outline.facts.push_back({"reference", file.find("reference") ? "yes" : "no"});
    outline.tensors = numbersIn(file,
        outline.kind == FileKind::Weights     ? "parameters/"
            : outline.kind == FileKind::Trace ? "records/"
                                              : "");
    return outline;
}

FileOutline describeSafetensors(const std::string& path)
{
    const SafetensorsFile file(path);
    return {FileKind::Checkpoint, "safetensors", 0, {file.metadata().begin(), file.metadata().end()},
        file.tensors()};
}

bool begins(const InputFile& file, std::string_view start)
{
    std::string found(start.size(), '\0');
    if (file.size() < start.size())
        return false;
    file.read(0, found.data(), found.size());
    return found == start;
}

/// A session says so in its own field.
FileOutline describeJson(const std::string& path)
{
    const auto json = nlohmann::json::parse(readText(path, maxJsonBytes), nullptr, false);
    const bool isSession = json.is_object() && json.value("fovea_format", nlohmann::json()) == "session";
    return {isSession ? FileKind::Session : FileKind::Unknown, json.is_discarded() ? "" : "JSON", 0, {}, {}};
}

FileOutline describeContent(const InputFile& file)
{
    const std::string& path = file.path();
    if (looksLikeHdf5(file))
        return describeHdf5(path);
    if (looksLikeSafetensors(file))
        return describeSafetensors(path);
    if (begins(file, "\x93NUMPY"))
        return {FileKind::Input, "npy", 0, {}, {readNpyHeader(path).tensor}};
    if (begins(file, "{") && file.size() <= maxJsonBytes)
        return describeJson(path);
    return {};
}

}

FileOutline describe(const std::string& path)
{
    const InputFile file(path);
    FileOutline outline = naming(path, [&] { return describeContent(file); });
    outline.bytes = file.size();
    return outline;
}

std::string_view nameOf(FileKind kind)
{
    constexpr std::array<std::string_view, 6> names{
        "weights", "trace", "session", "checkpoint", "input", "unknown"};
    return names[static_cast<std::size_t>(kind)];
}

Tensor readInput(const std::string& path)
{
    return naming(path, [&] {
        if (!looksLikeHdf5(InputFile(path)))
            return asF32(readNpy(path));
        return readInput(Hdf5File(path));
    });
}

Tensor readInput(const Hdf5File& file)
{
    return naming(
        file.file().path(), "dataset 'input'", [&] { return asF32(file.read(file.numbers("input"))); });
}

}
