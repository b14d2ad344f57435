// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_file.h"

#include "core/io/naming.h"

#include <array>
#include <cstring>

namespace fovea::io {

namespace {

constexpr std::size_t maxOutlineBytes = std::size_t{512} << 20;
constexpr std::uint32_t maxTextBytes = 1 << 20;

using Content = Hdf5Object::Content;

std::string placeOf(const Hdf5Object& dataset) { return "dataset '" + dataset.path + "'"; }

void requireFilters(const Hdf5Object& dataset)
{
    if (!dataset.missingFilter.empty())
        throw Error("is compressed with the filter '" + dataset.missingFilter
            + "', which is not available; save it with gzip or without compression");
}

}

Hdf5File::Hdf5File(std::shared_ptr<const InputFile> file, ReaderLimits limits)
    : file_(std::move(file))
    , limits_(limits)
{
    if (!looksLikeHdf5(*file_))
        throw Error(file_->path(), "is damaged or no HDF5 file");
    naming(file_->path(), [&] {
        ReaderChild child(*file_, {}, limits_);
        objects_ = parseHdf5Outline(child.readRest(maxOutlineBytes), file_->size());
        if (objects_.empty() || !objects_.front().path.empty())
            throw Error("the HDF5 reader gave no sensible answer");
    });
    for (const Hdf5Object& object : objects_)
        byPath_.try_emplace(object.path, object.position);
}

Hdf5File::Hdf5File(const std::string& path, ReaderLimits limits, const StopToken& stop)
    : Hdf5File(std::make_shared<const InputFile>(path, stop), limits)
{
}

const Hdf5Object* Hdf5File::find(std::string_view path) const
{
    const auto found = byPath_.find(path);
    return found == byPath_.end() ? nullptr : &objects_[found->second];
}

const Hdf5Object& Hdf5File::numbers(std::string_view path) const
{
    const Hdf5Object* object = find(path);
    if (!object || object->content != Content::Numbers)
        throw Error(file_->path(),
            "dataset '" + std::string(path) + "': expected numbers, found "
                + (object ? "something else" : "nothing"));
    return *object;
}

std::vector<const Hdf5Object*> Hdf5File::inside(std::string_view group) const
{
    std::vector<const Hdf5Object*> all;
    for (const Hdf5Object& object : objects_)
        if (object.path.size() > group.size() && object.path.starts_with(group)
            && object.path[group.size()] == '/')
            all.push_back(&object);
    return all;
}

void Hdf5File::countRun() const
{
    if (++runs_ > limits_.runs)
        throw Error(file_->path(),
            "expected at most " + std::to_string(limits_.runs)
                + " datasets that are chunked, compressed or texts");
}

void Hdf5File::refuseAttribute(const Hdf5Object& object, std::string_view name) const
{
    const bool isThere = object.attributes.contains(name);
    throw Error(file_->path(),
        (object.path.empty() ? "" : "'" + object.path + "': ") + "attribute '" + std::string(name)
            + (isThere ? "' is of an unexpected type" : "' is missing"));
}

std::vector<Tensor> Hdf5File::read(const std::vector<const Hdf5Object*>& datasets) const
{
    std::vector<std::string> asked;
    for (const Hdf5Object* dataset : datasets) {
        if (dataset->content != Content::Numbers)
            throw Error(file_->path(), placeOf(*dataset) + ": expected numbers");
        if (dataset->offset || dataset->shape.count() == 0)
            continue;
        naming(file_->path(), placeOf(*dataset), [&] { requireFilters(*dataset); });
        asked.push_back(std::to_string(dataset->position));
    }
    std::optional<ReaderChild> child;
    if (!asked.empty()) {
        countRun();
        child.emplace(*file_, asked, limits_);
    }

    std::vector<Tensor> tensors;
    for (const Hdf5Object* dataset : datasets) {
        std::uint64_t at = dataset->offset.value_or(0);
        const auto source = [&](void* into, std::size_t bytes) {
            if (!dataset->offset)
                return child->read(into, bytes);
            file_->read(at, into, bytes);
            at += bytes;
        };
        tensors.push_back(naming(
            file_->path(), placeOf(*dataset), [&] { return decode(dataset->type, dataset->shape, source); }));
    }
    return tensors;
}

std::vector<std::string> Hdf5File::readTexts(const Hdf5Object& dataset) const
{
    return naming(file_->path(), placeOf(dataset), [&] {
        if (dataset.content != Content::Texts)
            throw Error("expected texts");
        requireFilters(dataset);
        countRun();
        ReaderChild child(*file_, {std::to_string(dataset.position)}, limits_);
        std::vector<std::string> texts;
        for (Index i = 0; i < dataset.shape.count(); ++i) {
            std::uint32_t length = 0;
            child.read(&length, sizeof length);
            if (length > maxTextBytes)
                throw Error("a text of " + std::to_string(length) + " bytes");
            texts.emplace_back(length, '\0');
            child.read(texts.back().data(), length);
        }
        return texts;
    });
}

std::string formatOf(const Hdf5File& file)
{
    const auto& attributes = file.find("")->attributes;
    const auto found = attributes.find("fovea_format");
    const auto* text = found == attributes.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text ? *text : "";
}

bool looksLikeHdf5(const InputFile& file)
{
    constexpr std::array<char, 8> signature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    std::array<char, 8> found{};
    for (std::uint64_t at = 0; at + found.size() <= file.size(); at = at ? 2 * at : 512) {
        file.read(at, found.data(), found.size());
        if (found == signature)
            return true;
    }
    return false;
}

}
