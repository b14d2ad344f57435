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
    auto order = json.get<std::vector<int>>();
    const std::set<int> axes(order.begin(), order.end());
    if (axes.empty() || order.size() > Shape::maxRank || axes.size() != order.size() || *axes.begin() != 0
        || *axes.rbegin() + 1 != static_cast<int>(order.size()))
        throw Error("'permute': expected each axis once, found " + json.dump());
    return order;
}

NamedRule ruleOf(const Json& json)
{
    constexpr std::array known{"to", "from", "patches", "reshape", "permute", "constant", "like"};
    for (const auto& [field, value] : json.items())
        if (std::ranges::find(known, field) == known.end())
            throw Error("a rule has no field '" + field + "'");
    NamedRule named;
    named.to = json.at("to").get<std::string>();
    const Json from = json.contains("constant") ? json.at("like") : json.value("from", Json(named.to));
    named.from = from.is_array() ? from.get<Texts>() : Texts{from.get<std::string>()};
    const auto countsToo
        = [&](const std::string& name) { return (name.find("{i}") != name.npos) == named.counts(); };
    if (named.from.empty() || !std::ranges::all_of(named.from, countsToo))
        throw Error("'from': expected names with {i} where '" + named.to + "' has it");
    named.rule.patches = json.value("patches", "");
    if (!named.rule.patches.empty() && named.rule.patches != "yxc" && named.rule.patches != "cyx")
        throw Error("'patches': expected yxc or cyx, found '" + named.rule.patches + "'");
    for (const Json& extent : json.value("reshape", Json::array()))
        named.rule.reshape.push_back(extentOf(extent));
    if (named.rule.reshape.size() > Shape::maxRank)
        throw Error("'reshape': too many axes");
    if (json.contains("permute"))
        named.rule.permute = orderOf(json.at("permute"));
    if (json.contains("constant"))
        named.rule.constant = json.at("constant").get<float>();
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
        variables.push_back({variable, values.get<Texts>()});
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
        NameMapFields fields;
        fields.name = json.at("name").get<std::string>();
        fields.architecture = json.value("architecture", "");
        fields.facts = fieldValues(json.value("facts", Json::object()));
        fields.only = fieldValues(json.value("only", Json::object()));
        fields.questions = json.value("questions", Texts());
        fields.ignored = json.value("ignore", Texts());
        fields.where = variablesOf(json.value("where", Json::object()));
        const auto each = variablesOf(json.value("each", Json::object()));
        for (const Json& rule : json.at("rules"))
            std::ranges::move(expanded(ruleOf(rule), each), std::back_inserter(fields.rules));
        return fields;
    } catch (const Json::exception& error) {
        throw Error(std::string("name map: expected JSON with name and rules (") + error.what() + ")");
    } catch (const Error& error) {
        throw Error(std::string("name map: ") + error.what());
    }
}

}
