// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include "plugins/vit/vit.h"

#include "core/io/describe.h"
#include "core/io/npy.h"
#include "core/io/open_weights.h"
#include "core/io/preprocess_json.h"
#include "core/io/safetensors.h"
#include "core/io/trace_file.h"
#include "core/parts/name_map.h"
#include "core/trace/edit.h"

#include "tests/fuzz/temporary_file.h"

#include <cstdlib>

namespace fovea::fuzz {

namespace {

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

/// The folder in which the HDF5 reader is looked for, for as long as this lives.
class ReaderFolder {
public:
    explicit ReaderFolder(const char* folder)
    {
        if (const char* before = std::getenv(name))
            before_ = before;
        ::setenv(name, folder, 1);
    }
    ~ReaderFolder() { before_.empty() ? ::unsetenv(name) : ::setenv(name, before_.c_str(), 1); }
    ReaderFolder(const ReaderFolder&) = delete;
    ReaderFolder& operator=(const ReaderFolder&) = delete;

private:
    static constexpr const char* name = "FOVEA_BIN";
    std::string before_;
};

/// Parameters of a ViT of one block, as the names of a checkpoint: what a name map is laid on.
NamedTensors smallCheckpoint()
{
    const plugin::vit::Vit vit;
    Config config = vit.tinyConfig();
    config.set("depth", std::int64_t{1});
    return freshParameters(vit.manifest(config), 1);
}

}

void safetensors(const std::string& bytes)
{
    const TemporaryFile file(bytes);
    swallowingErrors([&] {
        const io::SafetensorsFile opened(file.path());
        for (std::size_t i = 0; i < opened.tensors().size(); ++i)
            opened.read(i);
    });
}

void npy(const std::string& bytes)
{
    const TemporaryFile file(bytes);
    swallowingErrors([&] { io::readNpy(file.path()); });
}

void anyFile(const std::string& bytes)
{
    const TemporaryFile file(bytes);
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

void forged(const std::string& bytes)
{
    const ReaderFolder folder(FOVEA_FORGED_READER);
    anyFile("\x89HDF\r\n\x1a\n" + bytes);
}

void nameMap(const std::string& bytes)
{
    static const NamedTensors checkpoint = smallCheckpoint();
    swallowingErrors([&] {
        const parts::NameMap map(bytes);
        std::vector<TensorOutline> outlines;
        for (const auto& [name, tensor] : checkpoint)
            outlines.push_back({name, tensor.shape()});
        std::vector<TensorOutline> placed;
        for (const parts::PlacedTensor& one : map.match(outlines).placed)
            placed.push_back(one.tensor);
        const NamedTensors applied = map.apply(checkpoint);
        for (const TensorOutline& outline : placed) // what was promised
            if (applied[outline.name].shape() != outline.shape)
                throw std::logic_error("match() and apply() disagree");
        map.requireConvertible(Config(plugin::vit::Vit().schema()));
    });
}

void texts(const std::string& bytes)
{
    const Schema schema = plugin::vit::Vit().schema();
    swallowingErrors([&] {
        const Config config = Config::fromJson(schema, bytes);
        if (!(Config::fromJson(schema, config.json()) == config))
            throw std::logic_error("a config does not survive JSON");
        plugin::vit::Vit().manifest(config);
    });
    swallowingErrors([&] {
        const Preprocess preprocess = io::preprocessFromJson(bytes);
        if (!(io::preprocessFromJson(io::toJson(preprocess)) == preprocess))
            throw std::logic_error("a preprocess does not survive JSON");
    });
    swallowingErrors([&] {
        const Edit edit = Edit::parse(bytes);
        if (!(Edit::parse(edit.text()) == edit))
            throw std::logic_error("an edit does not survive its text");
    });
}

}
