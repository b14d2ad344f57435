// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/foreign_file.h"

#include "core/io/safetensors.h"
#include "core/io/signature.h"

#include <algorithm>

namespace fovea::io {

namespace {

constexpr std::size_t maxListed = 20'000;

/// What wrappers put before every name of a model.
std::string sharedPrefix(const std::vector<std::string>& names)
{
    for (const char* prefix : {"module.", "model.", "state_dict.", "_orig_mod.", "parameters."})
        if (!names.empty()
            && std::ranges::all_of(names, [&](const auto& name) { return name.starts_with(prefix); }))
            return prefix;
    return {};
}

NamedTensors withoutWrappers(std::vector<std::string> names, const std::vector<Tensor>& tensors)
{
    if (names.size() > maxListed)
        throw Error("expected at most " + std::to_string(maxListed) + " tensors");
    for (std::string prefix = sharedPrefix(names); !prefix.empty(); prefix = sharedPrefix(names))
        for (std::string& name : names)
            name.erase(0, prefix.size());
    NamedTensors named;
    for (std::size_t i = 0; i < names.size(); ++i)
        named.set(names[i], tensors[i]);
    return named;
}

/// What torch.save writes: a zip whose first entry is a pickle, or a bare pickle.
bool looksLikePickle(const InputFile& file)
{
    std::string start(std::min<std::uint64_t>(file.size(), 256), '\0');
    file.read(0, start.data(), start.size());
    const bool isZip = start.starts_with("PK\x03\x04") && start.find("/data.pkl") != std::string::npos;
    return isZip || (start.size() > 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5);
}

[[noreturn]] void refusePickle(const std::string& path)
{
    throw Error(
        "is a PyTorch file (a pickle), which is a program as much as data and is not run here; convert it "
        "once: python3 -c \"import torch, h5py; s = torch.load('"
        + path
        + "', map_location='cpu', weights_only=True); s = s.get('model', s.get('state_dict', s)); "
          "f = h5py.File('weights.h5', 'w'); [f.create_dataset(k, data=v.detach().float().numpy()) for k, v "
          "in "
          "s.items()]\"");
}

}

std::vector<TensorOutline> ForeignFile::outlines() const
{
    std::vector<TensorOutline> all;
    for (const auto& [name, tensor] : tensors)
        all.push_back({name, tensor.shape()});
    return all;
}

ForeignFile readForeign(const Hdf5File& file)
{
    std::vector<const Hdf5Object*> datasets;
    std::vector<std::string> names;
    for (const Hdf5Object& object : file.objects())
        if (object.content == Hdf5Object::Content::Numbers) {
            datasets.push_back(&object);
            names.push_back(object.path);
            std::ranges::replace(names.back(), '/', '.');
        }
    const NamedTensors tensors = withoutWrappers(std::move(names), file.read(datasets));
    return {file.file().path(), tensors};
}

ForeignFile readForeign(const std::shared_ptr<const InputFile>& file)
{
    if (looksLikePickle(*file))
        refusePickle(file->path());
    if (!looksLikeSafetensors(*file))
        throw Error("expected weights (.h5 or .safetensors), found " + namedByContent(*file));
    const SafetensorsFile content(file);
    std::vector<std::string> names;
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < content.tensors().size(); ++i) {
        names.push_back(content.tensors()[i].name);
        tensors.push_back(content.read(i));
    }
    return {file->path(), withoutWrappers(std::move(names), tensors)};
}

}
