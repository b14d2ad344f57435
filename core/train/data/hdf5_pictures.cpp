// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/hdf5_pictures.h"

#include "core/io/hdf5_file.h"

#include <cmath>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

std::string placeOf(const io::Hdf5File& file, const std::string& dataset)
{
    return file.file().path() + ": dataset '" + dataset + "'";
}

LabelledPictures readSplit(const io::Hdf5File& file, const std::string& prefix)
{
    const std::string imagesName = prefix + "images", labelsName = prefix + "labels";
    const io::Hdf5Object &images = file.numbers(imagesName), &labels = file.numbers(labelsName);
    if (images.type != io::StoredType::U8 || images.shape.rank() != 4)
        throw Error(placeOf(file, imagesName),
            "expected u8 [N, channels, height, width], found " + std::string(nameOf(images.type)) + " "
                + images.shape.text());
    if (io::isFloating(labels.type) || labels.type == io::StoredType::C64 || labels.shape.rank() != 1)
        throw Error(placeOf(file, labelsName),
            "expected integers [N], found " + std::string(nameOf(labels.type)) + " " + labels.shape.text());
    const std::vector<Tensor> read = file.read({&images, &labels});
    LabelledPictures split{read[0], {}, placeOf(file, imagesName), placeOf(file, labelsName)};
    constexpr double most = 9007199254740992; // 2^53: any integer type, as long as a double holds it
    for (const double value : read[1].toDoubles()) {
        if (std::abs(value) > most)
            throw Error(split.labelPlace,
                "label " + std::to_string(split.labels.size()) + ": expected -2^53 to 2^53, found more");
        split.labels.push_back(static_cast<Index>(value));
    }
    return split;
}

}

bool isHdf5(const fs::path& path)
{
    return fs::is_regular_file(path) && io::looksLikeHdf5(io::InputFile(path.string()));
}

DataSetPtr openHdf5Pictures(const fs::path& path, const Config& config, const OpenDataOptions& options)
{
    const io::Hdf5File file(path.string(), {}, options.stop);
    LabelledPictures train = readSplit(file, "");
    const io::Hdf5Object* names = file.find("label_names");
    constexpr Index mostUnnamed = 100000;
    const Index classes = classesIn(train.labels);
    if (!names && classes > mostUnnamed)
        throw Error(train.labelPlace,
            "expected labels below " + std::to_string(mostUnnamed) + ", found "
                + std::to_string(classes - 1));
    std::vector<std::string> labels = names ? file.readTexts(*names) : numberedLabels(classes);
    const std::string name = path.stem().string();
    if (!file.find("test_images"))
        return makePictureSet(name, std::move(labels), std::move(train), splitOf(config));
    return makePictureSet(name, std::move(labels), std::move(train), readSplit(file, "test_"));
}

}
