// Bytes as a file that goes away again. A real one: libhdf5 opens nothing that has no path (no memfd).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace fovea::fuzz {

class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
        : path_(std::filesystem::temp_directory_path() / "fovea-fuzz-XXXXXX")
    {
        const int descriptor = ::mkstemp(path_.data());
        const bool isWritten
            = ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
        ::close(descriptor);
        if (!isWritten)
            throw std::runtime_error("no temporary file");
    }
    ~TemporaryFile() { ::unlink(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}
