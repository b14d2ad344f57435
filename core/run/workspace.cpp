// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/workspace.h"

#include <array>
#include <bit>
#include <mutex>
#include <new>

namespace fovea {

/// Idle blocks hang in lists by size class. The keeper lives until its handles and blocks are all gone; once
/// no handle is left nobody can ask for a block again, and each goes back to the system.
class Workspace::Keeper final : public BlockKeeper {
public:
    void takeBack(Block* block) noexcept override
    {
        std::unique_lock lock(mutex_);
        --taken_;
        if (handles_ > 0) {
            Block*& head = idle_[classOf(block->capacity)];
            block->next = head;
            head = block;
            idleBytes += block->capacity;
            return;
        }
        release(block);
        end(lock);
    }

    Block* take(std::size_t bytes)
    {
        const std::size_t size = rounded(bytes);
        const std::lock_guard lock(mutex_);
        Block* block = takeIdle(size);
        if (!block) {
            block = allocateWithin(size);
            ++allocations;
        }
        ++taken_;
        return block;
    }

    void trim()
    {
        const std::lock_guard lock(mutex_);
        releaseIdle();
    }

    void join()
    {
        const std::lock_guard lock(mutex_);
        ++handles_;
    }
    void leave()
    {
        std::unique_lock lock(mutex_);
        if (--handles_ > 0)
            return;
        releaseIdle();
        end(lock);
    }

    std::atomic<std::size_t> idleBytes{0}, allocations{0};

private:
    /// Equal shapes come again, so an exact size is found again; rounding only merges near neighbours.
    static std::size_t rounded(std::size_t bytes) { return (bytes + alignment) / alignment * alignment; }
    static std::size_t classOf(std::size_t size) { return static_cast<std::size_t>(std::bit_width(size)); }

    Block* takeIdle(std::size_t size)
    {
        for (Block** link = &idle_[classOf(size)]; *link; link = &(*link)->next)
            if ((*link)->capacity == size) {
                Block* block = *link;
                *link = block->next;
                idleBytes -= size;
                return block;
            }
        return nullptr;
    }

    /// From the system, at the cost of what is idle where memory is short.
    Block* allocateWithin(std::size_t size)
    {
        try {
            return allocate(size, this, slab_);
        } catch (const std::bad_alloc&) {
            if (idleBytes == 0)
                throw;
            releaseIdle();
            return allocate(size, this, slab_);
        }
    }

    void releaseIdle() noexcept
    {
        slab_.reset();
        for (Block*& head : idle_)
            while (head)
                release(std::exchange(head, head->next), taken_ == 0);
        idleBytes = 0;
    }

    /// If this was the last use.
    void end(std::unique_lock<std::mutex>& lock)
    {
        if (handles_ > 0 || taken_ > 0)
            return;
        lock.unlock();
        delete this;
    }

    std::mutex mutex_;
    std::array<Block*, 65> idle_{};
    std::shared_ptr<Slab> slab_; ///< the one that is not full
    Index handles_ = 1, taken_ = 0;
};

Workspace::Workspace()
    : keeper_(new Keeper)
{
}

Workspace::Workspace(const Workspace& other)
    : keeper_(other.keeper_)
{
    keeper_->join();
}

Workspace::~Workspace() { keeper_->leave(); }

Tensor Workspace::make(const Shape& shape, DType type)
{
    const auto bytes = static_cast<std::size_t>(shape.count()) * sizeOf(type);
    return Tensor(Storage(keeper_->take(bytes)), shape, type);
}

void Workspace::trim() { keeper_->trim(); }
std::size_t Workspace::idleBytes() const { return keeper_->idleBytes; }
std::size_t Workspace::allocations() const { return keeper_->allocations; }

}
