// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/picture_folder.h"

#include "core/image/picture.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <array>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

/// The entries of a folder that are wanted, by name; those with a leading dot do not count.
template <class Wanted>
std::vector<fs::path> entries(const fs::path& folder, Wanted wanted)
{
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (!entry.path().filename().string().starts_with('.') && wanted(entry))
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

std::vector<fs::path> foldersIn(const fs::path& folder)
{
    return entries(folder, [](const fs::directory_entry& entry) { return entry.is_directory(); });
}

/// By its name's ending, as it may stand beside notes, lists and boxes.
bool isPicture(const fs::path& file)
{
    static constexpr std::array<std::string_view, 11> endings{
        ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".ppm", ".pgm", ".pnm"};
    std::string ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; });
    return std::ranges::find(endings, ending) != endings.end();
}

std::vector<std::string> classNames(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const fs::path& one : foldersIn(folder))
        names.push_back(one.filename().string());
    if (names.empty())
        throw Error(folder.string(),
            "expected a folder of pictures per class (or IDX or CIFAR-10 files), found none");
    return names;
}

/// Decodes one picture after the other into u8 [3, height, width], all of one size.
class Pile {
public:
    Pile(Index size, const OpenDataOptions& options)
        : size_(size)
        , options_(options)
    {
    }

    void add(const std::string& path)
    {
        options_.stop.check();
        Tensor picture = options_.decoder(path); // [height, width, 3]
        if (size_ > 0)
            picture = fitted(picture);
        if (bytes_.empty())
            height_ = picture.dim(0), width_ = picture.dim(1);
        else if (picture.dim(0) != height_ || picture.dim(1) != width_)
            throw Error(path,
                "picture size: expected " + text(width_, height_) + " as the first one, found "
                    + text(picture.dim(1), picture.dim(0)) + "; the field size=... makes all one size");
        const auto in = picture.values<std::uint8_t>();
        if (bytes_.size() + in.size() > mostBytes)
            throw Error(path, "the pictures need more than " + std::to_string(mostBytes >> 30) + " GiB");
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t i = c; i < in.size(); i += 3)
                bytes_.push_back(in[i]);
    }
    Tensor tensor() const
    {
        const Index each = std::max<Index>(3 * height_ * width_, 1);
        return Tensor::of<std::uint8_t>(
            {static_cast<Index>(bytes_.size()) / each, 3, height_, width_}, bytes_);
    }

private:
    static constexpr std::size_t mostBytes = std::size_t{8} << 30;

    static std::string text(Index width, Index height)
    {
        return std::to_string(width) + " x " + std::to_string(height);
    }
    Tensor fitted(const Tensor& picture) const
    {
        const Index height = picture.dim(0), width = picture.dim(1), least = std::min(height, width);
        return image::centreCrop(image::resize(picture, std::max(size_, width * size_ / least),
                                     std::max(size_, height * size_ / least), image::Filter::Bicubic),
            size_);
    }

    Index size_;
    const OpenDataOptions& options_;
    Index height_ = 0, width_ = 0;
    std::vector<std::uint8_t> bytes_;
};

LabelledPictures readClasses(
    const fs::path& folder, const std::vector<std::string>& names, Index size, const OpenDataOptions& options)
{
    if (const std::vector<std::string> found = classNames(folder); found != names)
        throw Error(folder.string(), "expected the same classes as in train");
    if (!options.decoder)
        throw Error(folder.string(), "pictures cannot be decoded here");
    Pile pile(size, options);
    LabelledPictures all{{}, {}, folder.string(), folder.string()};
    for (std::size_t c = 0; c < names.size(); ++c) {
        const std::vector<fs::path> files = entries(folder / names[c], [&](const fs::directory_entry& entry) {
            if (!entry.is_regular_file())
                return false;
            all.leftOut += !isPicture(entry.path());
            return isPicture(entry.path());
        });
        if (files.empty())
            throw Error((folder / names[c]).string(), "class '" + names[c] + "' has no picture");
        for (const fs::path& file : files) {
            pile.add(file.string());
            all.labels.push_back(static_cast<Index>(c));
        }
    }
    all.pictures = pile.tensor();
    return all;
}

}

Schema pictureFolderSchema()
{
    Schema schema = splitSchema();
    schema.insert(schema.begin(),
        {"size", std::int64_t{0}, "side that the pictures are made; 0: as they are", 0, 4096, "px"});
    return schema;
}

bool isFolder(const fs::path& path) { return fs::is_directory(path); }

DataSetPtr openPictureFolder(const fs::path& folder, const Config& config, const OpenDataOptions& options)
{
    const std::string name = fs::weakly_canonical(folder).filename().string();
    const Index size = config.integer("size");
    const fs::path test = folder / (fs::is_directory(folder / "test") ? "test" : "val");
    if (!fs::is_directory(folder / "train") || !fs::is_directory(test)) {
        const std::vector<std::string> names = classNames(folder);
        return makePictureSet(name, names, readClasses(folder, names, size, options), splitOf(config));
    }
    const std::vector<std::string> names = classNames(folder / "train");
    LabelledPictures train = readClasses(folder / "train", names, size, options);
    return makePictureSet(name, names, std::move(train), readClasses(test, names, size, options));
}

}
