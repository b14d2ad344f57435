// SHA-256 (FIPS 180-4), to tell files apart. None of our dependencies offers it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace fovea::io {

class InputFile;

class FOVEA_API Sha256 {
public:
    void update(std::span<const std::byte> bytes);
    /// 64 hexadecimal digits. Nothing may be added afterwards.
    std::string finish();

private:
    void compress(const std::byte* block);

    std::array<std::uint32_t, 8> state_{0x6A09E667U, 0xBB67AE85U, 0x3C6EF372U, 0xA54FF53AU, 0x510E527FU,
        0x9B05688CU, 0x1F83D9ABU, 0x5BE0CD19U};
    std::array<std::byte, 64> pending_{};
    std::size_t pendingLength_ = 0;
    std::uint64_t length_ = 0; // bytes
};

/// Of a whole file.
FOVEA_API std::string sha256(const InputFile& file);
/// The same, made on a thread of its own while `work` reads the file on the caller's. Throws what `work`
/// throws, at once; else what hashing throws.
FOVEA_API std::string sha256While(const InputFile& file, const std::function<void()>& work);

}
