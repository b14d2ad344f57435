// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/record.h"

namespace fovea {

std::size_t Record::byteSize() const
{
    std::size_t bytes = value.defined() ? value.byteSize() : 0;
    if (factors.defined())
        bytes += factors.q.byteSize() + factors.k.byteSize() + factors.logSum.byteSize();
    return bytes;
}

Shape shapeOf(const Record& record)
{
    if (!record.factors.defined() || record.value.defined())
        return record.value.shape();
    const Shape& q = record.factors.q.shape();
    return {q[0], q[1], q[2], record.factors.k.dim(2)};
}

std::vector<Axis> defaultAxes(const SignalInfo& info, const Shape& shape)
{
    const auto names = axesOf(info.kind);
    std::vector<Axis> axes(static_cast<std::size_t>(shape.rank()));
    for (std::size_t i = 0; i < axes.size(); ++i)
        axes[i].name = i < names.size() ? std::string(names[i]) : "axis" + std::to_string(i);
    if (!axes.empty() && static_cast<Index>(info.fields.size()) == shape[-1])
        axes.back().labels = info.fields;
    return axes;
}

}
