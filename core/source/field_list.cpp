// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/field_list.h"

#include <algorithm>

namespace fovea {

Answers fieldsIn(std::string_view text, std::string_view field)
{
    Answers fields;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string one(text.substr(begin, end - begin));
        const std::size_t equals = one.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError(
                "field '" + std::string(field) + "': expected FIELD=VALUE,FIELD=VALUE, found '" + one + "'");
        fields[one.substr(0, equals)] = one.substr(equals + 1);
        begin = end + 1;
    }
    return fields;
}

std::string fieldsText(const Config& config, std::span<const std::string_view> but)
{
    std::string text;
    for (const Field& field : config.schema()) {
        if (config.value(field.name) == field.standard || std::ranges::find(but, field.name) != but.end())
            continue;
        text += (text.empty() ? "" : ",") + field.name + "=" + textOf(config.value(field.name));
    }
    return text;
}

}
