// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/train/data/cifar.h"
#include "core/train/data/csv_series.h"
#include "core/train/data/hdf5_pictures.h"
#include "core/train/data/idx.h"
#include "core/train/data/picture_folder.h"
#include "core/train/data/text_tokens.h"
#include "core/train/data_set.h"
#include "core/train/shapes/shapes_set.h"

namespace fovea::train {

namespace fs = std::filesystem;

namespace {

/// A kind of data set that lies in files.
struct FileKind {
    bool (*fits)(const fs::path& path);
    Schema (*schema)();
    DataSetPtr (*open)(const fs::path& path, const Config& config, const OpenDataOptions& options);
};

/// The first that fits is opened.
const FileKind fileKinds[] = {{data::holdsIdx, data::splitSchema, data::openIdx},
    {data::holdsCifar, data::splitSchema, data::openCifar},
    {data::isFolder, data::pictureFolderSchema, data::openPictureFolder},
    {data::isCsv, data::seriesSchema, data::openSeries}, {data::isText, data::textSchema, data::openText},
    {data::isHdf5, data::splitSchema, data::openHdf5Pictures}};

/// `what` is all before the last colon behind which fields may stand; a path may have colons of its own.
struct Asked {
    std::string what, fields;
};

Asked parsed(const std::string& text)
{
    if (fs::exists(text))
        return {text, {}};
    const auto colon = text.rfind(':');
    return colon == std::string::npos ? Asked{text, {}}
                                      : Asked{text.substr(0, colon), text.substr(colon + 1)};
}

}

DataSetPtr openDataSet(const std::string& text, const OpenDataOptions& options)
{
    const Asked asked = parsed(text);
    if (asked.what == "shapes")
        return shapes::openShapes(data::readFields(shapes::shapesSchema(), asked.what, asked.fields));
    if (!fs::exists(asked.what))
        throw Error(
            asked.what, "expected a file, a folder or the data set shapes, found nothing of that name");
    try {
        for (const FileKind& kind : fileKinds)
            if (kind.fits(asked.what))
                return kind.open(
                    asked.what, data::readFields(kind.schema(), asked.what, asked.fields), options);
    } catch (const fs::filesystem_error& error) { // a folder that may not be looked into
        throw Error(error.path1().string(), error.code().message());
    }
    throw Error(asked.what,
        "expected a folder of pictures (one folder per class, IDX or CIFAR-10), .h5, .csv or .txt, found "
        "something else");
}

bool areSameData(const std::string& one, const std::string& other)
{
    const Asked a = parsed(one), b = parsed(other);
    std::error_code ignored; // what is not there is the same by its text alone
    return one == other || (a.fields == b.fields && fs::equivalent(a.what, b.what, ignored));
}

std::vector<KnownDataSet> knownDataSets()
{
    return {{"shapes",
        "one object of 8 classes among distractors, with its mask; shapes:mode=two for two objects"}};
}

}
