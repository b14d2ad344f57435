// Writes test pictures of a data set as PNG, and beside each the masks of its objects: sample inputs, contact
// sheets.
//   cmake --build --preset release --target make_shapes_samples
//   build/release/bin/make_shapes_samples shapes:size=256 FOLDER 0 1 2
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data_set.h"

#include <QDir>
#include <QImage>

#include <cstdio>

using namespace fovea;
using namespace fovea::train;

namespace {

/// u8 [channels, height, width] or [height, width].
void save(const Tensor& values, const QString& path)
{
    const auto in = values.values<std::uint8_t>();
    const Index height = values.dim(-2), width = values.dim(-1), plane = height * width;
    QImage image(static_cast<int>(width), static_cast<int>(height), QImage::Format_RGB888);
    for (Index i = 0; i < plane; ++i)
        for (Index c = 0; c < 3; ++c)
            image.scanLine(static_cast<int>(i / width))[3 * (i % width) + c]
                = in[static_cast<std::size_t>(i + (values.count() == 3 * plane ? c * plane : 0))];
    if (!image.save(path))
        throw Error(path.toStdString(), "cannot be written");
    std::printf("%s\n", qPrintable(path));
}

void write(const DataSet& data, const QDir& folder, Index index)
{
    if (index < 0 || index >= data.count(Split::Test))
        throw Error("there is no test picture " + std::to_string(index));
    const Sample sample = data.sample(Split::Test, index);
    const auto nameOf = [&](Index label) {
        return QString::fromStdString(data.info().labels[static_cast<std::size_t>(label)]);
    };
    const QString name = QString("%1-%2").arg(index, 4, 10, QChar('0')).arg(nameOf(sample.label));
    save(sample.value, folder.filePath(name + ".png"));
    for (const ObjectMask& object : sample.objects)
        save(object.coverage, folder.filePath(name + ".mask-" + nameOf(object.label) + ".png"));
}

}

int main(int count, char** words)
{
    if (count < 4) {
        std::fprintf(stderr, "usage: make_shapes_samples DATA FOLDER INDEX...\n");
        return 2;
    }
    try {
        const DataSetPtr data = openDataSet(words[1]);
        for (int i = 3; i < count; ++i)
            write(*data, QDir(words[2]), QString(words[i]).toLongLong());
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
