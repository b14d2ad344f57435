// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"

#include "core/tensor/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

namespace fovea::io {

namespace {

/// Through a symbolic link to what it stands for, so that the link survives.
std::string targetOf(const std::string& path)
{
    std::error_code failed;
    const auto target = std::filesystem::canonical(path, failed);
    return failed ? path : target.string();
}

/// What no other writer ends a name with.
std::string uniqueEnding()
{
    static std::atomic<unsigned> counter{0};
    return std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

/// Whether an ending is one of uniqueEnding() whose process is no more.
bool isAbandoned(std::string_view ending)
{
    pid_t pid = 0;
    unsigned number = 0;
    const char* const end = ending.data() + ending.size();
    const auto [dash, failed] = std::from_chars(ending.data(), end, pid);
    if (failed != std::errc() || pid <= 0 || dash == end || *dash != '-')
        return false;
    const auto [rest, failedToo] = std::from_chars(dash + 1, end, number);
    return failedToo == std::errc() && rest == end && ::kill(pid, 0) != 0 && errno == ESRCH;
}

/// What processes left that were killed while they wrote.
void removeAbandoned(const std::filesystem::path& folder, const std::string& beginning)
{
    std::error_code failed; // what cannot be looked at or removed stays
    std::filesystem::directory_iterator entry(folder, failed);
    for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (name.starts_with(beginning) && isAbandoned(std::string_view(name).substr(beginning.size())))
            std::filesystem::remove(entry->path(), ignored);
    }
}

}

AtomicFile::AtomicFile(std::string path, StopToken stop)
    : path_(std::move(path))
    , stop_(std::move(stop))
{
    const std::filesystem::path target = targetOf(path_);
    std::error_code ignored;
    if (std::filesystem::exists(target, ignored) && !std::filesystem::is_regular_file(target, ignored))
        throw Error(path_, "cannot be written: it is no regular file");
    folder_ = target.has_parent_path() ? target.parent_path().string() : ".";
    const std::string beginning = "." + target.filename().string() + ".";
    removeAbandoned(folder_, beginning);
    temporaryPath_ = folder_ + "/" + beginning + uniqueEnding();
    descriptor_ = ::open(temporaryPath_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        fail();
    struct stat replaced { };
    if (::stat(target.c_str(), &replaced) == 0)
        ::fchmod(descriptor_, replaced.st_mode & 07777);
}

AtomicFile::~AtomicFile()
{
    if (descriptor_ < 0)
        return;
    ::close(descriptor_);
    ::unlink(temporaryPath_.c_str());
}

void AtomicFile::fail() const
{
    throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    constexpr std::size_t most = std::size_t{16} << 20; // between two looks at the stop token
    while (!bytes.empty()) {
        stop_.check();
        const ssize_t n = ::write(descriptor_, bytes.data(), std::min(bytes.size(), most));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            fail();
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

void AtomicFile::commit()
{
    if (::fsync(descriptor_) != 0 || ::rename(temporaryPath_.c_str(), targetOf(path_).c_str()) != 0)
        fail();
    ::close(std::exchange(descriptor_, -1));
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder); // the new name itself; what fails here has no remedy
        ::close(folder);
    }
}

void writeFile(const std::string& path, std::string_view text)
{
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

}
