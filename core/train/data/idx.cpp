// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/idx.h"

#include "core/io/input_file.h"
#include "core/io/naming.h"
#include "core/train/data/text_lines.h"

#include <zlib.h>

#include <array>
#include <cstring>
#include <memory>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

/// Reads plain files as they are and unpacks gzipped ones.
class Unpacked {
public:
    Unpacked(const std::string& path, const StopToken& stop)
        : file_(path) // says what is wrong with the path
        , stream_(gzopen(path.c_str(), "rb"), gzclose)
        , stop_(stop)
    {
        if (!stream_)
            throw Error("cannot be opened");
    }

    /// What the file may hold: gzip packs by a factor of 1032 at most.
    std::uint64_t mostBytes() const { return file_.size() * 1032; }
    /// True when there were `bytes` more bytes.
    bool read(void* into, std::size_t bytes)
    {
        constexpr std::size_t most = std::size_t{16} << 20; // between two looks at the stop token
        for (auto* to = static_cast<char*>(into); bytes > 0;) {
            stop_.check();
            const auto wanted = static_cast<unsigned>(std::min(bytes, most));
            const int got = gzread(stream_.get(), to, wanted);
            if (got < 0)
                throw Error("is damaged: the gzip stream cannot be unpacked");
            if (got == 0)
                return false;
            to += got;
            bytes -= static_cast<std::size_t>(got);
        }
        return true;
    }

private:
    io::InputFile file_;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> stream_;
    StopToken stop_;
};

std::uint32_t bigEndian(const std::array<std::uint8_t, 4>& b)
{
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

Shape headerOf(Unpacked& file, int rank)
{
    constexpr std::uint8_t unsignedBytes = 8;
    std::array<std::uint8_t, 4> word{};
    if (!file.read(word.data(), word.size()) || word[0] != 0 || word[1] != 0)
        throw Error("magic: this is no IDX file (its first two bytes are 0)");
    if (word[2] != unsignedBytes)
        throw Error(
            "magic: expected elements of type 8 (unsigned bytes), found type " + std::to_string(word[2]));
    if (word[3] != rank)
        throw Error("magic: expected " + std::to_string(rank) + " axes, found " + std::to_string(word[3]));
    std::vector<std::uint64_t> extents;
    for (int axis = 0; axis < rank; ++axis) {
        if (!file.read(word.data(), word.size()))
            throw Error("the file ends within its header");
        extents.push_back(bigEndian(word));
    }
    const auto claimed = static_cast<std::uint64_t>(checkedCount(extents));
    if (claimed > file.mostBytes())
        throw Error("header: claims " + std::to_string(claimed) + " elements, more than the file can hold");
    return rank == 1 ? Shape{static_cast<Index>(extents[0])}
                     : Shape{static_cast<Index>(extents[0]), static_cast<Index>(extents[1]),
                         static_cast<Index>(extents[2])};
}

/// The file of that name in any of its spellings; empty when there is none.
fs::path fileOf(const fs::path& folder, const std::string& stem, int rank)
{
    const std::string digit = std::to_string(rank);
    for (const char* joint : {"-", "."})
        for (const char* ending : {"", ".gz"})
            if (const fs::path path = folder / (stem + joint + "idx" + digit + "-ubyte" + ending);
                fs::exists(path))
                return path;
    return {};
}

bool holdsSplit(const fs::path& folder, const std::string& split)
{
    return !fileOf(folder, split + "-images", 3).empty();
}

LabelledPictures readSplit(const fs::path& folder, const std::string& split, const StopToken& stop)
{
    const fs::path pictures = fileOf(folder, split + "-images", 3),
                   labels = fileOf(folder, split + "-labels", 1);
    if (labels.empty())
        throw Error((folder / (split + "-labels-idx1-ubyte")).string(),
            "expected the labels of " + pictures.filename().string() + ", found no such file (nor with .gz)");
    const Tensor grey = readIdx(pictures.string(), 3, stop); // [N, height, width]
    const Tensor numbers = readIdx(labels.string(), 1, stop);
    const auto values = numbers.values<std::uint8_t>();
    return {grey.reshaped({grey.dim(0), 1, grey.dim(1), grey.dim(2)}), {values.begin(), values.end()},
        pictures.string(), labels.string()};
}

std::vector<std::string> labelsFor(const fs::path& folder, Index classes)
{
    if (fs::exists(folder / "labels.txt"))
        return readLines((folder / "labels.txt").string());
    if (folder.filename() == "fashion-mnist" || folder.parent_path().filename() == "fashion-mnist")
        return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
            "Ankle boot"};
    return numberedLabels(classes);
}

}

Tensor readIdx(const std::string& path, int rank, const StopToken& stop)
{
    return io::naming(path, [&] {
        Unpacked file(path, stop);
        const Shape shape = headerOf(file, rank);
        Tensor tensor(shape, DType::U8);
        if (!file.read(tensor.writable<std::uint8_t>().data(), tensor.byteSize()))
            throw Error("the file ends too early: expected " + std::to_string(tensor.byteSize())
                + " elements for " + shape.text());
        if (char more = 0; file.read(&more, 1))
            throw Error("the file goes on after the " + std::to_string(tensor.byteSize()) + " elements of "
                + shape.text());
        return tensor;
    });
}

bool holdsIdx(const fs::path& folder) { return holdsSplit(folder, "train") || holdsSplit(folder, "t10k"); }

DataSetPtr openIdx(const fs::path& folder, const Config& config, const OpenDataOptions& options)
{
    const bool hasBoth = holdsSplit(folder, "train") && holdsSplit(folder, "t10k");
    LabelledPictures first = readSplit(folder, holdsSplit(folder, "train") ? "train" : "t10k", options.stop);
    std::vector<std::string> labels = labelsFor(folder, classesIn(first.labels));
    const std::string name = fs::weakly_canonical(folder).filename().string();
    if (!hasBoth)
        return makePictureSet(name, std::move(labels), std::move(first), splitOf(config));
    return makePictureSet(name, std::move(labels), std::move(first), readSplit(folder, "t10k", options.stop));
}

}
