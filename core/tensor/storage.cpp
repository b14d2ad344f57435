// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/storage.h"

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace fovea {

namespace {

constexpr std::size_t hugePage = std::size_t{2} << 20;

std::align_val_t alignmentOf(std::size_t bytes)
{
    return std::align_val_t(bytes < 2 * hugePage ? BlockKeeper::alignment : hugePage);
}

/// Asks for huge pages where they fit whole: products over large weights are 2 to 8 % faster. Without them
/// all works the same, so the answer does not matter.
void preferHugePages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes)
{
#ifdef __linux__
    if (bytes >= 2 * hugePage)
        madvise(memory, bytes / hugePage * hugePage, MADV_HUGEPAGE);
#endif
}

}

static_assert(sizeof(BlockKeeper::Block) <= BlockKeeper::headerSize);

BlockKeeper::Block* BlockKeeper::allocate(std::size_t bytes, BlockKeeper* keeper)
{
    if (bytes > static_cast<std::size_t>(-1) / 2)
        throw std::bad_alloc();
    const std::size_t size = headerSize + bytes;
    void* memory = ::operator new(size, alignmentOf(size));
    preferHugePages(memory, size);
    auto* block = new (memory) Block;
    block->capacity = bytes;
    block->keeper = keeper;
    return block;
}

void BlockKeeper::release(Block* block) noexcept
{
    const std::size_t size = headerSize + block->capacity;
    block->~Block();
    ::operator delete(block, alignmentOf(size));
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
