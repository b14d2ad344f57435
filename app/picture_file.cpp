// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_file.h"

#include "core/tensor/error.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace fovea::app {

namespace {

/// While it lives, nothing that this thread writes to `stderr` gets out: libpng and libtiff print what is
/// wrong with a picture there, and know no other way that Qt would let us choose.
class Quiet {
public:
    Quiet()
    {
        static const bool isInstalled = install();
        isQuiet = isInstalled;
    }
    ~Quiet() { isQuiet = false; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    /// glibc's `stderr` is a variable: from now on it goes through write().
    static bool install()
    {
        FILE* filtered = fopencookie(nullptr, "w", {nullptr, &Quiet::write, nullptr, nullptr});
        if (!filtered)
            return false;
        setvbuf(filtered, nullptr, _IONBF, 0);
        stderr = filtered;
        return true;
    }
    static ssize_t write(void*, const char* bytes, std::size_t count)
    {
        return isQuiet ? static_cast<ssize_t>(count) : ::write(STDERR_FILENO, bytes, count);
    }
    static thread_local bool isQuiet;
};

thread_local bool Quiet::isQuiet = false;

constexpr int smallest = 4;
constexpr qint64 mostPixels = qint64{64} << 20;

/// Number of colour components a JPEG declares in its frame header (SOF); 0 when there is none.
int jpegComponents(const QByteArray& head)
{
    const auto byte = [&](qsizetype i) { return static_cast<unsigned char>(head[i]); };
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

/// Big- or little-endian, as the file says.
unsigned tiffNumber(const QByteArray& file, qsizetype at, qsizetype bytes)
{
    const bool isBig = file.startsWith("MM");
    unsigned value = 0;
    for (qsizetype i = 0; i < bytes; ++i)
        value = value * 256 + static_cast<unsigned char>(file[at + (isBig ? i : bytes - 1 - i)]);
    return value;
}

/// Where the value of a tag of a TIFF's first picture stands; -1 when it has none.
qsizetype tiffPlace(const QByteArray& file, unsigned tag)
{
    const qsizetype directory = file.size() < 8 ? file.size() : tiffNumber(file, 4, 4);
    for (qsizetype entry = directory + 2; entry + 12 <= file.size(); entry += 12) {
        if (entry >= directory + 2 + 12 * qsizetype{tiffNumber(file, directory, 2)})
            break;
        if (tiffNumber(file, entry, 2) == tag)
            return entry + 8;
    }
    return -1;
}

/// Whether its PhotometricInterpretation is inks.
bool isInkTiff(const QByteArray& file)
{
    const qsizetype place = tiffPlace(file, 262);
    return place >= 0 && tiffNumber(file, place, 2) == 5;
}

/// libtiff multiplies colours by an alpha that is not in them yet (ExtraSamples 2), and loses them where it
/// is low. This makes it believe that it is in them. False for a picture that needs no such care.
bool keepTiffColours(QByteArray& file)
{
    const qsizetype place = tiffPlace(file, 338);
    if (place < 0 || tiffNumber(file, place, 2) != 2)
        return false;
    file[file.startsWith("MM") ? place + 1 : place] = 1;
    return true;
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
bool isCutJpeg(const QByteArray& bytes)
{
    return bytes.lastIndexOf("\xFF\xD9") < bytes.lastIndexOf("\xFF\xDA");
}

std::string cannotBeDecoded(const QImageReader& reader)
{
    return "picture: cannot be decoded (" + reader.errorString().toStdString() + ")";
}

/// What the decoder would pass over in silence.
void checkContent(const std::string& path, const QByteArray& format)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(path, file.errorString().toStdString());
    const QByteArray bytes = format == "jpeg" || format == "tiff" ? file.readAll() : QByteArray();
    if ((format == "jpeg" && jpegComponents(bytes) == 4) || (format == "tiff" && isInkTiff(bytes)))
        throw Error(path, "picture colours: expected grey or RGB, found CMYK; convert it to RGB first");
    if (format == "jpeg" && isCutJpeg(bytes))
        throw Error(path, "picture: the file ends too early");
    QImageReader counter(&file, format); // of its own: counting moves some decoders
    file.seek(0);
    if (counter.imageCount() > 1)
        throw Error(path,
            "picture frames: expected 1, found " + std::to_string(counter.imageCount())
                + "; save one of them as a picture of its own");
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

/// The picture with its colours as they are stored, whatever its alpha.
QImage readTiff(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(path.toStdString(), file.errorString().toStdString());
    QByteArray bytes = file.readAll();
    const bool isKept = keepTiffColours(bytes);
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer, "tiff");
    reader.setAutoTransform(true);
    QImage image = reader.read();
    if (image.isNull())
        throw Error(path.toStdString(), cannotBeDecoded(reader));
    if (isKept && image.format() == QImage::Format_ARGB32_Premultiplied)
        image.reinterpretAsFormat(QImage::Format_RGB32);
    return image;
}

bool isRead(const QImageReader& reader)
{
    return reader.canRead() && QByteArrayList{"png", "jpeg", "webp", "tiff"}.contains(reader.format());
}

}

Tensor readPicture(const std::string& path)
{
    const Quiet quiet;
    const QString name = QString::fromStdString(path);
    QImageReader reader(name);
    QImageReader::setAllocationLimit(0); // checkSize() has the say
    reader.setAutoTransform(true);
    reader.setDecideFormatFromContent(true);
    if (!isRead(reader))
        throw Error(
            path, "picture: cannot be decoded: expected PNG, JPEG, WebP or TIFF, found something else");
    if (reader.size().isValid())
        checkSize(path, reader.size());
    checkContent(path, reader.format());
    if (isDeep(reader.imageFormat()))
        throw Error(path, "picture depth: expected 8 bits a channel, found more; convert it to 8 bits first");
    const QImage image = reader.format() == "tiff" ? readTiff(name) : reader.read();
    if (image.isNull())
        throw Error(path, cannotBeDecoded(reader));
    checkSize(path, image.size());
    Tensor picture({image.height(), image.width(), 3}, DType::U8);
    const auto out = picture.writable<std::uint8_t>();
    const auto rowSize = static_cast<std::size_t>(image.width()) * 3;
    QImage strip;
    constexpr int stripHeight = 64; // a whole second image would double the memory
    for (int y = 0; y < image.height(); ++y) {
        if (y % stripHeight == 0)
            strip = image.copy(0, y, image.width(), std::min(stripHeight, image.height() - y))
                        .convertToFormat(QImage::Format_RGB888);
        std::memcpy(out.data() + static_cast<std::size_t>(y) * rowSize, strip.constScanLine(y % stripHeight),
            rowSize);
    }
    return picture;
}

bool isPicture(const std::string& path)
{
    const Quiet quiet;
    QImageReader reader(QString::fromStdString(path));
    reader.setDecideFormatFromContent(true);
    return isRead(reader);
}

bool isNamedAsPicture(const std::string& path)
{
    const QStringList endings{"png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif", "svg"};
    return endings.contains(QFileInfo(QString::fromStdString(path)).suffix().toLower());
}

}
