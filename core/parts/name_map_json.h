// The JSON of a name map, read into plain fields. Only NameMap uses it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/tensor_rule.h"
#include "core/source/schema.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fovea::parts {

/// A rule with the names that it reads and makes.
struct NamedRule {
    std::string to;
    std::vector<std::string> from;
    TensorRule rule;

    /// Whether it stands for one rule for each {i}.
    bool counts() const { return to.find("{i}") != std::string::npos; }
};

/// The fields as name_map.h explains them; `each` is already expanded.
struct NameMapFields {
    using Texts = std::vector<std::string>;

    std::string name, architecture;
    std::vector<std::pair<std::string, FieldValue>> facts, only;
    Texts questions, ignored;
    std::vector<std::pair<std::string, Texts>> where;
    std::vector<NamedRule> rules;
};

/// Throws Error naming the field that is wrong.
NameMapFields parseNameMap(std::string_view json);

/// `text` with every {variable} replaced.
std::string replaced(std::string text, const std::string& variable, const std::string& value);

}
