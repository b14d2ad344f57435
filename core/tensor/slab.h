// Memory in huge pages, in which blocks stand side by side. Only core/tensor includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace fovea {

/// Where pages can be given back one by one. The address sanitizer watches only what stands alone.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) // clang's way to tell
#define FOVEA_WATCHED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FOVEA_WATCHED
#endif
#if defined(__linux__) && !defined(FOVEA_WATCHED)
constexpr bool areSlabsUsed = true;
#else
constexpr bool areSlabsUsed = false;
#endif
#undef FOVEA_WATCHED

/// Blocks are cut off one after the other, and never used again once they are gone. What was not touched
/// costs no memory, only addresses. With 4 KiB pages a training step takes 7 to 9 % more time: it touches
/// more of them than the processor can remember. Not for threads at once.
class Slab {
public:
    static constexpr std::size_t hugePage = std::size_t{2} << 20, size = 32 * hugePage;
    /// Smaller blocks gain nothing, larger ones have huge pages of their own.
    static constexpr bool isFor(std::size_t bytes)
    {
        return areSlabsUsed && bytes >= 4096 && bytes <= size / 2;
    }

    /// Throws std::bad_alloc.
    Slab();
    ~Slab();
    Slab(const Slab&) = delete;
    Slab& operator=(const Slab&) = delete;

    /// The next `bytes`, on a cache line, or nullptr where there is no room.
    void* cut(std::size_t bytes);
    /// The block's pages go back to the system (of a huge page in part: once memory is wanted), and others'
    /// are left alone. Beside a block that stays the system may make a huge page of them again, in its time.
    static void drop(void* block, std::size_t bytes) noexcept;

private:
    std::byte* memory_;
    std::size_t used_ = 0;
};

/// Memory on a cache line; from two huge pages on in huge pages, where the system has them. Throws
/// std::bad_alloc.
void* allocateLines(std::size_t bytes);
void freeLines(void* memory, std::size_t bytes) noexcept;

}
