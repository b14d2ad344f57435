// fovea-h5-reader: looks into the HDF5 file that is its standard input, so that a hostile file can only
// end this process. Without arguments it prints the outline; with positions of the outline, their values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader_process/outline.h"

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

constexpr const char* thisFile = "/proc/self/fd/0";

void limit(int resource, rlim_t value)
{
    const rlimit limits{value, value};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &limits);
}

/// What even libhdf5 in the hands of a hostile file may not exceed.
void limitMyself()
{
    ::setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
    ::close_range(3, ~0U, 0); // what the parent left open is not for this process
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, 120); // seconds
    limit(RLIMIT_FSIZE, 0);
#ifndef FOVEA_ASAN // reserves terabytes of addresses and opens files of its own
    limit(RLIMIT_AS, rlim_t{4} << 30);
    limit(RLIMIT_NOFILE, 4); // the standard three and the HDF5 file
#endif
}

void writeAll(const void* bytes, std::size_t count)
{
    const auto* from = static_cast<const char*>(bytes);
    while (count > 0) {
        const ssize_t n = ::write(STDOUT_FILENO, from, count);
        if (n <= 0)
            throw std::runtime_error("nobody listens");
        from += n;
        count -= static_cast<std::size_t>(n);
    }
}

}

int main(int argc, char** argv)
{
    limitMyself();
    using namespace fovea::io;
    try {
        if (argc > 1) {
            std::vector<std::size_t> positions;
            for (int i = 1; i < argc; ++i)
                positions.push_back(std::stoull(argv[i]));
            reader::dump(thisFile, positions, writeAll);
        } else {
            const std::string text
                = reader::outline(thisFile).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            writeAll(text.data(), text.size());
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "fovea-h5-reader: " << error.what() << '\n';
        return 1;
    }
}
