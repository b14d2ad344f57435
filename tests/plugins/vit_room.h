// What the tests of the ViT's files share: the architecture among those known, a folder, the fixtures. It
// checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/vit/vit.h"

#include "core/io/hdf5_writer.h"
#include "core/io/safetensors.h"

#include <QTemporaryDir>

namespace fovea::test {

inline const std::string checkpoints = FOVEA_FIXTURES "/checkpoints/";

class VitRoom {
protected:
    VitRoom() { registry_.add(std::make_unique<plugin::vit::Vit>()); }

    const Architecture& vit() const { return registry_.requireArchitecture("vit"); }
    Tensor logits(const Weights& weights, const Tensor& input) const
    {
        Run run(weights);
        return vit().forward(run, weights.config(), input);
    }

    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }
    /// All of a .safetensors.
    static NamedTensors tensorsOf(const std::string& path)
    {
        const io::SafetensorsFile file(path);
        NamedTensors tensors;
        for (std::size_t i = 0; i < file.tensors().size(); ++i)
            tensors.set(file.tensors()[i].name, file.read(i));
        return tensors;
    }
    /// As w.h5, a bare dump.
    void write(const NamedTensors& tensors, const std::string& prefix = {}) const
    {
        io::Hdf5Writer writer(at("w.h5"));
        for (const auto& [name, tensor] : tensors)
            writer.write(prefix + name, tensor);
        writer.commit();
    }

    Registry registry_;

private:
    QTemporaryDir folder_;
};

}
