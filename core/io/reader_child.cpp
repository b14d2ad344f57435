// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader_child.h"

#include "core/tensor/error.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

extern char** environ;

namespace fovea::io {

namespace {

constexpr const char* programName = "fovea-h5-reader";

/// In $FOVEA_BIN and nowhere else when that is set; otherwise beside the running program, where a build has
/// it for its tests, or where an installation has it.
std::string readerProgram()
{
    std::error_code ignored;
    std::vector<std::filesystem::path> folders;
    if (const char* set = std::getenv("FOVEA_BIN")) {
        folders.emplace_back(set);
    } else {
        const auto own = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
        folders = {own, own / "../bin", own / "../libexec/fovea"};
    }
    for (const auto& folder : folders)
        if (::access((folder / programName).c_str(), X_OK) == 0)
            return (folder / programName).string();
    throw Error(std::string("the program '") + programName + "' is not in " + folders.front().string());
}

/// Input, output and signals of the new process.
class SpawnPlan {
public:
    SpawnPlan(int input, int output)
    {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawnattr_init(&attributes);
        sigset_t none{}, all{};
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnPlan()
    {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

pid_t spawn(std::vector<std::string> arguments, int input, int output)
{
    const std::string program = readerProgram();
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    const SpawnPlan plan(input, output);
    pid_t pid = -1;
    const int failed
        = ::posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes, argv.data(), environ);
    if (failed)
        throw Error("the HDF5 reader cannot be started: " + std::string(std::strerror(failed)));
    return pid;
}

}

ReaderChild::ReaderChild(
    const InputFile& file, const std::vector<std::string>& arguments, ReaderLimits limits)
    : file_(file)
    , limits_(limits)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw Error(file_.path(), std::strerror(errno));
    answer_ = ends[0];
    try {
        pid_ = spawn(arguments, file.descriptor(), ends[1]);
        ::close(ends[1]);
    } catch (const Error& error) {
        ::close(ends[0]);
        ::close(ends[1]);
        throw Error(file_.path(), error.what());
    }
}

ReaderChild::~ReaderChild()
{
    end();
    ::close(answer_);
}

/// The wait status; a process that is still there is killed (one that died already keeps its own status).
int ReaderChild::end()
{
    int status = 0;
    if (pid_ < 0)
        return status;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) { }
    pid_ = -1;
    return status;
}

void ReaderChild::fail()
{
    const int status = end();
    if (WIFSIGNALED(status))
        throw Error(file_.path(),
            std::string("cannot be read: the HDF5 reader died of it (") + ::strsignal(WTERMSIG(status))
                + ")");
    throw Error(file_.path(), "is damaged or no HDF5 file");
}

std::size_t ReaderChild::readSome(void* into, std::size_t bytes)
{
    pollfd wait{answer_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(limits_.silence.count()));
    file_.stop().check(); // a signal that stops the program ends the wait
    if (ready == 0) {
        end();
        throw Error(file_.path(), "cannot be read: the HDF5 reader hangs");
    }
    const ssize_t n = ready < 0 ? -1 : ::read(answer_, into, bytes);
    if (n < 0 && errno != EINTR)
        throw Error(file_.path(), std::strerror(errno));
    return n < 0 ? readSome(into, bytes) : static_cast<std::size_t>(n);
}

void ReaderChild::read(void* into, std::size_t bytes)
{
    auto* to = static_cast<char*>(into);
    while (bytes > 0) {
        const std::size_t n = readSome(to, bytes);
        if (n == 0)
            fail();
        to += n;
        bytes -= n;
    }
}

std::string ReaderChild::readRest(std::size_t limit)
{
    std::string all;
    std::vector<char> piece(65536);
    while (const std::size_t n = readSome(piece.data(), piece.size())) {
        all.append(piece.data(), n);
        if (all.size() > limit)
            throw Error(file_.path(), "the HDF5 reader's answer is too long");
    }
    if (all.empty())
        fail();
    return all;
}

}
