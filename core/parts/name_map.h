// How another project names (and lays out) the parameters of an architecture: data, read from JSON.
// It knows no architecture and no file format.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fovea::parts {

/// Where a tensor of the architecture comes from.
struct PlacedTensor {
    TensorOutline tensor; ///< under the architecture's name
    std::string source; ///< names in the file, joined by " + "
};

/// A tensor of the architecture whose sources have shapes that cannot become it.
struct Misfit {
    std::string name, source, why;
};

/// What a map makes of the names of a file: each is in one of these.
struct NameMatch {
    std::vector<PlacedTensor> placed;
    std::vector<Misfit> misfits;
    std::vector<std::string> ignored; ///< known, and not needed
    std::vector<std::string> unplaced;
};

/// The JSON is an object with:
///   name          what the naming is called
///   architecture  id; needed in a user's own map
///   facts         config fields that the naming implies: {"pre_norm": true}
///   questions     config fields that it leaves open
///   only          values that alone can be converted: {"pool": "cls"}
///   where         {"root": ["vit.", ""]}: {root} in a name is the first of these with which a name begins
///   each          {"p": ["weight", "bias"]}: a rule with {p} stands for one rule with each of these
///   ignore        names, with '*' for any characters: what the model's output does not depend on
///   rules         for each tensor, tried in order (a name is used once):
///     to, from    names; {i} is any whole number; a list of names is joined along the leading axis; without
///                 `from` the name is the same
///     patches     "yxc" or "cyx": a matrix on flattened patches, in that order, becomes a kernel
///                 [C, c, y, x]; a vector of a patch's values takes the kernel's order
///     reshape     extents; "$k" is the source's extent k, "$-1" its last
///     permute     the axes in their new order
///     constant    instead of `from`: a number; with `like`, whose shape it takes
class FOVEA_API NameMap {
public:
    /// Throws Error naming the field that is wrong.
    explicit NameMap(std::string_view json);
    ~NameMap();
    NameMap(const NameMap&) = delete;
    NameMap& operator=(const NameMap&) = delete;

    const std::string& name() const;
    const std::string& architecture() const;
    const std::vector<std::pair<std::string, FieldValue>>& facts() const;
    const std::vector<std::string>& questions() const;
    /// Throws Error when a config says what `only` excludes.
    void requireConvertible(const Config& config) const;

    NameMatch match(const std::vector<TensorOutline>& foreign) const;
    /// What a tensor of the architecture is called in such a file; empty when no rule makes it.
    std::string sourceOf(const std::string& name, const std::vector<TensorOutline>& foreign) const;
    /// The tensors that match() places, with their values.
    NamedTensors apply(const NamedTensors& foreign) const;

private:
    struct Content;
    std::unique_ptr<Content> content_;
};

using NameMapPtr = std::shared_ptr<const NameMap>;

/// A map and what it makes of a file.
struct FittingMap {
    NameMapPtr map;
    std::vector<TensorOutline> tensors; ///< under the architecture's names
};

/// The map that leaves the fewest tensors without a place, of equals the first. Nothing when that is more
/// than half of them: the names are of another world.
FOVEA_API std::optional<FittingMap> fittingMap(
    std::span<const NameMapPtr> maps, const std::vector<TensorOutline>& foreign);

}
