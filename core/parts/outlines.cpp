// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/outlines.h"

#include "core/trace/trace.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace fovea::parts {

bool Outlines::has(std::string_view names) const
{
    return std::ranges::any_of(tensors_, [&](const auto& tensor) { return matches(names, tensor.name); });
}

Index Outlines::most(const std::vector<Witness>& witnesses, Index otherwise) const
{
    std::map<Index, int> votes;
    Index best = otherwise;
    for (const Witness& witness : witnesses)
        for (const TensorOutline& tensor : tensors_)
            if (tensor.shape.rank() == witness.rank && matches(witness.names, tensor.name)) {
                const Index number = tensor.shape[witness.axis] / witness.per;
                if (++votes[number] > votes[best])
                    best = number;
            }
    return best;
}

std::pair<Index, Index> Outlines::range(
    std::string_view before, std::string_view after, Index otherwise) const
{
    constexpr Index largest = 1'000'000; // so that one may count on from it
    std::optional<std::pair<Index, Index>> found;
    for (const TensorOutline& tensor : tensors_) {
        const std::string_view name = tensor.name;
        if (!name.starts_with(before))
            continue;
        Index index = -1;
        const char* end = std::from_chars(name.data() + before.size(), name.data() + name.size(), index).ptr;
        const auto read = static_cast<std::size_t>(end - name.data());
        if (index < 0 || index > largest || !matches(after, name.substr(read)))
            continue;
        found = found ? std::pair{std::min(found->first, index), std::max(found->second, index)}
                      : std::pair{index, index};
    }
    return found.value_or(std::pair{otherwise, otherwise});
}

}
