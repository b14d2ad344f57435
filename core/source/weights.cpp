// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/weights.h"

#include <mutex>

namespace fovea {

namespace {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class T>
using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

}

struct Weights::Cache {
    ByName<const Tensor*> tensors;
    std::mutex mutex;
    ByName<std::shared_ptr<const void>> derived;
};

Weights::Weights(Parts parts)
    : parts_(std::move(parts))
    , cache_(std::make_unique<Cache>())
{
    for (const auto& [name, tensor] : parts_.parameters)
        cache_->tensors[name] = &tensor;
}

Weights::~Weights() = default;

const Tensor* Weights::find(std::string_view name) const
{
    const auto found = cache_->tensors.find(name);
    return found == cache_->tensors.end() ? nullptr : found->second;
}

Index Weights::parameterCount() const
{
    Index n = 0;
    for (const auto& [name, tensor] : parts_.parameters)
        n += tensor.count();
    return n;
}

std::size_t Weights::byteSize() const { return static_cast<std::size_t>(parameterCount()) * sizeof(float); }

std::string Weights::label(int classIndex) const
{
    const auto i = static_cast<std::size_t>(classIndex);
    return i < parts_.labels.size() ? parts_.labels[i] : std::to_string(classIndex);
}

const void* Weights::findDerived(std::string_view key) const
{
    const std::lock_guard lock(cache_->mutex);
    const auto found = cache_->derived.find(key);
    return found == cache_->derived.end() ? nullptr : found->second.get();
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved, which clang-tidy 14 does not see
const void* Weights::keepDerived(std::string_view key, std::shared_ptr<const void> value) const
{
    const std::lock_guard lock(cache_->mutex);
    return cache_->derived.try_emplace(std::string(key), std::move(value)).first->second.get();
}

}
