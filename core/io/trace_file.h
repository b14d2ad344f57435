// A Trace as an HDF5 file: written whole, read back exactly. States before blocks are not kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/trace/trace.h"

namespace fovea::io {

/// True when the root says fovea_format="trace".
FOVEA_API bool isTraceFile(const Hdf5File& file);

/// `records/<path>` is [step, ...] with what the signal is as attributes; where the steps differ in shape, or
/// only an attention's factors were kept, it is the concatenation of the values and
/// `details/<path>/value.offsets` and `.shapes` take it apart. `details/<path>/marks` has a row for each step
/// in which the record exists; layouts and axes are kept once, under `layouts/<n>` and `axes/<n>`. Also:
/// `steps`, `input`, `logits`. Atomic; throws Error naming the file and the dataset.
FOVEA_API void writeTrace(const std::string& path, const Trace& trace, const StopToken& stop = {});

/// Throws Error naming the file and the dataset when it is no trace or contradicts itself.
FOVEA_API TracePtr readTrace(const Hdf5File& file);
FOVEA_API TracePtr readTrace(const std::string& path);

}
