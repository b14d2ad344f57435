// A TrueType font cut down to the characters that a figure uses, to be embedded. Sets no text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QRawFont>

#include <array>
#include <vector>

namespace fovea::figure {

/// Glyphs are numbered in the order of first use, after 0 (missing): the same text gives the same bytes.
/// Hinting and shaping tables are left out.
class FontSubset {
public:
    explicit FontSubset(const QRawFont& font);

    /// Lets go of the font, which belongs to the thread that made it: has() and use() are over.
    void finish() { font_ = QRawFont(); }

    /// False for a font without TrueType outlines: such text is drawn as paths.
    bool usable() const;
    bool has(char32_t character) const { return font_.supportsCharacter(character); }
    /// The number of the character's glyph, which is in the subset from now on. The font must have it.
    quint16 use(char32_t character);
    int glyphs() const { return static_cast<int>(glyphs_.size()); }
    /// 0 for `missing` and for the parts of composite glyphs.
    char32_t characterOf(int glyph) const { return glyphs_[static_cast<std::size_t>(glyph)].character; }

    const QString& family() const { return family_; }
    bool isBold() const { return isBold_; }
    bool isItalic() const { return isItalic_; }
    /// "LiberationSans-Bold"
    QByteArray postScriptName() const;
    int unitsPerEm() const;
    /// Horizontal advance in font units.
    int advance(int glyph) const;
    /// xMin, yMin, xMax, yMax of all glyphs in font units.
    std::array<int, 4> box() const;
    /// The font file of the subset.
    QByteArray file() const;

private:
    struct Glyph {
        quint16 source; // in the whole font
        char32_t character;
    };
    QByteArray outline(quint16 source) const;
    QByteArray subsetOutline(quint16 source) const;
    void includeParts(quint16 source);
    int numberOf(quint16 source) const;

    QRawFont font_;
    QString family_, style_;
    bool isBold_, isItalic_;
    QByteArray glyf_, loca_, hmtx_, head_, hhea_, maxp_, post_, os2_;
    std::vector<Glyph> glyphs_{Glyph{0, 0}};
};

}
