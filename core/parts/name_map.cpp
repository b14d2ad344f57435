// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/name_map.h"

#include "core/parts/tensor_rule.h"
#include "core/trace/trace.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace fovea::parts {

namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

/// A rule with the names that it reads and makes.
struct NamedRule {
    std::string to;
    Texts from;
    TensorRule rule;
};

/// A rule applied to certain tensors of a file.
struct Use {
    const TensorRule* rule;
    std::string to;
    Texts from;
};

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
        return {json.get<Index>(), -1};
    const auto text = json.is_string() ? json.get<std::string>() : "";
    if (text.size() != 2 || text[0] != '$' || text[1] < '0' || text[1] > '5')
        throw Error("'reshape': expected numbers and \"$0\" to \"$5\", found " + json.dump());
    return {0, text[1] - '0'};
}

/// Axes in a new order: each of 0 .. n-1 once.
std::vector<int> orderOf(const Json& json)
{
    const auto order = json.get<std::vector<int>>();
    const std::set<int> axes(order.begin(), order.end());
    if (axes.empty() || order.size() > Shape::maxRank || axes.size() != order.size() || *axes.begin() != 0
        || *axes.rbegin() + 1 != static_cast<int>(order.size()))
        throw Error("'permute': expected each axis once, found " + json.dump());
    return order;
}

bool counts(const std::string& name) { return name.find("{i}") != std::string::npos; }

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
    const auto countsToo = [&](const std::string& name) { return counts(name) == counts(named.to); };
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

std::string replaced(std::string text, const std::string& variable, const std::string& value)
{
    const std::string mark = "{" + variable + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
        text.replace(at, mark.size(), value);
    return text;
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
    for (const auto& [variable, values] : json.items())
        variables.push_back({variable, values.get<Texts>()});
    return variables;
}

}

struct NameMap::Content {
    std::string name, architecture;
    std::vector<std::pair<std::string, FieldValue>> facts, only;
    Texts questions, ignored;
    std::vector<std::pair<std::string, Texts>> where;
    std::vector<NamedRule> rules;

    explicit Content(const Json& json)
        : name(json.at("name").get<std::string>())
        , architecture(json.value("architecture", ""))
        , facts(fieldValues(json.value("facts", Json::object())))
        , only(fieldValues(json.value("only", Json::object())))
        , questions(json.value("questions", Texts()))
        , ignored(json.value("ignore", Texts()))
        , where(variablesOf(json.value("where", Json::object())))
    {
        const auto each = variablesOf(json.value("each", Json::object()));
        for (const Json& rule : json.at("rules"))
            std::ranges::move(expanded(ruleOf(rule), each), std::back_inserter(rules));
    }

    /// The names of a rule with every {variable} of `where` replaced by what suits the file.
    NamedRule resolved(NamedRule rule, const std::set<std::string>& names) const
    {
        for (const auto& [variable, alternatives] : where) {
            const auto begins = [&](const std::string& start) {
                const auto next = names.lower_bound(start);
                return next != names.end() && next->starts_with(start);
            };
            const auto found = std::ranges::find_if(alternatives, begins);
            for (std::string& from : rule.from)
                from = replaced(from, variable, found == alternatives.end() ? "" : *found);
        }
        return rule;
    }

    /// Uses a rule for one value of {i}, when its sources are there and its result is not yet.
    static bool use(
        const NamedRule& rule, const std::string& i, std::set<std::string>& free, std::vector<Use>& uses)
    {
        Use one{&rule.rule, replaced(rule.to, "i", i), {}};
        for (const std::string& from : rule.from)
            one.from.push_back(replaced(from, "i", i));
        const bool isThere
            = std::ranges::all_of(one.from, [&](const auto& name) { return free.contains(name); });
        if (!isThere || std::ranges::find(uses, one.to, &Use::to) != uses.end())
            return false;
        for (const std::string& from : one.from)
            if (!rule.rule.constant)
                free.erase(from);
        uses.push_back(std::move(one));
        return true;
    }

    std::vector<Use> usesFor(const std::set<std::string>& names) const
    {
        std::set<std::string> free = names;
        std::vector<Use> uses;
        for (const NamedRule& rule : rules) {
            const NamedRule named = resolved(rule, names);
            const std::size_t before = uses.size();
            for (int i = 0; use(named, std::to_string(i), free, uses) && counts(rule.to); ++i) { }
            for (std::size_t n = before; n < uses.size(); ++n)
                uses[n].rule = &rule.rule; // `named` ends here
        }
        return uses;
    }
};

NameMap::NameMap(std::string_view text)
{
    try {
        const Json json = Json::parse(text);
        content_ = std::make_unique<Content>(json);
    } catch (const Json::exception& error) {
        throw Error(std::string("name map: expected JSON with name and rules (") + error.what() + ")");
    } catch (const Error& error) {
        throw Error(std::string("name map: ") + error.what());
    }
}

NameMap::~NameMap() = default;

const std::string& NameMap::name() const { return content_->name; }
const std::string& NameMap::architecture() const { return content_->architecture; }
const std::vector<std::pair<std::string, FieldValue>>& NameMap::facts() const { return content_->facts; }
const std::vector<std::string>& NameMap::questions() const { return content_->questions; }

void NameMap::requireConvertible(const Config& config) const
{
    for (const auto& [field, value] : content_->only)
        if (config.value(field) != value)
            throw Error("field '" + field + "': weights named as in '" + name()
                + "' can only be converted with " + textOf(value) + ", found " + textOf(config.value(field)));
}

NameMatch NameMap::match(const std::vector<TensorOutline>& foreign) const
{
    std::map<std::string, Shape> shapes;
    std::set<std::string> names;
    for (const TensorOutline& tensor : foreign) {
        shapes[tensor.name] = tensor.shape;
        names.insert(tensor.name);
    }
    NameMatch match;
    for (const Use& use : content_->usesFor(names)) {
        std::vector<Shape> sources;
        std::string joined;
        for (const std::string& from : use.from) {
            sources.push_back(shapes[from]);
            joined += (joined.empty() ? "" : " + ") + from;
            if (!use.rule->constant)
                names.erase(from);
        }
        try {
            match.placed.push_back(
                {{use.to, use.rule->shapeFor(sources)}, use.rule->constant ? "constant" : joined});
        } catch (const Error& error) {
            match.unplaced.push_back(joined + " (" + error.what() + ")");
        }
    }
    for (const std::string& name : names) {
        const bool isKnown = std::ranges::any_of(
            content_->ignored, [&](const auto& pattern) { return matches(pattern, name); });
        (isKnown ? match.ignored : match.unplaced).push_back(name);
    }
    return match;
}

NamedTensors NameMap::apply(const NamedTensors& foreign) const
{
    std::set<std::string> names;
    for (const auto& [name, tensor] : foreign)
        names.insert(name);
    NamedTensors tensors;
    for (const Use& use : content_->usesFor(names)) {
        std::vector<Tensor> sources;
        for (const std::string& from : use.from)
            sources.push_back(foreign[from]);
        tensors.set(use.to, use.rule->apply(sources));
    }
    return tensors;
}

std::optional<FittingMap> fittingMap(
    std::span<const NameMapPtr> maps, const std::vector<TensorOutline>& foreign)
{
    NameMapPtr nearest;
    NameMatch best;
    for (const NameMapPtr& map : maps) {
        NameMatch match = map->match(foreign);
        if (match.placed.size() > best.placed.size()) {
            best = std::move(match);
            nearest = map;
        }
        if (nearest == map && best.unplaced.empty())
            break;
    }
    if (best.placed.empty() || best.unplaced.size() * 2 > foreign.size())
        return std::nullopt;
    if (!best.unplaced.empty())
        throw Error("the names are those of '" + nearest->name() + "', but there is no place for '"
            + best.unplaced.front()
            + (best.unplaced.size() > 1 ? "' and " + std::to_string(best.unplaced.size() - 1) + " more"
                                        : "'"));
    FittingMap fitting{nearest, {}};
    for (PlacedTensor& placed : best.placed)
        fitting.tensors.push_back(std::move(placed.tensor));
    return fitting;
}

}
