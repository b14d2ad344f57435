// A paint device that remembers what was drawn, as shapes, text and images: what PDF and SVG are written
// from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/font_subset.h"

#include <QColor>
#include <QImage>
#include <QPaintDevice>
#include <QPainterPath>
#include <QPen>
#include <QTransform>

#include <memory>
#include <variant>
#include <vector>

namespace fovea::figure {

/// All coordinates are points from the top left corner of the page. Colours carry opacity as alpha.
struct ShapeItem {
    QPainterPath path;
    QColor fill; ///< invalid: not filled
    QPen stroke; ///< Qt::NoPen: not stroked
};
/// A run of one font; glyph i stands at x[i] on the baseline, which begins at the transform's origin.
struct TextItem {
    QString text;
    int font = 0; ///< of Page::fonts
    std::vector<quint16> glyphs;
    std::vector<double> x; ///< glyphs + 1: the last is where the run ends
    double size = 0;
    QTransform placement; ///< text coordinates to the page
    QColor color;
};
struct ImageItem {
    QImage image;
    QTransform placement; ///< unit square, y down, to the page
    double opacity = 1;
};
struct PageItem {
    int clip = 0; ///< of Page::clips
    std::variant<ShapeItem, TextItem, ImageItem> what;
};

/// Record with a QPainter, one unit = 1 pt. Text in the fonts' TrueType families stays text; scripts that
/// need shaping and characters that the families lack become shapes. Only plain colours fill.
class Page : public QPaintDevice {
public:
    explicit Page(QSizeF sizePt);
    ~Page() override;

    /// Nothing more is drawn: what was is plain data now, which any thread may read.
    void finish();

    QSizeF size() const { return size_; }
    const std::vector<PageItem>& items() const { return items_; }
    /// Clip 0 is none.
    const std::vector<QPainterPath>& clips() const { return clips_; }
    const std::vector<std::unique_ptr<FontSubset>>& fonts() const { return fonts_; }

    QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;

    QSizeF size_;
    std::vector<PageItem> items_;
    std::vector<QPainterPath> clips_{QPainterPath()};
    std::vector<std::unique_ptr<FontSubset>> fonts_;
    std::unique_ptr<Engine> engine_;
};

}
