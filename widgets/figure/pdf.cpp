// PDF 1.7 from a recorded page. Section numbers are those of ISO 32000-1.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/formats.h"
#include "widgets/figure/pdf_file.h"

namespace fovea::figure {

namespace {

const QByteArray recipeHead = "<< /Type /EmbeddedFile /Subtype /application#2Fjson /Length ";

QByteArray hex16(const QString& text)
{ // UTF-16BE
    QByteArray digits;
    for (const QChar c : text)
        digits += QByteArray::number(c.unicode(), 16).rightJustified(4, '0');
    return digits;
}
QByteArray textString(const QString& text) { return "<feff" + hex16(text) + ">"; }

QByteArray rgb(const QColor& color)
{
    return number(color.redF()) + ' ' + number(color.greenF()) + ' ' + number(color.blueF());
}
QByteArray matrix(const QTransform& t)
{
    QByteArray text;
    for (const double value : {t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy()})
        text += number(value) + ' ';
    return text;
}
QByteArray point(const QPainterPath::Element& e) { return number(e.x) + ' ' + number(e.y) + ' '; }

QByteArray pathOf(const QPainterPath& path)
{
    QByteArray text;
    QPointF start;
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element e = path.elementAt(i);
        if (e.isCurveTo()) {
            text += point(e) + point(path.elementAt(i + 1)) + point(path.elementAt(i + 2)) + "c\n";
            i += 2;
        } else {
            text += point(e) + (e.isMoveTo() ? "m\n" : "l\n");
            start = e.isMoveTo() ? QPointF(e) : start;
        }
        const bool ends = i + 1 == path.elementCount() || path.elementAt(i + 1).isMoveTo();
        if (ends && !e.isMoveTo() && QPointF(path.elementAt(i)) == start)
            text += "h\n";
    }
    return text;
}

QByteArray strokeOf(const QPen& pen)
{
    const int cap = pen.capStyle() == Qt::RoundCap ? 1 : pen.capStyle() == Qt::SquareCap ? 2 : 0;
    const int join = pen.joinStyle() == Qt::RoundJoin ? 1 : pen.joinStyle() == Qt::BevelJoin ? 2 : 0;
    const double width = strokeWidth(pen);
    QByteArray dashes;
    for (const double dash : pen.dashPattern())
        dashes += number(dash * width) + ' ';
    return rgb(pen.color()) + " RG " + number(width) + " w " + QByteArray::number(cap) + " J "
        + QByteArray::number(join) + " j [" + dashes + "] 0 d\n";
}

/// Writes the page's items into a content stream and the objects that it needs.
class Writer {
public:
    Writer(PdfFile& file, const Page& page)
        : file_(file)
        , page_(page)
    {
    }

    QByteArray content()
    {
        text_ = "1 0 0 -1 0 " + number(page_.size().height()) + " cm\n"; // y points down from here on
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

    QByteArray resources()
    {
        QByteArray fonts, images, states;
        for (std::size_t i = 0; i < page_.fonts().size(); ++i)
            fonts += "/F" + QByteArray::number(i) + ' ' + PdfFile::ref(putFont(*page_.fonts()[i], i)) + ' ';
        for (std::size_t i = 0; i < images_.size(); ++i)
            images += "/I" + QByteArray::number(i) + ' ' + PdfFile::ref(images_[i]) + ' ';
        for (const int alpha : alphas_)
            states += "/A" + QByteArray::number(alpha) + " << /ca " + number(alpha / 255.0) + " /CA "
                + number(alpha / 255.0) + " >> ";
        return "<< /Font << " + fonts + ">> /XObject << " + images + ">> /ExtGState << " + states + ">> >>";
    }

private:
    void changeClip(int from, int to)
    {
        if (from > 0)
            text_ += "Q\n";
        alpha_ = -1; // q and Q take it back
        if (to > 0)
            text_ += "q\n" + pathOf(page_.clips()[static_cast<std::size_t>(to)]) + "W n\n";
    }

    void useAlpha(int alpha)
    {
        if (alpha == alpha_)
            return;
        alpha_ = alpha;
        if (std::ranges::find(alphas_, alpha) == alphas_.end())
            alphas_.push_back(alpha);
        text_ += "/A" + QByteArray::number(alpha) + " gs\n";
    }

    void draw(const ShapeItem& shape)
    {
        const QByteArray path = pathOf(shape.path);
        if (shape.fill.isValid()) {
            useAlpha(shape.fill.alpha());
            text_ += rgb(shape.fill) + " rg\n" + path
                + (shape.path.fillRule() == Qt::WindingFill ? "f\n" : "f*\n");
        }
        if (shape.stroke.style() != Qt::NoPen) {
            useAlpha(shape.stroke.color().alpha());
            text_ += strokeOf(shape.stroke) + path + "S\n";
        }
    }

    void draw(const TextItem& run)
    {
        useAlpha(run.color.alpha());
        QByteArray glyphs;
        for (const quint16 glyph : run.glyphs)
            glyphs += QByteArray::number(glyph, 16).rightJustified(4, '0');
        text_ += "BT /F" + QByteArray::number(run.font) + ' ' + number(run.size) + " Tf " + rgb(run.color)
            + " rg " + matrix(QTransform::fromScale(1, -1) * run.placement) + "Tm <" + glyphs + "> Tj ET\n";
    }

    void draw(const ImageItem& item)
    {
        useAlpha(static_cast<int>(std::lround(item.opacity * 255)));
        text_ += "q " + matrix(QTransform(1, 0, 0, -1, 0, 1) * item.placement) + "cm /I"
            + QByteArray::number(images_.size()) + " Do Q\n";
        images_.push_back(putImage(item.image));
    }

    int putImage(const QImage& image)
    {
        const QByteArray head = "/Type /XObject /Subtype /Image /Width " + QByteArray::number(image.width())
            + " /Height " + QByteArray::number(image.height()) + " /BitsPerComponent 8 /Interpolate false ";
        if (const QImage plain = indexed(image); !plain.isNull()) {
            QByteArray colors;
            for (const QRgb color : plain.colorTable())
                colors += QByteArray::number(color & 0xffffff, 16).rightJustified(6, '0');
            return file_.putStream(head + "/ColorSpace [/Indexed /DeviceRGB "
                    + QByteArray::number(plain.colorCount() - 1) + " <" + colors + ">]",
                rowsOf(plain, 1));
        }
        QByteArray mask;
        if (image.hasAlphaChannel())
            mask = " /SMask "
                + PdfFile::ref(file_.putStream(head + "/ColorSpace /DeviceGray",
                    rowsOf(image.convertToFormat(QImage::Format_Alpha8), 1)));
        return file_.putStream(
            head + "/ColorSpace /DeviceRGB" + mask, rowsOf(image.convertToFormat(QImage::Format_RGB888), 3));
    }

    static QByteArray rowsOf(const QImage& image, int bytesPerPixel)
    {
        QByteArray rows;
        rows.reserve(qsizetype{image.width()} * image.height() * bytesPerPixel);
        for (int y = 0; y < image.height(); ++y)
            rows.append(reinterpret_cast<const char*>(image.constScanLine(y)), image.width() * bytesPerPixel);
        return rows;
    }

    int putFont(const FontSubset& font, std::size_t index)
    {
        const double em = font.unitsPerEm() / 1000.0;
        const QByteArray name = "/FOVEA" + QByteArray(1, static_cast<char>('A' + index % 26)) + '+'
            + font.postScriptName(); // a tag of six capitals: a subset (9.6.4)
        QByteArray widths, box;
        for (int glyph = 0; glyph < font.glyphs(); ++glyph)
            widths += number(font.advance(glyph) / em) + ' ';
        for (const int side : font.box())
            box += number(side / em) + ' ';
        const QByteArray data = font.file();
        const int file = file_.putStream("/Length1 " + QByteArray::number(data.size()), data);
        const int descriptor = file_.put("<< /Type /FontDescriptor /FontName " + name
            + " /Flags 4 /FontBBox [" + box + "] /ItalicAngle " + (font.isItalic() ? "-12" : "0")
            + " /Ascent " + number(font.box()[3] / em) + " /Descent " + number(font.box()[1] / em)
            + " /CapHeight 700 /StemV 80 /FontFile2 " + PdfFile::ref(file) + " >>");
        const int cid = file_.put("<< /Type /Font /Subtype /CIDFontType2 /BaseFont " + name
            + " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap "
              "/Identity"
            + " /FontDescriptor " + PdfFile::ref(descriptor) + " /W [0 [" + widths + "]] >>");
        return file_.put("<< /Type /Font /Subtype /Type0 /BaseFont " + name
            + " /Encoding /Identity-H /DescendantFonts [" + PdfFile::ref(cid) + "] /ToUnicode "
            + PdfFile::ref(file_.putStream("", toUnicode(font))) + " >>");
    }

    /// From glyphs back to characters, for searching and copying (9.10.3).
    static QByteArray toUnicode(const FontSubset& font)
    {
        QByteArray text = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
                          "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                          "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
                          "1 begincodespacerange <0000> <ffff> endcodespacerange\n";
        for (int glyph = 1; glyph < font.glyphs(); ++glyph)
            if (const char32_t character = font.characterOf(glyph))
                text += "1 beginbfchar <" + QByteArray::number(glyph, 16).rightJustified(4, '0') + "> <"
                    + hex16(QString::fromUcs4(&character, 1)) + "> endbfchar\n";
        return text + "endcmap CMapName currentdict /CMap defineresource pop end end\n";
    }

    PdfFile& file_;
    const Page& page_;
    QByteArray text_;
    std::vector<int> images_, alphas_;
    int alpha_ = -1; // in force
};

QByteArray xmp(const QString& title)
{
    return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
           "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
           "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">"
        + title.toHtmlEscaped().toUtf8()
        + "</rdf:li></rdf:Alt></dc:title><xmp:CreatorTool>Fovea</xmp:CreatorTool></rdf:Description>"
          "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>";
}

/// The recipe as an attached file (7.11.4), not compressed: easy to find, and no bomb when it comes back.
int putRecipe(PdfFile& file, const QByteArray& recipe)
{
    const int stream
        = file.put(recipeHead + QByteArray::number(recipe.size()) + " >>\nstream\n" + recipe + "\nendstream");
    return file.put(
        "<< /Type /Filespec /F (fovea-recipe.json) /UF (fovea-recipe.json) /AFRelationship /Source /EF << /F "
        + PdfFile::ref(stream) + " >> >>");
}

}

QByteArray toPdf(const Page& page, const QString& title, const QByteArray& recipe)
{
    PdfFile file;
    Writer writer(file, page);
    const int catalog = file.reserve(), pages = file.reserve();
    const int content = file.putStream("", writer.content());
    const int sheet = file.put("<< /Type /Page /Parent " + PdfFile::ref(pages) + " /MediaBox [0 0 "
        + number(page.size().width()) + ' ' + number(page.size().height()) + "] /Contents "
        + PdfFile::ref(content) + " /Resources " + writer.resources() + " >>");
    file.put(pages, "<< /Type /Pages /Count 1 /Kids [" + PdfFile::ref(sheet) + "] >>");
    const QByteArray attached = PdfFile::ref(putRecipe(file, recipe));
    const QByteArray about = xmp(title);
    const int metadata = file.put("<< /Type /Metadata /Subtype /XML /Length "
        + QByteArray::number(about.size()) + " >>\nstream\n" + about + "\nendstream");
    file.put(catalog,
        "<< /Type /Catalog /Pages " + PdfFile::ref(pages) + " /Metadata " + PdfFile::ref(metadata)
            + " /Names << /EmbeddedFiles << /Names [(fovea-recipe.json) " + attached + "] >> >> /AF ["
            + attached + "] >>");
    const int info = file.put("<< /Title " + textString(title) + " /Creator (Fovea) /Producer (Fovea) >>");
    return file.finished(catalog, info);
}

std::optional<QByteArray> recipeInPdf(const QByteArray& pdf)
{
    const qsizetype head = pdf.indexOf(recipeHead);
    if (head < 0)
        return std::nullopt;
    const qsizetype digits = head + recipeHead.size(), end = pdf.indexOf(" >>\nstream\n", digits);
    bool isNumber = false;
    const int length = end > digits && end - digits < 10 ? pdf.mid(digits, end - digits).toInt(&isNumber) : 0;
    if (!isNumber || length <= 0 || length > pdf.size() - end - 11)
        return std::nullopt;
    return pdf.mid(end + 11, length);
}

}
