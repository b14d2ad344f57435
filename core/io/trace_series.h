// One quantity over the steps of a trace: tensors that may differ in shape or be absent, as datasets. What
// the quantity means is trace_file's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/io/hdf5_writer.h"

namespace fovea::io {

/// Where a series lies: the values, and the names that its companions begin with.
struct SeriesPlace {
    std::string values; ///< "records/logits"
    std::string companions; ///< "details/logits/value": + ".offsets", ".shapes"
};

/// Equal shapes: one dataset [step, ...]. Otherwise the concatenation, `offsets` i64 [step + 1] and `shapes`
/// i64 [step, 1 + extents]: the rank (-1: no tensor) and the extents. Throws Error when the types differ.
void writeSeries(Hdf5Writer& writer, const SeriesPlace& place, const std::vector<Tensor>& tensors);
/// The same when at least one of the tensors is there; nothing is written otherwise.
void writeOptionalSeries(Hdf5Writer& writer, const SeriesPlace& place, const std::vector<Tensor>& tensors);

/// `count` tensors; all undefined when there is no such dataset. Throws Error when the parts contradict
/// one another.
std::vector<Tensor> readSeries(const Hdf5File& file, const SeriesPlace& place, std::size_t count);

}
