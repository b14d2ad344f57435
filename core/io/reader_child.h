// The reader process of HDF5 files from its parent's side: started, listened to, ended. Knows no HDF5.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/input_file.h"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace fovea::io {

struct ReaderLimits {
    std::chrono::milliseconds silence{30'000}; ///< without a byte for so long, the reader is taken to hang
    int runs = 1000; ///< of the reader for one opened file, or countless small datasets would take hours
};

/// One run of `fovea-h5-reader` with a file as its standard input. The process is ended and waited for by
/// the destructor at the latest. Every Error names the file.
class FOVEA_API ReaderChild {
public:
    ReaderChild(const InputFile& file, const std::vector<std::string>& arguments, ReaderLimits limits);
    ~ReaderChild();
    ReaderChild(const ReaderChild&) = delete;
    ReaderChild& operator=(const ReaderChild&) = delete;

    /// Exactly that many bytes of the answer.
    void read(void* into, std::size_t bytes);
    /// The rest of the answer, which must not be longer than `limit`.
    std::string readRest(std::size_t limit);

private:
    /// What there is, at most `bytes`; 0 at the end.
    std::size_t readSome(void* into, std::size_t bytes);
    [[noreturn]] void fail();
    int end();

    const InputFile& file_;
    ReaderLimits limits_;
    pid_t pid_ = -1;
    int answer_ = -1;
};

}
