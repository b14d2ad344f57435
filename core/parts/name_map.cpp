// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/name_map.h"

#include "core/parts/name_map_json.h"
#include "core/trace/trace.h"

#include <algorithm>
#include <set>

namespace fovea::parts {

namespace {

using Names = std::set<std::string>;
using Shapes = std::map<std::string, Shape>;

/// A rule applied to certain tensors of a file.
struct Use {
    const TensorRule* rule;
    std::string to;
    std::vector<std::string> from;
    Shape shape; ///< of the result
    std::string misfit; ///< why there is none
};

struct Uses {
    std::vector<Use> all;
    Names left; ///< that no rule reads
};

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : " + ") + name;
    return text;
}

/// The number that makes a name of a pattern with {i}; empty when none does.
std::string indexIn(const std::string& pattern, const std::string& name)
{
    const auto at = pattern.find("{i}");
    if (at == std::string::npos || name.compare(0, at, pattern, 0, at) != 0)
        return {};
    const auto end = std::min(name.find_first_not_of("0123456789", at), name.size());
    const std::string index = name.substr(at, end - at);
    return replaced(pattern, "i", index) == name ? index : "";
}

/// The numbers that {i} stands for in names of a file; of a rule without {i} the empty one.
Names indicesOf(const NamedRule& rule, const std::vector<std::string>& sources, const Names& names)
{
    if (!rule.counts())
        return {""};
    Names indices;
    for (const std::string& source : sources)
        for (const std::string& name : names)
            indices.insert(indexIn(source, name));
    indices.erase("");
    return indices;
}

Names namesOf(const std::vector<TensorOutline>& tensors)
{
    Names names;
    for (const TensorOutline& tensor : tensors)
        names.insert(tensor.name);
    return names;
}

Shapes shapesOf(const std::vector<TensorOutline>& tensors)
{
    Shapes shapes;
    for (const TensorOutline& tensor : tensors)
        shapes[tensor.name] = tensor.shape;
    return shapes;
}

}

struct NameMap::Content : NameMapFields {
    /// The names that a rule reads, with every {variable} of `where` replaced by what suits the file.
    std::vector<std::string> sourcesOf(const NamedRule& rule, const Names& names) const
    {
        std::vector<std::string> sources = rule.from;
        for (const auto& [variable, alternatives] : where) {
            const auto begins = [&](const std::string& start) {
                const auto next = names.lower_bound(start);
                return next != names.end() && next->starts_with(start);
            };
            const auto found = std::ranges::find_if(alternatives, begins);
            const auto& first = found == alternatives.end() ? alternatives.front() : *found;
            for (std::string& source : sources)
                source = replaced(source, variable, first);
        }
        return sources;
    }

    /// What is done to the tensors of these shapes, each of which is used once.
    Uses usesFor(const Shapes& shapes) const
    {
        Uses uses;
        for (const auto& [source, shape] : shapes)
            uses.left.insert(source);
        const Names names = uses.left;
        for (const NamedRule& rule : rules) {
            const std::vector<std::string> sources = sourcesOf(rule, names);
            for (const std::string& index : indicesOf(rule, sources, names))
                use(uses, rule, replacedIn(sources, index), replaced(rule.to, "i", index), shapes);
        }
        return uses;
    }

    static std::vector<std::string> replacedIn(std::vector<std::string> sources, const std::string& index)
    {
        for (std::string& source : sources)
            source = replaced(source, "i", index);
        return sources;
    }

private:
    static void use(Uses& uses, const NamedRule& rule, const std::vector<std::string>& from,
        const std::string& to, const Shapes& shapes)
    {
        const bool isThere
            = std::ranges::all_of(from, [&](const auto& source) { return uses.left.contains(source); });
        if (!isThere || std::ranges::find(uses.all, to, &Use::to) != uses.all.end())
            return;
        Use one{&rule.rule, to, from, {}, {}};
        std::vector<Shape> sources;
        for (const std::string& source : from) {
            sources.push_back(shapes.at(source));
            if (!rule.rule.constant)
                uses.left.erase(source);
        }
        try {
            one.shape = rule.rule.shapeFor(sources);
        } catch (const Error& error) {
            one.misfit = error.what();
        }
        uses.all.push_back(std::move(one));
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
    NameMatch match;
    const Uses uses = content_->usesFor(shapesOf(foreign));
    for (const Use& use : uses.all) {
        const std::string source = use.rule->constant ? "constant" : joined(use.from);
        if (use.misfit.empty())
            match.placed.push_back({{use.to, use.shape}, source});
        else
            match.misfits.push_back(Misfit{use.to, source, use.misfit});
    }
    for (const std::string& name : uses.left) {
        const bool isKnown = std::ranges::any_of(
            content_->ignored, [&](const auto& pattern) { return matches(pattern, name); });
        (isKnown ? match.ignored : match.unplaced).push_back(name);
    }
    return match;
}

std::string NameMap::sourceOf(const std::string& name, const std::vector<TensorOutline>& foreign) const
{
    for (const NamedRule& rule : content_->rules) {
        const std::string index = indexIn(rule.to, name);
        if (rule.to == name || !index.empty())
            return joined(Content::replacedIn(content_->sourcesOf(rule, namesOf(foreign)), index));
    }
    return {};
}

NamedTensors NameMap::apply(const NamedTensors& foreign) const
{
    Shapes shapes;
    for (const auto& [name, tensor] : foreign)
        shapes[name] = tensor.shape();
    NamedTensors tensors;
    for (const Use& use : content_->usesFor(shapes).all) {
        if (!use.misfit.empty())
            continue;
        std::vector<Tensor> sources;
        for (const std::string& from : use.from)
            sources.push_back(foreign[from]);
        try {
            tensors.set(use.to, use.rule->apply(sources));
        } catch (const Error& error) {
            throw Error("tensor '" + joined(use.from) + "': " + error.what());
        }
    }
    return tensors;
}

std::optional<FittingMap> fittingMap(
    std::span<const NameMapPtr> maps, const std::vector<TensorOutline>& foreign)
{
    std::optional<FittingMap> best;
    std::size_t fewest = foreign.size() / 2 + 1;
    for (const NameMapPtr& map : maps) {
        const NameMatch match = map->match(foreign);
        const std::size_t left = match.unplaced.size() + match.misfits.size();
        if (match.placed.empty() || left >= fewest)
            continue;
        fewest = left;
        best = FittingMap{map, {}};
        for (const PlacedTensor& placed : match.placed)
            best->tensors.push_back(placed.tensor);
    }
    return best;
}

}
