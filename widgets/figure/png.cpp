// PNG with its resolution and recipe, and what the image formats share.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/formats.h"

#include <QBuffer>
#include <QHash>
#include <QtEndian>

namespace fovea::figure {

namespace {

const QByteArray keyword("fovea-recipe");
constexpr qsizetype signatureSize = 8, headerEnd = signatureSize + 12 + 13; // behind IHDR

/// CRC-32 as in ISO 3309, over a chunk's type and data.
quint32 crc(const QByteArray& bytes)
{
    quint32 value = 0xffffffff;
    for (const char byte : bytes) {
        value ^= static_cast<quint8>(byte);
        for (int bit = 0; bit < 8; ++bit)
            value = value & 1 ? 0xedb88320 ^ (value >> 1) : value >> 1;
    }
    return ~value;
}

QByteArray bigEndian(quint32 value)
{
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

/// keyword, not compressed, no language, no translation
QByteArray textHead() { return keyword + QByteArray(5, '\0'); }

}

QByteArray toPng(const QImage& image, int dpi, const QByteArray& recipe)
{
    QImage marked = image;
    marked.setDotsPerMeterX(qRound(dpi / 0.0254));
    marked.setDotsPerMeterY(qRound(dpi / 0.0254));
    QByteArray png;
    QBuffer buffer(&png);
    marked.save(&buffer, "PNG");
    const QByteArray chunk = "iTXt" + textHead() + recipe;
    const auto length = static_cast<quint32>(chunk.size() - 4);
    return png.insert(headerEnd, bigEndian(length) + chunk + bigEndian(crc(chunk)));
}

std::optional<QByteArray> recipeInPng(const QByteArray& png)
{
    qsizetype at = signatureSize;
    while (at + 12 <= png.size()) {
        const qsizetype length = qFromBigEndian<quint32>(png.constData() + at);
        if (length > png.size() - at - 12)
            return std::nullopt;
        const QByteArray chunk = png.mid(at + 4, 4 + length);
        if (chunk.startsWith("iTXt" + textHead()))
            return chunk.mid(4 + textHead().size());
        at += 12 + length;
    }
    return std::nullopt;
}

QImage indexed(const QImage& image)
{
    if (image.hasAlphaChannel())
        return {};
    const QImage source = image.convertToFormat(QImage::Format_RGB32);
    QImage result(source.size(), QImage::Format_Indexed8);
    QHash<QRgb, uchar> indexOf;
    QList<QRgb> colors;
    QRgb last = 0; // no opaque colour
    uchar index = 0;
    for (int y = 0; y < source.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(source.constScanLine(y));
        uchar* to = result.scanLine(y);
        for (int x = 0; x < source.width(); ++x) {
            const QRgb color = from[x] | 0xff000000;
            if (color != last) {
                const auto known = indexOf.constFind(color);
                if (known == indexOf.constEnd() && colors.size() == 256)
                    return {};
                index = known != indexOf.constEnd() ? *known : static_cast<uchar>(colors.size());
                if (known == indexOf.constEnd()) {
                    indexOf.insert(color, index);
                    colors << color;
                }
                last = color;
            }
            to[x] = index;
        }
    }
    result.setColorTable(colors);
    return result;
}

QByteArray number(double value)
{
    QByteArray text = QByteArray::number(value, 'f', 4);
    while (text.endsWith('0'))
        text.chop(1);
    if (text.endsWith('.'))
        text.chop(1);
    return text == "-0" ? "0" : text;
}

double strokeWidth(const QPen& pen) { return std::max(pen.widthF(), 0.25); }

}
