// Weights in Fovea's own format, an HDF5 file: read and written. Foreign files are open_weights.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/source/registry.h"

namespace fovea::io {

/// Weights, and what became of each tensor of their file.
struct OpenedWeights {
    WeightsPtr weights;
    std::vector<TensorReport> report;
    std::string naming; ///< "fovea" for our own format, else the name map that fitted
};

/// True when the root says fovea_format="weights".
FOVEA_API bool isWeightsFile(const Hdf5File& file);
/// Throws Error naming the file and the attribute, field or tensor: unknown architecture, a config out of
/// range, a missing or misshapen tensor, integers as a parameter. NaN and infinity are a mark in the report.
FOVEA_API OpenedWeights readWeights(const Hdf5File& file, const Registry& registry);
/// Atomically; parameters as F32, F16 or BF16, everything else exactly. Throws Cancelled when it is stopped.
FOVEA_API void writeWeights(const std::string& path, const Weights& weights,
    StoredType type = StoredType::F32, const StopToken& stop = {});

/// The parameters for a manifest, f32 and in its order, from the tensors of a file under the manifest's
/// names. Adds what became of each to `report`; throws Error when one is not floating-point.
NamedTensors fitManifest(const std::string& file, const Manifest& manifest, const NamedTensors& tensors,
    std::vector<TensorReport>& report);
/// The same; throws Error when one is missing or misshapen, too.
FOVEA_API NamedTensors meetManifest(const std::string& file, const Manifest& manifest,
    const NamedTensors& tensors, std::vector<TensorReport>& report);

}
