// A file that appears whole or not at all. It knows no format.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fovea::io {

/// Writes go to a temporary file in the same folder, which commit() syncs and renames. Without commit()
/// the temporary file is removed and the target is as it was; those that dead processes left beside it are
/// removed as well. Every Error names the target.
class FOVEA_API AtomicFile {
public:
    /// Throws Error when the folder cannot be written to or the target is no regular file.
    explicit AtomicFile(std::string path, StopToken stop = {});
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    const std::string& path() const { return path_; }
    const StopToken& stop() const { return stop_; }
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
    void commit();

private:
    [[noreturn]] void fail() const;

    std::string path_, folder_, temporaryPath_;
    int descriptor_ = -1;
    StopToken stop_;
};

/// A whole file at once, atomically.
FOVEA_API void writeFile(const std::string& path, std::string_view text);

}
