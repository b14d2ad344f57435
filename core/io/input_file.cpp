// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/input_file.h"

#include "core/tensor/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace fovea::io {

InputFile::InputFile(const std::string& path, StopToken stop)
    : path_(path)
    , stop_(std::move(stop))
{
    // O_NONBLOCK: opening a named pipe must not wait for its other end
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0)
        throw Error(path, std::strerror(errno));
    struct stat about { };
    if (::fstat(descriptor_, &about) != 0 || !S_ISREG(about.st_mode)) {
        ::close(descriptor_);
        throw Error(
            path, S_ISDIR(about.st_mode) ? "expected a file, found a folder" : "is not a regular file");
    }
    size_ = static_cast<std::uint64_t>(about.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(std::uint64_t offset, void* into, std::size_t bytes) const
{
    constexpr std::size_t most = std::size_t{16} << 20; // between two looks at the stop token
    auto* to = static_cast<char*>(into);
    while (bytes > 0) {
        stop_.check();
        const ssize_t n = ::pread(descriptor_, to, std::min(bytes, most), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throw Error(path_, std::strerror(errno));
        if (n == 0)
            throw Error(path_,
                "the file ends too early: expected " + std::to_string(bytes) + " more bytes at position "
                    + std::to_string(offset));
        to += n;
        offset += static_cast<std::uint64_t>(n);
        bytes -= static_cast<std::size_t>(n);
    }
}

std::string readText(const std::string& path, std::uint64_t limit)
{
    const InputFile file(path);
    if (file.size() > limit)
        throw Error(path,
            "expected at most " + std::to_string(limit) + " bytes, found " + std::to_string(file.size()));
    std::string text(file.size(), '\0');
    file.read(0, text.data(), text.size());
    return text;
}

}
