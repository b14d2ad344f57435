// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include "plugins/vit/vit.h"

#include "core/io/describe.h"
#include "core/io/npy.h"
#include "core/io/open_weights.h"
#include "core/io/safetensors.h"
#include "core/io/trace_file.h"

#include <sys/mman.h>
#include <unistd.h>

namespace fovea::fuzz {

namespace {

/// The bytes as a file that has a name and takes no disk.
class MemoryFile {
public:
    explicit MemoryFile(const std::string& bytes)
        : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        if (::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("memfd");
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

template <class Work>
void swallowingErrors(Work work)
{
    try {
        work();
    } catch (const Error&) {
    }
}

const Registry& registry()
{
    static const auto registry = [] {
        auto made = std::make_unique<Registry>();
        made->add(std::make_unique<plugin::vit::Vit>());
        return made;
    }();
    return *registry;
}

}

void safetensors(const std::string& bytes)
{
    const MemoryFile file(bytes);
    swallowingErrors([&] {
        const io::SafetensorsFile opened(file.path());
        for (std::size_t i = 0; i < opened.tensors().size(); ++i)
            opened.read(i);
    });
}

void npy(const std::string& bytes)
{
    const MemoryFile file(bytes);
    swallowingErrors([&] { io::readNpy(file.path()); });
}

void answer(const std::string& bytes)
{
    swallowingErrors([&] { io::parseHdf5Outline(bytes, 1'000'000); });
}

void anyFile(const std::string& bytes)
{
    const MemoryFile file(bytes);
    const io::OpenOptions options{{{"heads", "3"}, {"preprocess", "none"}}, {}};
    swallowingErrors([&] {
        switch (io::describe(file.path()).kind) {
        case io::FileKind::Trace:
            io::readTrace(file.path());
            break;
        case io::FileKind::Input:
            io::readInput(file.path());
            break;
        default:
            io::openWeights(file.path(), registry(), options);
        }
    });
}

}
