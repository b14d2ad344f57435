// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/storage.h"

#include <new>

namespace fovea {

static_assert(sizeof(BlockKeeper::Block) <= BlockKeeper::headerSize);

BlockKeeper::Block* BlockKeeper::allocate(std::size_t bytes, BlockKeeper* keeper)
{
    if (bytes > static_cast<std::size_t>(-1) / 2)
        throw std::bad_alloc();
    void* memory = ::operator new(headerSize + bytes, std::align_val_t(alignment));
    auto* block = new (memory) Block;
    block->capacity = bytes;
    block->keeper = keeper;
    return block;
}

void BlockKeeper::release(Block* block) noexcept
{
    block->~Block();
    ::operator delete(block, std::align_val_t(alignment));
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
