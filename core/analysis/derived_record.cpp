// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/derived_record.h"

namespace fovea::analysis {

Record derivedRecord(const Record& from, const char* leaf, Kind kind, const char* role)
{
    Record record;
    record.info = from.info;
    record.info.path += std::string(".") + leaf;
    record.info.kind = kind;
    record.info.role = role;
    record.info.unit.clear();
    record.info.domain.clear();
    record.info.fields.clear();
    record.info.help.clear();
    record.edited = from.edited;
    record.finite = from.finite;
    return record;
}

Axis axisFromMiddle(const char* name, Index n, double over, const char* unit)
{
    Axis axis{name, unit, {}, {}};
    for (Index i = 0; i < n; ++i)
        axis.values.push_back(static_cast<double>(i - n / 2) / over);
    return axis;
}

}
