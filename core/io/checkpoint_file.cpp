// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/checkpoint_file.h"

#include "core/io/hdf5_writer.h"
#include "core/io/naming.h"

#include <cstring>

namespace fovea::io {

namespace {

const std::string group = "optimiser";

}

void writeCheckpoint(const std::string& path, const Weights& weights, Index step, const NamedTensors& moments,
    const StopToken& stop)
{
    Hdf5Writer writer(path, stop);
    addWeights(writer, weights, StoredType::F32);
    writer.group(group);
    writer.attribute(group, "step", step);
    for (const auto& [name, tensor] : moments)
        writer.write(group + '/' + name, tensor);
    writer.commit();
}

TrainingCheckpoint readCheckpoint(const std::string& path, const Registry& registry)
{
    const Hdf5File file(path);
    return naming(path, [&] {
        if (!isWeightsFile(file))
            throw Error("expected a checkpoint of a training");
        TrainingCheckpoint checkpoint;
        checkpoint.opened = readWeights(file, registry);
        const Hdf5Object* object = file.find(group);
        if (!object)
            throw Error("group '" + group + "': missing, so it is no checkpoint of a training");
        checkpoint.step = file.attribute<std::int64_t>(*object, "step");
        if (checkpoint.step < 0)
            throw Error("attribute 'step': expected 0 or more, found " + std::to_string(checkpoint.step));
        const std::vector<const Hdf5Object*> datasets = file.inside(group);
        const std::vector<Tensor> tensors = file.read(datasets);
        for (std::size_t i = 0; i < datasets.size(); ++i)
            checkpoint.moments.set(datasets[i]->path.substr(group.size() + 1), tensors[i]);
        return checkpoint;
    });
}

NamedTensors asStored(const NamedTensors& parameters, StoredType type)
{
    NamedTensors stored;
    for (const auto& [name, tensor] : parameters) {
        const std::vector<std::byte> bytes = encode(tensor, type);
        std::size_t at = 0;
        stored.set(name, decode(type, tensor.shape(), [&](void* into, std::size_t count) {
            std::memcpy(into, bytes.data() + at, count);
            at += count;
        }));
    }
    return stored;
}

}
