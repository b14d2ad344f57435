// What can be configured, said once: forms, command-line options, validation and files derive from it. It
// knows nothing of files or widgets.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fovea {

using FieldValue = std::variant<bool, std::int64_t, double, std::string>;

/// One field. The type of `standard` is the field's type; a field with choices is text.
struct Field {
    std::string name;
    FieldValue standard;
    std::string help; ///< one line
    double low = 0, high = 0; ///< inclusive, for numbers; low == high: unbounded
    std::string unit = {};
    std::vector<std::string> choices = {};
    bool isOpen = false; ///< the choices are suggestions: any text will do
};

using Schema = std::vector<Field>;

/// nullptr when the schema has no such field.
FOVEA_API const Field* findField(const Schema& schema, std::string_view name);

/// The values for a Schema. Always complete and inside its ranges.
class FOVEA_API Config {
public:
    Config() = default;
    /// Every field at its default.
    explicit Config(Schema schema);

    const Schema& schema() const { return schema_; }
    const FieldValue& value(std::string_view name) const;
    bool flag(std::string_view name) const { return std::get<bool>(value(name)); }
    std::int64_t integer(std::string_view name) const { return std::get<std::int64_t>(value(name)); }
    int count(std::string_view name) const { return static_cast<int>(integer(name)); }
    double real(std::string_view name) const { return std::get<double>(value(name)); }
    const std::string& text(std::string_view name) const { return std::get<std::string>(value(name)); }

    /// Throws Error naming the field, what was expected and what was given.
    void set(std::string_view name, const FieldValue& value);
    /// From text, as the command line has it.
    void setText(std::string_view name, std::string_view text);

    /// A JSON object with every field, in the schema's order.
    std::string json() const;
    /// Defaults overwritten by a JSON object. An unknown field, a wrong type or a value out of range is an
    /// Error that names the field. Fields that `json` did not give are listed in `missing` when asked.
    static Config fromJson(Schema schema, std::string_view json, std::vector<std::string>* missing = nullptr);

    bool operator==(const Config& other) const { return values_ == other.values_; }

private:
    Schema schema_;
    std::map<std::string, FieldValue, std::less<>> values_;
};

/// "an integer", "a number", "yes or no", "text"
FOVEA_API std::string typeName(const FieldValue& value);
FOVEA_API std::string textOf(const FieldValue& value);

}
