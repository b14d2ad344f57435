// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/schema.h"

#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fovea {

using Json = nlohmann::ordered_json;

namespace {

Json toJson(const FieldValue& value)
{
    return std::visit([](const auto& v) { return Json(v); }, value);
}

/// nlohmann would wrap an unsigned number beyond 63 bits.
bool isTooLarge(const Json& json)
{
    return json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
}

/// The JSON value as the type of the field's default; an integer may stand for a real number.
FieldValue fromJsonValue(const Field& field, const Json& json)
{
    if (std::holds_alternative<bool>(field.standard) && json.is_boolean())
        return json.get<bool>();
    if (std::holds_alternative<std::int64_t>(field.standard) && json.is_number_integer() && !isTooLarge(json))
        return json.get<std::int64_t>();
    if (std::holds_alternative<double>(field.standard) && json.is_number())
        return json.get<double>();
    if (std::holds_alternative<std::string>(field.standard) && json.is_string())
        return json.get<std::string>();
    throw Error("field '" + field.name + "': expected " + typeName(field.standard) + ", found "
        + json.dump().substr(0, 40));
}

void checkRange(const Field& field, const FieldValue& value)
{
    const auto refuse = [&](const std::string& expected) {
        throw Error("field '" + field.name + "': expected " + expected + ", found " + textOf(value));
    };
    if (!field.choices.empty() && !field.isOpen
        && std::ranges::find(field.choices, std::get<std::string>(value)) == field.choices.end()) {
        std::string all;
        for (const auto& choice : field.choices)
            all += (all.empty() ? "one of " : ", ") + choice;
        refuse(all);
    }
    double number = 0;
    if (const auto* i = std::get_if<std::int64_t>(&value))
        number = static_cast<double>(*i);
    else if (const auto* d = std::get_if<double>(&value))
        number = *d;
    else
        return;
    if (!std::isfinite(number))
        refuse("a finite number");
    if (field.low < field.high && (number < field.low || number > field.high)) {
        const bool isWhole = std::holds_alternative<std::int64_t>(field.standard);
        const auto bound = [&](double v) {
            return textOf(isWhole ? FieldValue(static_cast<std::int64_t>(v)) : FieldValue(v));
        };
        refuse(bound(field.low) + " to " + bound(field.high));
    }
}

const Field& required(const Schema& schema, std::string_view name)
{
    if (const Field* field = findField(schema, name))
        return *field;
    std::vector<std::string> names;
    for (const Field& field : schema)
        names.push_back(field.name);
    throw Error("there is no field '" + std::string(name) + "'" + nearest(name, names));
}

template <class T>
T parsed(const Field& field, std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw Error("field '" + field.name + "': expected " + typeName(field.standard) + ", found '"
            + std::string(text) + "'");
    return value;
}

}

const Field* findField(const Schema& schema, std::string_view name)
{
    const auto found = std::ranges::find(schema, name, &Field::name);
    return found == schema.end() ? nullptr : &*found;
}

Config::Config(Schema schema)
    : schema_(std::move(schema))
{
    for (const Field& field : schema_)
        values_[field.name] = field.standard;
}

const FieldValue& Config::value(std::string_view name) const
{
    const auto found = values_.find(name);
    if (found == values_.end())
        throw Error("there is no field '" + std::string(name) + "'");
    return found->second;
}

void Config::set(std::string_view name, const FieldValue& value)
{
    const Field* field = &required(schema_, name);
    if (field->standard.index() != value.index())
        throw Error("field '" + field->name + "': expected " + typeName(field->standard) + ", found "
            + textOf(value));
    checkRange(*field, value);
    values_.find(name)->second = value;
}

void Config::setText(std::string_view name, std::string_view text)
{
    const Field* field = &required(schema_, name);
    if (std::holds_alternative<std::string>(field->standard))
        return set(name, std::string(text));
    if (std::holds_alternative<std::int64_t>(field->standard))
        return set(name, parsed<std::int64_t>(*field, text));
    if (std::holds_alternative<double>(field->standard))
        return set(name, parsed<double>(*field, text));
    const bool yes = text == "true" || text == "yes" || text == "1" || text == "on";
    const bool no = text == "false" || text == "no" || text == "0" || text == "off";
    if (!yes && !no)
        throw Error("field '" + field->name + "': expected yes or no, found '" + std::string(text) + "'");
    set(name, yes);
}

std::string Config::json() const
{
    Json json = Json::object();
    for (const Field& field : schema_)
        json[field.name] = toJson(value(field.name));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Config Config::fromJson(Schema schema, std::string_view text, std::vector<std::string>* missing)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        throw Error("expected a JSON object, found " + std::string(text.substr(0, 40)));
    Config config(std::move(schema));
    for (const auto& [name, value] : json.items()) {
        config.set(name, fromJsonValue(required(config.schema_, name), value));
    }
    if (missing)
        for (const Field& field : config.schema_)
            if (!json.contains(field.name))
                missing->push_back(field.name);
    return config;
}

std::string typeName(const FieldValue& value)
{
    constexpr const char* names[] = {"yes or no", "an integer", "a number", "text"};
    return names[value.index()];
}

std::string textOf(const FieldValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    return toJson(value).dump();
}

}
