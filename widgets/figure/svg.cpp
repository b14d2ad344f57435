// SVG 1.1 from a recorded page, with the fonts inside.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/formats.h"

#include <QBuffer>
#include <QXmlStreamReader>

namespace fovea::figure {

namespace {

const char recipeSpace[] = "urn:fovea:recipe";

QByteArray escaped(QString text)
{
    for (QChar& c : text)
        if (c < QChar(0x20) && c != '\n' && c != '\t')
            c = QChar::ReplacementCharacter; // XML 1.0 has no other control characters
    return text.toHtmlEscaped().toUtf8();
}

QByteArray attribute(const char* name, const QByteArray& value)
{
    return QByteArray(" ") + name + "=\"" + value + '"';
}

QByteArray transformOf(const QTransform& t)
{
    if (t.isIdentity())
        return {};
    QByteArrayList values;
    for (const double value : {t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy()})
        values << number(value);
    return attribute("transform", "matrix(" + values.join(' ') + ")");
}

QByteArray pathOf(const QPainterPath& path)
{
    QByteArray text;
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element e = path.elementAt(i);
        const char* command = e.isMoveTo() ? "M"
            : e.isLineTo()                 ? "L"
            : e.isCurveTo()                ? "C"
                                           : " "; // " ": of a curve
        text += command + number(e.x) + ' ' + number(e.y);
    }
    return text;
}

QByteArray paintOf(const char* role, const QColor& color)
{
    QByteArray text = attribute(role, color.name(QColor::HexRgb).toLatin1());
    if (color.alpha() < 255)
        text += attribute((QByteArray(role) + "-opacity").constData(), number(color.alphaF()));
    return text;
}

QByteArray strokeOf(const QPen& pen)
{
    if (pen.style() == Qt::NoPen)
        return {};
    const double width = strokeWidth(pen);
    QByteArray text = paintOf("stroke", pen.color()) + attribute("stroke-width", number(width));
    if (pen.capStyle() != Qt::FlatCap)
        text += attribute("stroke-linecap", pen.capStyle() == Qt::RoundCap ? "round" : "square");
    if (pen.joinStyle() == Qt::RoundJoin)
        text += attribute("stroke-linejoin", "round");
    QByteArrayList dashes;
    for (const double dash : pen.dashPattern())
        dashes << number(dash * width);
    return dashes.isEmpty() ? text : text + attribute("stroke-dasharray", dashes.join(' '));
}

QByteArray familyOf(const FontSubset& font)
{
    const QByteArray name = font.family().toUtf8();
    const char* generic = name.contains("Mono") ? "monospace"
        : name.contains("Serif")                ? "serif"
                                                : "sans-serif";
    return "'" + name + "', " + generic;
}

QByteArray faceOf(const FontSubset& font)
{
    return QByteArray(font.isBold() ? ";font-weight:bold" : "")
        + (font.isItalic() ? ";font-style:italic" : "");
}

QByteArray fontFaces(const Page& page)
{
    QByteArray text;
    for (const auto& font : page.fonts())
        text += "@font-face{font-family:'" + font->family().toUtf8() + "'" + faceOf(*font)
            + ";src:url(data:font/ttf;base64," + font->file().toBase64() + ") format('truetype')}\n";
    return text;
}

class Writer {
public:
    explicit Writer(const Page& page)
        : page_(page)
    {
    }

    QByteArray body()
    {
        int clip = 0;
        for (const PageItem& item : page_.items()) {
            if (item.clip != clip)
                changeClip(clip, item.clip);
            clip = item.clip;
            std::visit([this](const auto& what) { draw(what); }, item.what);
        }
        changeClip(clip, 0);
        return text_;
    }

private:
    void changeClip(int from, int to)
    {
        if (from > 0)
            text_ += "</g>\n";
        if (to > 0)
            text_ += "<g clip-path=\"url(#clip" + QByteArray::number(to) + ")\">\n";
    }

    void draw(const ShapeItem& shape)
    {
        text_ += "<path" + attribute("d", pathOf(shape.path))
            + (shape.fill.isValid() ? paintOf("fill", shape.fill) : attribute("fill", "none"));
        if (shape.fill.isValid() && shape.path.fillRule() == Qt::OddEvenFill)
            text_ += attribute("fill-rule", "evenodd");
        text_ += strokeOf(shape.stroke) + "/>\n";
    }

    void draw(const TextItem& run)
    {
        const FontSubset& font = *page_.fonts()[static_cast<std::size_t>(run.font)];
        text_ += "<text xml:space=\"preserve\"" + transformOf(run.placement)
            + attribute("font-family", familyOf(font)) + attribute("font-size", number(run.size))
            + paintOf("fill", run.color);
        if (const QByteArray face = faceOf(font); !face.isEmpty())
            text_ += attribute("style", face.mid(1));
        text_ += '>' + escaped(run.text) + "</text>\n";
    }

    void draw(const ImageItem& item)
    {
        const QImage plain = indexed(item.image);
        const QImage& image = plain.isNull() ? item.image : plain;
        QByteArray png;
        QBuffer buffer(&png);
        image.save(&buffer, "PNG");
        const QTransform placement
            = QTransform::fromScale(1.0 / image.width(), 1.0 / image.height()) * item.placement;
        text_ += "<image" + attribute("width", QByteArray::number(image.width()))
            + attribute("height", QByteArray::number(image.height())) + transformOf(placement);
        if (item.opacity < 1)
            text_ += attribute("opacity", number(item.opacity));
        text_ += " style=\"image-rendering:optimizeSpeed;image-rendering:pixelated\" "
                 "xlink:href=\"data:image/png;base64,"
            + png.toBase64() + "\"/>\n";
    }

    const Page& page_;
    QByteArray text_;
};

}

QByteArray toSvg(const Page& page, const QString& title, const QByteArray& recipe)
{
    const QByteArray body = Writer(page).body();
    QByteArray clips;
    for (std::size_t i = 1; i < page.clips().size(); ++i)
        clips += "<clipPath id=\"clip" + QByteArray::number(i) + "\"><path d=\"" + pathOf(page.clips()[i])
            + "\"/></clipPath>\n";
    const QSizeF size = page.size(), mm = size * 25.4 / 72;
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
           "version=\"1.1\" width=\""
        + number(mm.width()) + "mm\" height=\"" + number(mm.height()) + "mm\" viewBox=\"0 0 "
        + number(size.width()) + ' ' + number(size.height()) + "\">\n<title>" + escaped(title)
        + "</title>\n<metadata><recipe xmlns=\"" + recipeSpace + "\">" + escaped(QString::fromUtf8(recipe))
        + "</recipe></metadata>\n<style>\n" + fontFaces(page)
        + "text{font-kerning:none;text-rendering:geometricPrecision}\n</style>\n<defs>\n" + clips
        + "</defs>\n" + body + "</svg>\n";
}

std::optional<QByteArray> recipeInSvg(const QByteArray& svg)
{
    QXmlStreamReader reader(svg);
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement
            && reader.namespaceUri() == QLatin1String(recipeSpace))
            return reader.readElementText().toUtf8();
    return std::nullopt;
}

}
