// A file opened for reading: its size and its bytes by position. It knows no format.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace fovea::io {

/// A regular file. Every Error names it. Reading throws Cancelled soon after `stop` is stopped.
class FOVEA_API InputFile {
public:
    /// Throws Error when there is no such file, when it cannot be read or is a folder or device.
    explicit InputFile(const std::string& path, StopToken stop = {});
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    const std::string& path() const { return path_; }
    /// In bytes, as it was when the file was opened.
    std::uint64_t size() const { return size_; }
    int descriptor() const { return descriptor_; }
    const StopToken& stop() const { return stop_; }
    /// Exactly `bytes` bytes from `offset` on; throws Error when they are not there.
    void read(std::uint64_t offset, void* into, std::size_t bytes) const;

private:
    std::string path_;
    std::uint64_t size_ = 0;
    int descriptor_ = -1;
    StopToken stop_;
};

/// All of a file that is not larger than `limit` bytes; a larger one is an Error.
FOVEA_API std::string readText(const std::string& path, std::uint64_t limit);

}
