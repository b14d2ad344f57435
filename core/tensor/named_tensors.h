// A short ordered list of tensors by name: what a State carries besides x, and all a lab's state is. Not for
// look-ups by the thousand: it is searched from the front.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fovea {

class NamedTensors {
public:
    using Entry = std::pair<std::string, Tensor>;

    /// Replaces the tensor of that name or appends it.
    void set(std::string_view name, Tensor tensor)
    {
        for (Entry& entry : entries_)
            if (entry.first == name) {
                entry.second = std::move(tensor);
                return;
            }
        entries_.push_back(Entry(std::string(name), std::move(tensor)));
    }
    /// Appends a tensor whose name is not there yet.
    void append(std::string name, Tensor tensor)
    {
        entries_.push_back(Entry(std::move(name), std::move(tensor)));
    }
    /// The tensor of that name; nullptr when there is none.
    const Tensor* find(std::string_view name) const
    {
        for (const Entry& entry : entries_)
            if (entry.first == name)
                return &entry.second;
        return nullptr;
    }
    /// The tensor of that name, which must be there.
    const Tensor& operator[](std::string_view name) const
    {
        const Tensor* tensor = find(name);
        assert(tensor);
        return *tensor;
    }
    bool empty() const { return entries_.empty(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

private:
    std::vector<Entry> entries_;
};

}
