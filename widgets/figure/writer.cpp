// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/writer.h"

#include "widgets/figure/formats.h"

#include "core/io/atomic_file.h"
#include "core/tensor/error.h"

#include <QFile>
#include <QFileInfo>

#include <cmath>

namespace fovea::figure {

namespace {

constexpr qint64 largestFigure = qint64{256} << 20;

QImage rasterised(const Recipe& recipe, const Paint& paint)
{
    const double scale = recipe.dpi / 72.0;
    const QSizeF pixels = recipe.size.points() * scale;
    if (pixels.width() * pixels.height() > (1 << 28))
        throw Error("expected a PNG of at most 2^28 pixels, found "
            + std::to_string(std::llround(pixels.width() * pixels.height())) + "; choose fewer dpi");
    QImage image(std::max(1, static_cast<int>(std::lround(pixels.width()))),
        std::max(1, static_cast<int>(std::lround(pixels.height()))), QImage::Format_RGB32);
    image.setDotsPerMeterX(2835); // 72 dpi, so that text sizes are points before the scale
    image.setDotsPerMeterY(2835);
    Style style = Style::paper();
    style.mapDpi = 0; // the device has the final pixels
    image.fill(style.ground);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    paint(painter, QRectF(QPointF(), recipe.size.points()), style);
    return image;
}

std::shared_ptr<const Page> recorded(const Recipe& recipe, const Paint& paint)
{
    const auto page = std::make_shared<Page>(recipe.size.points());
    const QRectF sheet(QPointF(), page->size());
    const Style style = Style::paper();
    QPainter painter(page.get());
    painter.fillRect(sheet, style.ground);
    paint(painter, sheet, style);
    painter.end();
    page->finish();
    return page;
}

}

Format formatOf(const QString& fileName)
{
    for (const auto& [ending, format] :
        {std::pair(".pdf", Format::Pdf), std::pair(".svg", Format::Svg), std::pair(".png", Format::Png)})
        if (fileName.endsWith(ending, Qt::CaseInsensitive))
            return format;
    throw UsageError(
        "expected a file name that ends in .pdf, .svg or .png, or in .csv, .npy or .h5 for the data, found \""
        + fileName.toStdString() + "\"");
}

std::function<QByteArray()> drawFigure(Format format, const Recipe& recipe, const Paint& paint)
{
    loadFigureFonts();
    const QByteArray json = toJson(recipe);
    if (format == Format::Png)
        return
            [image = rasterised(recipe, paint), dpi = recipe.dpi, json] { return toPng(image, dpi, json); };
    return [page = recorded(recipe, paint), write = format == Format::Pdf ? toPdf : toSvg,
               title = recipe.view, json] { return write(*page, title, json); };
}

Recipe recipeOf(const QByteArray& figure, const QString& file)
{
    const std::optional<QByteArray> json = figure.startsWith("%PDF-") ? recipeInPdf(figure)
        : figure.startsWith("\x89PNG")                                ? recipeInPng(figure)
                                                                      : recipeInSvg(figure);
    if (!json)
        throw Error(
            file.toStdString(), "expected a figure made by Fovea (PDF, SVG or PNG), found no recipe in it");
    return recipeFromJson(*json, file);
}

std::optional<Recipe> readRecipe(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    if (!QStringList{"json", "pdf", "svg", "png"}.contains(ending))
        return std::nullopt;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(path.toStdString(), file.errorString().toStdString());
    if (file.size() > largestFigure)
        throw Error(path.toStdString(),
            "expected a figure of at most 256 MiB, found " + std::to_string(file.size()) + " bytes");
    const QByteArray bytes = file.readAll();
    if (ending == "png" && !recipeInPng(bytes))
        return std::nullopt;
    return ending == "json" ? recipeFromJson(bytes, path) : recipeOf(bytes, path);
}

void saveFile(const QByteArray& bytes, const QString& file)
{
    io::writeFile(
        QFile::encodeName(file).toStdString(), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}
