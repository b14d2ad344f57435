// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/name_map.h"

#include "core/parts/name_map_json.h"
#include "core/trace/trace.h"

#include <algorithm>
#include <set>

namespace fovea::parts {

namespace {

/// A rule applied to certain tensors of a file.
struct Use {
    const TensorRule* rule;
    std::string to;
    std::vector<std::string> from;
};

}

struct NameMap::Content : NameMapFields {
    /// The names that a rule reads, with every {variable} of `where` replaced by what suits the file.
    std::vector<std::string> sourcesOf(const NamedRule& rule, const std::set<std::string>& names) const
    {
        std::vector<std::string> sources = rule.from;
        for (const auto& [variable, alternatives] : where) {
            const auto begins = [&](const std::string& start) {
                const auto next = names.lower_bound(start);
                return next != names.end() && next->starts_with(start);
            };
            const auto found = std::ranges::find_if(alternatives, begins);
            for (std::string& source : sources)
                source = replaced(source, variable, found == alternatives.end() ? "" : *found);
        }
        return sources;
    }

    /// What is done to the tensors of these names, each of which is used once.
    std::vector<Use> usesFor(const std::set<std::string>& names) const
    {
        std::set<std::string> free = names;
        std::vector<Use> uses;
        const auto use
            = [&](const NamedRule& rule, const std::vector<std::string>& sources, const std::string& i) {
                  Use one{&rule.rule, replaced(rule.to, "i", i), {}};
                  for (const std::string& source : sources)
                      one.from.push_back(replaced(source, "i", i));
                  const bool isThere = std::ranges::all_of(
                      one.from, [&](const auto& source) { return free.contains(source); });
                  if (!isThere || std::ranges::find(uses, one.to, &Use::to) != uses.end())
                      return false;
                  for (const std::string& source : one.from)
                      if (!rule.rule.constant)
                          free.erase(source);
                  uses.push_back(std::move(one));
                  return true;
              };
        for (const NamedRule& rule : rules) {
            const std::vector<std::string> sources = sourcesOf(rule, names);
            for (int i = 0; use(rule, sources, std::to_string(i)) && rule.counts(); ++i) { }
        }
        return uses;
    }
};

NameMap::NameMap(std::string_view json)
    : content_(std::make_unique<Content>(Content{parseNameMap(json)}))
{
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
