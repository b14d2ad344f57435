// Shared, 64-byte aligned memory with an intrusive count, so that a handle costs no allocation. It knows
// neither type nor shape.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace fovea {

class Slab;

/// Takes a block back when its last handle is gone. The workspace of a Run is one; the heap is the default.
class FOVEA_API BlockKeeper {
public:
    struct Block {
        std::atomic<int> handles{0};
        std::size_t capacity = 0; // bytes behind the header
        BlockKeeper* keeper = nullptr;
        Block* next = nullptr; // for the keeper
        std::shared_ptr<Slab> slab; // that it stands in, if any
        void* bytes() { return reinterpret_cast<std::byte*>(this) + headerSize; }
    };
    static constexpr std::size_t alignment = 64;
    static constexpr std::size_t headerSize = 64;

    virtual ~BlockKeeper() = default;
    /// Called by the last handle, from any thread.
    virtual void takeBack(Block* block) noexcept = 0;

    /// A block of at least `bytes` from the heap; throws std::bad_alloc.
    static Block* allocate(std::size_t bytes, BlockKeeper* keeper);
    /// The same from the slab, or from a new one that takes its place; from the heap blocks of other
    /// sizes than a slab is for, and all where there is no room for a slab. The blocks of a slab are
    /// allocated and released by one thread at a time.
    static Block* allocate(std::size_t bytes, BlockKeeper* keeper, std::shared_ptr<Slab>& slab);
    /// `isSlabDone`: all blocks of its slab are released, so that no pages need be given back for this one
    /// alone.
    static void release(Block* block, bool isSlabDone = false) noexcept;
};

/// A counted handle on a block. Copies share.
class FOVEA_API Storage {
public:
    Storage() = default;
    /// From the heap.
    static Storage ofSize(std::size_t bytes);
    explicit Storage(BlockKeeper::Block* block)
        : block_(block)
    {
        if (block_)
            block_->handles.fetch_add(1, std::memory_order_relaxed);
    }
    Storage(const Storage& other)
        : Storage(other.block_)
    {
    }
    Storage(Storage&& other) noexcept
        : block_(std::exchange(other.block_, nullptr))
    {
    }
    Storage& operator=(Storage other) noexcept
    {
        std::swap(block_, other.block_);
        return *this;
    }
    ~Storage() { drop(); }

    void* bytes() const { return block_ ? block_->bytes() : nullptr; }
    std::size_t capacity() const { return block_ ? block_->capacity : 0; }
    bool unique() const { return block_ && block_->handles.load(std::memory_order_acquire) == 1; }
    bool operator==(const Storage& other) const { return block_ == other.block_; }

private:
    void drop() noexcept;

    BlockKeeper::Block* block_ = nullptr;
};

}
