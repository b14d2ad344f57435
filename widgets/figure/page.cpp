// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"

#include <QGlyphRun>
#include <QPaintEngine>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace fovea::figure {

namespace {

double scaleOf(const QTransform& transform) { return std::sqrt(std::abs(transform.determinant())); }

/// Scripts whose letters stand one after the other, each with one shape.
bool isSimple(char32_t character)
{
    switch (QChar::script(character)) {
    case QChar::Script_Latin:
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Common:
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
        return QChar::combiningClass(character) == 0;
    default:
        return false;
    }
}

}

class Page::Engine : public QPaintEngine {
public:
    explicit Engine(Page& page)
        : QPaintEngine(
            PrimitiveTransform | PixmapTransform | PainterPaths | AlphaBlend | Antialiasing | ConstantOpacity)
        , page_(page)
    {
    }
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    Type type() const override { return User; }

    void updateState(const QPaintEngineState& now) override
    {
        const DirtyFlags changed = now.state();
        if (changed & DirtyTransform)
            transform_ = now.transform();
        if (changed & DirtyPen)
            pen_ = now.pen();
        if (changed & DirtyBrush)
            brush_ = now.brush();
        if (changed & DirtyOpacity)
            opacity_ = now.opacity();
        if (changed & DirtyClipRegion) {
            QPainterPath path;
            path.addRegion(now.clipRegion());
            clipBy(path, now.clipOperation());
        }
        if (changed & DirtyClipPath)
            clipBy(now.clipPath(), now.clipOperation());
        if (changed & DirtyClipEnabled)
            clipEnabled_ = now.isClipEnabled();
    }

    void drawPath(const QPainterPath& path) override { addShape(path, brush_.style() != Qt::NoBrush); }

    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override
    {
        QPainterPath path;
        path.addPolygon(QPolygonF(QList<QPointF>(points, points + count)));
        if (mode != PolylineMode)
            path.closeSubpath();
        path.setFillRule(mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
        addShape(path, mode != PolylineMode && brush_.style() != Qt::NoBrush);
    }

    void drawRects(const QRectF* rects, int count) override
    {
        for (int i = 0; i < count; ++i) {
            QPainterPath path;
            path.addRect(rects[i]);
            drawPath(path);
        }
    }

    void drawPixmap(const QRectF& target, const QPixmap& pixmap, const QRectF& source) override
    {
        drawImage(target, pixmap.toImage(), source, Qt::AutoColor);
    }

    void drawImage(
        const QRectF& target, const QImage& image, const QRectF& source, Qt::ImageConversionFlags) override
    {
        const QRect part = source.toAlignedRect().intersected(image.rect());
        const QTransform unit(target.width(), 0, 0, target.height(), target.x(), target.y());
        add(ImageItem{part == image.rect() ? image : image.copy(part), unit * transform_, opacity_});
    }

    void drawTextItem(const QPointF& at, const QTextItem& item) override
    {
        const QString text = item.text();
        const QList<uint> characters = text.toUcs4();
        std::vector<int> fonts;
        for (const uint character : characters)
            fonts.push_back(isSimple(character) ? fontFor(character, item.font()) : -1);
        if (item.renderFlags() & QTextItem::RightToLeft || std::ranges::count(fonts, -1) > 0)
            return addOutlines(at, text, item.font());
        double x = 0;
        for (qsizetype i = 0, end = 0; i < characters.size(); i = end) {
            const auto first = fonts.begin() + i;
            end = std::find_if(first, fonts.end(), [&](int font) { return font != *first; }) - fonts.begin();
            x = addRun(at, x, characters.mid(i, end - i), *first, item.font().pointSizeF());
        }
    }

private:
    void add(decltype(PageItem::what) what)
    {
        page_.items_.push_back(PageItem{clipEnabled_ ? clip_ : 0, std::move(what)});
    }

    QColor faded(QColor color) const
    {
        color.setAlphaF(static_cast<float>(color.alphaF() * opacity_));
        return color;
    }

    void addShape(const QPainterPath& path, bool filled)
    {
        ShapeItem shape;
        shape.path = transform_.map(path);
        shape.fill = filled ? faded(brush_.color()) : QColor();
        shape.stroke = pen_;
        shape.stroke.setColor(faded(pen_.color()));
        shape.stroke.setWidthF(pen_.widthF() * (pen_.isCosmetic() ? 1 : scaleOf(transform_)));
        add(std::move(shape));
    }

    void clipBy(const QPainterPath& path, Qt::ClipOperation operation)
    {
        clipEnabled_ = operation != Qt::NoClip;
        const QPainterPath placed = transform_.map(path);
        const bool narrows = operation == Qt::IntersectClip && clip_ > 0;
        const QPainterPath clip
            = narrows ? page_.clips_[static_cast<std::size_t>(clip_)].intersected(placed) : placed;
        if (operation == Qt::NoClip) {
            clip_ = 0;
            return;
        }
        const auto known = std::ranges::find(page_.clips_.begin() + 1, page_.clips_.end(), clip);
        clip_ = static_cast<int>(known - page_.clips_.begin());
        if (known == page_.clips_.end())
            page_.clips_.push_back(clip);
    }

    /// The first of the font's families that has the character, or -1.
    int fontFor(char32_t character, const QFont& font)
    {
        for (const QString& family : font.families()) {
            const int index = indexOf(family, font);
            if (index >= 0 && page_.fonts_[static_cast<std::size_t>(index)]->has(character))
                return index;
        }
        return -1;
    }

    int indexOf(const QString& family, const QFont& like)
    {
        const QString key = family + (like.bold() ? " b" : "") + (like.italic() ? " i" : "");
        const auto known = fontIndex_.find(key);
        if (known != fontIndex_.end())
            return known->second;
        QFont wanted(family, 100, like.bold() ? QFont::Bold : QFont::Normal, like.italic());
        auto subset = std::make_unique<FontSubset>(QRawFont::fromFont(wanted));
        const bool usable = subset->usable() && subset->family() == family;
        if (usable)
            page_.fonts_.push_back(std::move(subset));
        return fontIndex_[key] = usable ? static_cast<int>(page_.fonts_.size()) - 1 : -1;
    }

    double addRun(QPointF at, double from, const QList<uint>& characters, int font, double size)
    {
        FontSubset& subset = *page_.fonts_[static_cast<std::size_t>(font)];
        TextItem run;
        run.font = font;
        run.size = size;
        run.color = faded(pen_.color());
        run.placement = QTransform::fromTranslate(at.x() + from, at.y()) * transform_;
        double x = 0;
        for (const uint character : characters) {
            run.text += QString::fromUcs4(reinterpret_cast<const char32_t*>(&character), 1);
            run.glyphs.push_back(subset.use(character));
            run.x.push_back(x);
            x += subset.advance(run.glyphs.back()) * size / subset.unitsPerEm();
        }
        run.x.push_back(x);
        add(std::move(run));
        return from + x;
    }

    void addOutlines(QPointF at, const QString& text, const QFont& font)
    {
        QTextLayout layout(text, font, &page_);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        layout.endLayout();
        QPainterPath path;
        path.setFillRule(Qt::WindingFill);
        for (const QGlyphRun& run : layout.glyphRuns())
            for (qsizetype i = 0; i < run.glyphIndexes().size(); ++i) {
                const QPointF offset = at + run.positions()[i] - QPointF(0, line.ascent());
                path.addPath(run.rawFont().pathForGlyph(run.glyphIndexes()[i]).translated(offset));
            }
        add(ShapeItem{transform_.map(path), faded(pen_.color()), QPen(Qt::NoPen)});
    }

    Page& page_;
    QTransform transform_;
    QPen pen_;
    QBrush brush_;
    double opacity_ = 1;
    bool clipEnabled_ = false;
    int clip_ = 0;
    std::map<QString, int> fontIndex_;
};

Page::Page(QSizeF sizePt)
    : size_(sizePt)
    , engine_(std::make_unique<Engine>(*this))
{
}

Page::~Page() = default;

void Page::finish()
{
    for (const auto& font : fonts_)
        font->finish();
}

QPaintEngine* Page::paintEngine() const { return engine_.get(); }

int Page::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth:
        return static_cast<int>(std::ceil(size_.width()));
    case PdmHeight:
        return static_cast<int>(std::ceil(size_.height()));
    case PdmWidthMM:
        return static_cast<int>(std::ceil(size_.width() * 25.4 / 72));
    case PdmHeightMM:
        return static_cast<int>(std::ceil(size_.height() * 25.4 / 72));
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
        return 72;
    case PdmNumColors:
        return 1 << 24;
    case PdmDepth:
        return 24;
    case PdmDevicePixelRatio:
        return 1;
    case PdmDevicePixelRatioScaled:
        return static_cast<int>(devicePixelRatioFScale());
    }
    return 0;
}

}
