// The libFuzzer harness of one target, named by FOVEA_FUZZ_TARGET.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fovea::fuzz::FOVEA_FUZZ_TARGET(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
