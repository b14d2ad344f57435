// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/workspace.h"

#include <array>
#include <bit>
#include <mutex>

namespace fovea {

/// Idle blocks hang in lists by size class. The keeper lives until its handles and blocks are all gone.
class Workspace::Keeper final : public BlockKeeper {
public:
    void takeBack(Block* block) noexcept override
    {
        {
            const std::lock_guard lock(mutex_);
            Block*& head = idle_[classOf(block->capacity)];
            block->next = head;
            head = block;
            idleBytes += block->capacity;
        }
        drop();
    }

    Block* take(std::size_t bytes)
    {
        const std::size_t size = rounded(bytes);
        users_.fetch_add(1);
        {
            const std::lock_guard lock(mutex_);
            for (Block** link = &idle_[classOf(size)]; *link; link = &(*link)->next)
                if ((*link)->capacity == size) {
                    Block* block = *link;
                    *link = block->next;
                    idleBytes -= size;
                    return block;
                }
            ++allocations;
            return allocate(size, this, slab_);
        }
    }

    void trim()
    {
        const std::lock_guard lock(mutex_);
        for (Block*& head : idle_)
            while (head)
                release(std::exchange(head, head->next));
        slab_.reset();
        idleBytes = 0;
    }

    void join() { users_.fetch_add(1); }
    void drop()
    {
        if (users_.fetch_sub(1) == 1) {
            trim();
            delete this;
        }
    }

    std::atomic<std::size_t> idleBytes{0}, allocations{0};

private:
    /// Equal shapes come again, so an exact size is found again; rounding only merges near neighbours.
    static std::size_t rounded(std::size_t bytes) { return (bytes + alignment) / alignment * alignment; }
    static std::size_t classOf(std::size_t size) { return static_cast<std::size_t>(std::bit_width(size)); }

    std::mutex mutex_;
    std::array<Block*, 65> idle_{};
    std::shared_ptr<Slab> slab_; ///< the one that is not full
    std::atomic<Index> users_{1};
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

Workspace::~Workspace() { keeper_->drop(); }

Tensor Workspace::make(const Shape& shape, DType type)
{
    const auto bytes = static_cast<std::size_t>(shape.count()) * sizeOf(type);
    return Tensor(Storage(keeper_->take(bytes)), shape, type);
}

void Workspace::trim() { keeper_->trim(); }
std::size_t Workspace::idleBytes() const { return keeper_->idleBytes; }
std::size_t Workspace::allocations() const { return keeper_->allocations; }

}
