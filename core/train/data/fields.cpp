// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/fields.h"

#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::train::data {

Config readFields(const Schema& schema, const std::string& what, std::string_view fields)
{
    Config config(schema);
    while (!fields.empty()) {
        const std::string_view one = fields.substr(0, fields.find(','));
        fields.remove_prefix(std::min(fields.size(), one.size() + 1));
        const auto equals = one.find('=');
        if (equals == std::string_view::npos)
            throw UsageError(what + ": expected field=value, found '" + std::string(one) + "'");
        try {
            config.setText(one.substr(0, equals), one.substr(equals + 1));
        } catch (const Error& error) {
            throw UsageError(what + ": " + error.what());
        }
    }
    return config;
}

Schema splitSchema()
{
    return {{"test", 0.1, "share that becomes the test split, where the set brings none", 0.001, 0.9},
        {"seed", std::int64_t{0}, "decides which become the test split", 0, 1e15}};
}

SeededSplit splitOf(const Config& config)
{
    return {config.real("test"), static_cast<std::uint64_t>(config.integer("seed"))};
}

}
