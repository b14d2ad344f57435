// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/name_map_json.h"

#include "core/tensor/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace fovea::parts {

namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

/// A field of the wanted type. `expected` says what that is.
template <class T>
T read(const Json& owner, const std::string& name, const char* expected)
{
    if (!owner.contains(name))
        throw Error("field '" + name + "': expected " + expected + ", found nothing");
    try {
        return owner.at(name).get<T>();
    } catch (const Json::exception&) {
        throw Error(
            "field '" + name + "': expected " + expected + ", found " + owner.at(name).dump().substr(0, 60));
    }
}

template <class T>
T read(const Json& owner, const std::string& name, const char* expected, T otherwise)
{
    return owner.contains(name) ? read<T>(owner, name, expected) : std::move(otherwise);
}

Json objectIn(const Json& owner, const std::string& name)
{
    const Json json = owner.value(name, Json::object());
    if (!json.is_object())
        throw Error("field '" + name + "': expected an object, found " + json.dump().substr(0, 60));
    return json;
}

FieldValue fieldValue(const std::string& name, const Json& json)
{
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number_integer())
        return json.get<std::int64_t>();
    if (json.is_number())
        return json.get<double>();
    if (json.is_string())
        return json.get<std::string>();
    throw Error("'" + name + "': expected a number, a text or true or false");
}

std::vector<std::pair<std::string, FieldValue>> fieldValues(const Json& json)
{
    std::vector<std::pair<std::string, FieldValue>> values;
    for (const auto& [name, value] : json.items())
        values.push_back({name, fieldValue(name, value)});
    return values;
}

Extent extentOf(const Json& json)
{
    if (json.is_number_integer() && json >= 0)
        return {json.get<Index>(), {}};
    const auto text = json.is_string() ? json.get<std::string>() : "";
    const bool fromLast = text.starts_with("$-");
    const int digit = text.size() == (fromLast ? 3 : 2) && text[0] == '$' ? text.back() - '0' : -1;
    if (digit < (fromLast ? 1 : 0) || digit > (fromLast ? 6 : 5))
        throw Error(R"('reshape': expected numbers, "$0" to "$5" or "$-1" to "$-6", found )" + json.dump());
    return {0, fromLast ? -digit : digit};
}

/// Axes in a new order: each of 0 .. n-1 once.
std::vector<int> orderOf(const Json& json)
{
    const auto order = read<std::vector<int>>(Json{{"permute", json}}, "permute", "numbers of axes");
    const std::set<int> axes(order.begin(), order.end());
    if (axes.empty() || order.size() > Shape::maxRank || axes.size() != order.size() || *axes.begin() != 0
        || *axes.rbegin() + 1 != static_cast<int>(order.size()))
        throw Error("'permute': expected each axis once, found " + json.dump());
    return order;
}

NamedRule ruleOf(const Json& json)
{
    if (!json.is_object())
        throw Error("field 'rules': expected objects, found " + json.dump().substr(0, 60));
    constexpr std::array known{"to", "from", "patches", "reshape", "permute", "constant", "like"};
    for (const auto& [field, value] : json.items())
        if (std::ranges::find(known, field) == known.end())
            throw Error("a rule has no field '" + field + "'");
    NamedRule named;
    named.to = read<std::string>(json, "to", "a name");
    const char* source = json.contains("constant") ? "like" : "from";
    named.from = json.contains(source) && json.at(source).is_array()
        ? read<Texts>(json, source, "names")
        : Texts{json.contains("constant") ? read<std::string>(json, source, "a name")
                                          : read<std::string>(json, source, "a name", named.to)};
    const auto countsToo
        = [&](const std::string& name) { return (name.find("{i}") != name.npos) == named.counts(); };
    if (named.from.empty() || !std::ranges::all_of(named.from, countsToo))
        throw Error("'from': expected names with {i} where '" + named.to + "' has it");
    named.rule.patches = read<std::string>(json, "patches", "yxc or cyx", {});
    if (!named.rule.patches.empty() && named.rule.patches != "yxc" && named.rule.patches != "cyx")
        throw Error("'patches': expected yxc or cyx, found '" + named.rule.patches + "'");
    for (const Json& extent : json.value("reshape", Json::array()))
        named.rule.reshape.push_back(extentOf(extent));
    if (named.rule.reshape.size() > Shape::maxRank)
        throw Error("'reshape': too many axes");
    if (json.contains("permute"))
        named.rule.permute = orderOf(json.at("permute"));
    if (json.contains("constant"))
        named.rule.constant = read<float>(json, "constant", "a number");
    return named;
}

/// The rule itself, or one for each value of a {variable} that it has.
std::vector<NamedRule> expanded(const NamedRule& rule, const std::vector<std::pair<std::string, Texts>>& each)
{
    for (const auto& [variable, values] : each) {
        if (replaced(rule.to, variable, "") == rule.to)
            continue;
        std::vector<NamedRule> all;
        for (const std::string& value : values) {
            NamedRule one = rule;
            one.to = replaced(rule.to, variable, value);
            for (std::string& from : one.from)
                from = replaced(from, variable, value);
            all.push_back(std::move(one));
        }
        return all;
    }
    return {rule};
}

std::vector<std::pair<std::string, Texts>> variablesOf(const Json& json)
{
    std::vector<std::pair<std::string, Texts>> variables;
    for (const auto& [variable, values] : json.items()) {
        variables.push_back({variable, read<Texts>(json, variable, "a list of texts")});
        if (variables.back().second.empty())
            throw Error("'" + variable + "': expected at least one text");
    }
    return variables;
}

}

std::string replaced(std::string text, const std::string& variable, const std::string& value)
{
    const std::string mark = "{" + variable + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
        text.replace(at, mark.size(), value);
    return text;
}

NameMapFields parseNameMap(std::string_view text)
{
    try {
        const Json json = Json::parse(text);
        if (!json.is_object())
            throw Error("expected an object");
        NameMapFields fields;
        fields.name = read<std::string>(json, "name", "a text");
        fields.architecture = read<std::string>(json, "architecture", "a text", {});
        fields.facts = fieldValues(objectIn(json, "facts"));
        fields.only = fieldValues(objectIn(json, "only"));
        fields.questions = read<Texts>(json, "questions", "a list of texts", {});
        fields.ignored = read<Texts>(json, "ignore", "a list of names", {});
        fields.where = variablesOf(objectIn(json, "where"));
        const auto each = variablesOf(objectIn(json, "each"));
        for (const Json& rule : read<std::vector<Json>>(json, "rules", "a list of rules"))
            std::ranges::move(expanded(ruleOf(rule), each), std::back_inserter(fields.rules));
        return fields;
    } catch (const Json::parse_error& error) {
        throw Error("name map: no JSON from byte " + std::to_string(error.byte));
    } catch (const Json::out_of_range&) { // 1e309
        throw Error("name map: a number is too large for a double");
    } catch (const Error& error) {
        throw Error(std::string("name map: ") + error.what());
    }
}

}
