// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_file.h"

#include "core/tensor/error.h"

#include <QFile>
#include <QImageReader>
#include <QPainter>

#include <cstring>

namespace fovea::app {

namespace {

constexpr int smallest = 4;
constexpr qint64 mostPixels = qint64{64} << 20;

/// Number of colour components a JPEG declares in its frame header (SOF); 0 for anything else.
int jpegComponents(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray head = file.read(qint64{1} << 20);
    const auto byte = [&](qsizetype i) { return static_cast<unsigned char>(head[i]); };
    if (head.size() < 4 || byte(0) != 0xFF || byte(1) != 0xD8)
        return 0;
    for (qsizetype i = 2; i + 9 < head.size() && byte(i) == 0xFF;) {
        const int marker = byte(i + 1);
        const bool isFrame
            = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame)
            return byte(i + 9);
        i += 2 + byte(i + 2) * 256 + byte(i + 3);
    }
    return 0;
}

bool isDeep(QImage::Format format)
{
    switch (format) {
    case QImage::Format_RGBX64:
    case QImage::Format_RGBA64:
    case QImage::Format_RGBA64_Premultiplied:
    case QImage::Format_Grayscale16:
    case QImage::Format_BGR30:
    case QImage::Format_RGB30:
    case QImage::Format_RGBX16FPx4:
    case QImage::Format_RGBA16FPx4:
    case QImage::Format_RGBX32FPx4:
    case QImage::Format_RGBA32FPx4:
        return true;
    default:
        return false;
    }
}

/// Decoders paint what is missing of a JPEG grey; a whole one has an end (EOI) after its last scan (SOS).
bool isCutJpeg(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.peek(2) != QByteArrayView("\xFF\xD8"))
        return false;
    const QByteArray bytes = file.readAll();
    return bytes.lastIndexOf("\xFF\xD9") < bytes.lastIndexOf("\xFF\xDA");
}

void checkSize(const std::string& path, QSize size)
{
    const std::string found
        = ", found " + std::to_string(size.width()) + " x " + std::to_string(size.height());
    if (size.width() < smallest || size.height() < smallest)
        throw Error(path, "picture size: expected at least 4 x 4 pixels" + found);
    if (qint64{size.width()} * size.height() > mostPixels)
        throw Error(path, "picture size: expected at most 64 megapixels" + found);
}

QImage overWhite(const QImage& image)
{
    if (!image.hasAlphaChannel())
        return image.convertToFormat(QImage::Format_RGB888);
    QImage ground(image.size(), QImage::Format_RGB32);
    ground.fill(Qt::white);
    QPainter(&ground).drawImage(0, 0, image);
    return ground.convertToFormat(QImage::Format_RGB888);
}

}

Tensor readPicture(const std::string& path)
{
    const QString name = QString::fromStdString(path);
    QImageReader reader(name);
    QImageReader::setAllocationLimit(0); // checkSize() has the say
    reader.setAutoTransform(true);
    reader.setDecideFormatFromContent(true);
    if (!reader.canRead())
        throw Error(path,
            "picture: expected PNG, JPEG, WebP, TIFF or BMP (" + reader.errorString().toStdString() + ")");
    if (reader.size().isValid())
        checkSize(path, reader.size());
    if (jpegComponents(name) == 4)
        throw Error(path, "picture colours: expected grey or RGB, found CMYK; convert it to RGB first");
    if (isDeep(reader.imageFormat()))
        throw Error(path, "picture depth: expected 8 bits a channel, found more; convert it to 8 bits first");
    if (isCutJpeg(name))
        throw Error(path, "picture: the file ends too early");
    const QImage decoded = reader.read();
    if (decoded.isNull())
        throw Error(path, "picture: cannot be decoded (" + reader.errorString().toStdString() + ")");
    checkSize(path, decoded.size());
    const QImage image = overWhite(decoded);
    Tensor picture({image.height(), image.width(), 3}, DType::U8);
    const auto out = picture.writable<std::uint8_t>();
    const auto rowSize = static_cast<std::size_t>(image.width()) * 3;
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(out.data() + static_cast<std::size_t>(y) * rowSize, image.constScanLine(y), rowSize);
    return picture;
}

bool isPicture(const std::string& path)
{
    QImageReader reader(QString::fromStdString(path));
    reader.setDecideFormatFromContent(true);
    return reader.canRead();
}

}
