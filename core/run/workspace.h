// Memory that a Run uses again and again: a block returns here when its last handle is gone. It holds no
// values: what is in a block is for who took it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

namespace fovea {

/// A handle; copies share the same memory. Tensors may outlive it. Threads may use it at once.
class FOVEA_API Workspace {
public:
    Workspace();
    ~Workspace();
    Workspace(const Workspace& other);
    Workspace& operator=(Workspace other) noexcept
    {
        std::swap(keeper_, other.keeper_);
        return *this;
    }

    /// Uninitialised elements; no allocation when a block of that size has come back.
    Tensor make(const Shape& shape, DType type = DType::F32);
    /// Gives all idle memory back to the system.
    void trim();

    std::size_t idleBytes() const;
    /// Blocks made so far. Constant from the second forward pass on.
    std::size_t allocations() const;

private:
    class Keeper;
    Keeper* keeper_;
};

}
