// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/field_list.h"

#include <algorithm>
#include <charconv>

namespace fovea {

namespace {

/// The parts between commas, each a number of type T from `low` to `high`.
template <class T>
std::vector<T> listIn(const std::string& text, const std::string& field, T low, T high)
{
    std::vector<T> all;
    const char *at = text.data(), *end = at + text.size();
    for (bool isMore = true; isMore;) {
        T value{};
        const auto [stop, error] = std::from_chars(at, end, value);
        if (error != std::errc() || !(value >= low && value <= high) || (stop != end && *stop != ','))
            throw Error("field '" + field + "': expected numbers from " + textOf(FieldValue(low)) + " to "
                + textOf(FieldValue(high)) + " joined by commas, found '" + text + "'");
        all.push_back(value);
        isMore = stop != end;
        at = isMore ? stop + 1 : stop;
    }
    return all;
}

/// Where the next comma is that stands in no brackets, or the end.
std::size_t endOfPart(std::string_view text, std::size_t at)
{
    int depth = 0;
    for (; at < text.size() && (depth > 0 || text[at] != ','); ++at)
        depth = std::max(0, depth + (text[at] == '(') - (text[at] == ')'));
    return at;
}

std::string withoutBrackets(const std::string& value)
{
    return value.starts_with('(') && value.ends_with(')') ? value.substr(1, value.size() - 2) : value;
}

}

Answers fieldsIn(std::string_view text, std::string_view field)
{
    Answers fields;
    std::string last; // whose value goes on behind a comma: "groups=4,4,4"
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = endOfPart(text, begin);
        const std::string one(text.substr(begin, end - begin));
        const std::size_t equals = one.find('=');
        const bool isNumber = one.find_first_not_of("0123456789.e+-") == std::string::npos && !one.empty();
        if (isNumber && !last.empty())
            fields[last] += "," + one;
        else if (equals == std::string::npos || equals == 0)
            throw UsageError(
                "field '" + std::string(field) + "': expected FIELD=VALUE,FIELD=VALUE, found '" + one + "'");
        else
            fields[last = one.substr(0, equals)] = withoutBrackets(one.substr(equals + 1));
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

std::vector<int> countsIn(const std::string& text, const std::string& field)
{
    std::vector<int> all;
    for (const std::int64_t number : listIn<std::int64_t>(text, field, 1, 16384))
        all.push_back(static_cast<int>(number));
    return all;
}

std::vector<double> numbersIn(const std::string& text, const std::string& field, double low, double high)
{
    return listIn<double>(text, field, low, high);
}

}
