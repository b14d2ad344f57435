// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/storage.h"

#include "core/tensor/slab.h"

#include <new>

namespace fovea {

namespace {

using Block = BlockKeeper::Block;

static_assert(sizeof(Block) <= BlockKeeper::headerSize);

Block* blockIn(void* memory, std::size_t bytes, BlockKeeper* keeper)
{
    auto* block = new (memory) Block;
    block->capacity = bytes;
    block->keeper = keeper;
    return block;
}

}

Block* BlockKeeper::allocate(std::size_t bytes, BlockKeeper* keeper)
{
    if (bytes > static_cast<std::size_t>(-1) / 2)
        throw std::bad_alloc();
    return blockIn(allocateLines(headerSize + bytes), bytes, keeper);
}

Block* BlockKeeper::allocate(std::size_t bytes, BlockKeeper* keeper, std::shared_ptr<Slab>& slab)
{
    if (!Slab::isFor(bytes))
        return allocate(bytes, keeper);
    void* memory = slab ? slab->cut(headerSize + bytes) : nullptr;
    if (!memory) {
        try {
            slab = std::make_shared<Slab>();
        } catch (const std::bad_alloc&) { // there may be room for so few
            return allocate(bytes, keeper);
        }
        memory = slab->cut(headerSize + bytes);
    }
    Block* block = blockIn(memory, bytes, keeper);
    block->slab = slab;
    return block;
}

void BlockKeeper::release(Block* block, bool isSlabDone) noexcept
{
    const std::size_t size = headerSize + block->capacity;
    std::shared_ptr<Slab> slab = std::move(block->slab);
    block->~Block();
    if (!slab)
        freeLines(block, size);
    else if (!isSlabDone && slab.use_count() > 1)
        Slab::drop(block, size);
}

Storage Storage::ofSize(std::size_t bytes) { return Storage(BlockKeeper::allocate(bytes, nullptr)); }

void Storage::drop() noexcept
{
    if (!block_ || block_->handles.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    if (block_->keeper)
        block_->keeper->takeBack(block_);
    else
        BlockKeeper::release(block_);
}

}
