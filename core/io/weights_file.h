// Weights in Fovea's own format, an HDF5 file: read and written. Foreign files are open_weights.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/source/registry.h"

namespace fovea::io {

class Hdf5Writer;

/// Weights, and what became of each tensor of their file.
struct OpenedWeights {
    WeightsPtr weights;
    std::vector<TensorReport> report;
    std::string naming; ///< "fovea" for our own format, else the name map that fitted
};

/// What was made of a file before it could be opened.
struct Recognition {
    std::string architecture; ///< id
    std::string naming; ///< as in OpenedWeights
    Schema questions; ///< the fields that names and shapes do not tell
    std::vector<TensorReport> report;
};

/// A file that was recognised and cannot be opened as it is: tensors are missing, misshapen or have no place.
class FOVEA_API NotOpened : public Error {
public:
    NotOpened(const std::string& file, const std::string& what, Recognition recognition)
        : Error(file, what)
        , found(std::move(recognition))
    {
    }
    Recognition found;
};

/// True when the root says fovea_format="weights".
FOVEA_API bool isWeightsFile(const Hdf5File& file);
/// Throws Error naming the file and the attribute, field or tensor: unknown architecture, a config out of
/// range, integers as a parameter; NotOpened. NaN and infinity are a mark in the report.
/// Leaves the hash empty, which openWeights(path) adds.
FOVEA_API OpenedWeights readWeights(const Hdf5File& file, const Registry& registry);
/// Atomically; parameters as F32, F16 or BF16, everything else exactly. Throws Cancelled when it is stopped.
FOVEA_API void writeWeights(const std::string& path, const Weights& weights,
    StoredType type = StoredType::F32, const StopToken& stop = {});

/// The weights' part of a file that may hold more. Only core/io calls it.
void addWeights(Hdf5Writer& writer, const Weights& weights, StoredType type);

/// The parameters for a manifest, f32 and in its order, from the tensors of a file under the manifest's
/// names. Adds what became of each to `report`; throws Error when one is not floating-point.
NamedTensors fitManifest(const std::string& file, const Manifest& manifest, const NamedTensors& tensors,
    std::vector<TensorReport>& report);
/// The row of a tensor that has no place: Accepted when it is another name of a parameter or a constant
/// buffer.
TensorReport withoutPlace(const std::string& name, const Tensor& tensor, const NamedTensors& parameters);
/// Throws NotOpened when there is a problemIn() the report.
void requireComplete(const std::string& file, const Recognition& found);

}
