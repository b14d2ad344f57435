// The libFuzzer harness of the reader process's own work. libhdf5 itself dies of some files, which is why it
// runs in a process of its own: a find counts when its stack ends in core/io/reader_process.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader_process/outline.h"

#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (::write(file, data, size) == static_cast<ssize_t>(size))
        try {
            const auto outline = fovea::io::reader::outline(path);
            for (std::size_t i = 0; i < outline["objects"].size(); ++i)
                fovea::io::reader::dump(path, std::span(&i, 1), [](const void*, std::size_t) {});
        } catch (const std::exception&) {
        }
    ::close(file);
    return 0;
}
