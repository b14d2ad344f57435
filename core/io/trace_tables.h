// Token layouts and axes of a trace file: each distinct one is kept once and named by its number. Records are
// not its business.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/io/hdf5_writer.h"
#include "core/trace/record.h"

namespace fovea::io {

/// Gathers layouts and axes while a trace is written.
class TraceTables {
public:
    /// The number of a layout; -1 for none.
    std::int64_t add(const LayoutPtr& layout);
    std::int64_t add(const std::vector<Axis>& axes);
    /// As `layouts/<n>` and `axes/<n>`.
    void write(Hdf5Writer& writer) const;

private:
    std::vector<LayoutPtr> layouts_;
    std::vector<std::vector<Axis>> axes_;
};

std::vector<LayoutPtr> readLayouts(const Hdf5File& file);
std::vector<std::vector<Axis>> readAxes(const Hdf5File& file);

}
