// Writes test pictures of a data set as PREFIX_LABEL_INDEX.png (_A_and_B_ for several objects), and
// beside each the masks of its objects as PREFIX_LABEL_INDEX.mask-LABEL.png: sample inputs (make_samples.py),
// contact sheets.
//   cmake --build --preset release --target write_samples
//   build/release/bin/write_samples shapes:size=256 FOLDER/shapes 0 1 2
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data_set.h"

#include <QImage>
#include <QRegularExpression>

#include <cstdio>

using namespace fovea;
using namespace fovea::train;

namespace {

/// u8 [1 or 3, height, width] or [height, width].
void save(const Tensor& values, const QString& path)
{
    const auto in = values.values<std::uint8_t>();
    const Index height = values.dim(-2), width = values.dim(-1), plane = height * width;
    const Index channels = values.count() / plane;
    QImage image(static_cast<int>(width), static_cast<int>(height),
        channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    for (Index i = 0; i < values.count(); ++i)
        image.scanLine(static_cast<int>(i % plane / width))[channels * (i % width) + i / plane]
            = in[static_cast<std::size_t>(i)];
    if (!image.save(path))
        throw Error(path.toStdString(), "cannot be written");
    std::printf("%s\n", qPrintable(path));
}

/// A label as part of a file's name.
QString plain(const QString& label)
{
    static const QRegularExpression other("[^a-z0-9]+");
    return label.toLower().replace(other, "_");
}

void write(const DataSet& data, const QString& prefix, Index index)
{
    if (index < 0 || index >= data.count(Split::Test))
        throw Error("there is no test picture " + std::to_string(index));
    const Sample sample = data.sample(Split::Test, index);
    const auto nameOf = [&](Index label) {
        return QString::fromStdString(data.info().labels[static_cast<std::size_t>(label)]);
    };
    QStringList names;
    for (const ObjectMask& object : sample.objects)
        names << plain(nameOf(object.label));
    if (names.isEmpty())
        names << plain(nameOf(sample.label));
    const QString path = QString("%1_%2_%3").arg(prefix, names.join("_and_")).arg(index);
    save(sample.value, path + ".png");
    for (const ObjectMask& object : sample.objects)
        save(object.coverage, path + ".mask-" + nameOf(object.label) + ".png");
}

}

int main(int count, char** words)
{
    if (count < 4) {
        std::fprintf(stderr, "usage: write_samples DATA PREFIX INDEX...\n");
        return 2;
    }
    try {
        const DataSetPtr data = openDataSet(words[1]);
        for (int i = 3; i < count; ++i)
            write(*data, words[2], QString(words[i]).toLongLong());
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
