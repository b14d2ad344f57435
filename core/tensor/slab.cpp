// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/slab.h"

#include <cstdint>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace fovea {

namespace {

constexpr std::size_t line = 64;

std::align_val_t alignmentOf(std::size_t bytes)
{
    return std::align_val_t(bytes < 2 * Slab::hugePage ? line : Slab::hugePage);
}

}

void* allocateLines(std::size_t bytes)
{
    void* memory = ::operator new(bytes, alignmentOf(bytes));
#ifdef __linux__
    if (bytes >= 2 * Slab::hugePage) // the answer does not matter: without them all works the same
        madvise(memory, bytes / Slab::hugePage * Slab::hugePage, MADV_HUGEPAGE);
#endif
    return memory;
}

void freeLines(void* memory, std::size_t bytes) noexcept { ::operator delete(memory, alignmentOf(bytes)); }

Slab::Slab()
    : memory_(static_cast<std::byte*>(allocateLines(size)))
{
}

Slab::~Slab() { freeLines(memory_, size); }

void* Slab::cut(std::size_t bytes)
{
    const std::size_t whole = (bytes + line - 1) / line * line;
    if (whole > size - used_)
        return nullptr;
    void* memory = memory_ + used_;
    used_ += whole;
    return memory;
}

void Slab::drop([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) noexcept
{
#ifdef __linux__
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* begin = static_cast<std::byte*>(block);
    const std::size_t over = reinterpret_cast<std::uintptr_t>(begin) % page, before = over ? page - over : 0;
    if (bytes >= before + page)
        madvise(begin + before, (bytes - before) / page * page, MADV_DONTNEED);
#endif
}

}
