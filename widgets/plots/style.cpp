// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/style.h"

#include "core/tensor/error.h"

#include <QFile>
#include <QFontDatabase>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

void loadFont(const QString& file, const char* package)
{
    for (const char* folder :
        {"/usr/share/fonts/truetype/liberation2/", "/usr/share/fonts/truetype/liberation/",
            "/usr/share/fonts/truetype/dejavu/", "/usr/share/fonts/liberation-sans/",
            "/usr/share/fonts/dejavu-sans-fonts/", "/usr/share/fonts/TTF/"}) {
        const QString path = folder + file;
        if (QFile::exists(path) && QFontDatabase::addApplicationFont(path) >= 0)
            return;
    }
    throw Error(
        file.toStdString(), std::string("expected this font for figures; install the package ") + package);
}

}

Style Style::screen(const QPalette& palette, const QFont& font, double logicalDpi)
{
    Style style;
    style.families = QStringList{font.family(), "DejaVu Sans"};
    style.unitsPerInch = logicalDpi;
    style.textSize = font.pointSizeF() > 0 ? font.pointSizeF() * logicalDpi / 72 : font.pixelSize();
    style.smallTextSize = style.textSize * 0.85;
    style.axisWidth = 1;
    style.lineWidth = 1.5;
    style.tickLength = 4;
    style.gap = 6;
    style.ground = palette.color(QPalette::Base);
    style.ink = palette.color(QPalette::Text);
    style.faint = mixed(style.ink, style.ground, 0.35);
    style.grid = mixed(style.ink, style.ground, 0.85);
    style.accent = palette.color(QPalette::Highlight);
    return style;
}

Style Style::paper()
{
    Style style;
    style.families = QStringList{"Liberation Sans", "DejaVu Sans"};
    style.mapDpi = 300;
    style.ground = Qt::white;
    style.ink = Qt::black;
    style.faint = QColor(0x60, 0x60, 0x60);
    style.grid = QColor(0xdd, 0xdd, 0xdd);
    style.accent = QColor(accentOnLight);
    return style;
}

QFont Style::font(double size) const
{
    QFont font(families);
    font.setPointSizeF(size * 72 / unitsPerInch);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setKerning(false); // a figure sets text glyph by glyph, and the window shows the same
    return font;
}

double contrastOf(const QColor& a, const QColor& b)
{
    const auto luminance = [](const QColor& color) {
        const auto linear
            = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(static_cast<double>(color.redF()))
            + 0.7152 * linear(static_cast<double>(color.greenF()))
            + 0.0722 * linear(static_cast<double>(color.blueF()));
    };
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

QColor readableOn(const QColor& ground)
{
    return contrastOf(ground, Qt::black) > contrastOf(ground, Qt::white) ? Qt::black : Qt::white;
}

void loadFigureFonts()
{
    static const bool loaded = [] {
        for (const char* style : {"Regular", "Bold", "Italic"})
            for (const char* family : {"Sans", "Serif", "Mono"})
                loadFont(QString("Liberation%1-%2.ttf").arg(family, style), "fonts-liberation");
        for (const char* file : {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"})
            loadFont(file, "fonts-dejavu-core");
        return true;
    }();
    Q_UNUSED(loaded)
}

}
