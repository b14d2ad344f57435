// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/font_subset.h"

#include <QtEndian>

#include <algorithm>
#include <map>

namespace fovea::figure {

namespace {

// Offsets and flags are those of the OpenType specification (tables head, hhea, maxp, glyf, cmap).
constexpr int partIsWords = 1, partHasScale = 8, morePartsFollow = 0x20, partHasTwoScales = 0x40,
              partHasMatrix = 0x80, instructionsFollow = 0x100;

int u16(const QByteArray& table, qsizetype at)
{
    return at + 2 <= table.size() ? qFromBigEndian<quint16>(table.constData() + at) : 0;
}
int s16(const QByteArray& table, qsizetype at) { return static_cast<qint16>(u16(table, at)); }
quint32 u32(const QByteArray& table, qsizetype at)
{
    return at + 4 <= table.size() ? qFromBigEndian<quint32>(table.constData() + at) : 0;
}
void set16(QByteArray& table, qsizetype at, int value)
{
    if (at + 2 <= table.size())
        qToBigEndian(static_cast<quint16>(value), table.data() + at);
}
void put16(QByteArray& table, int value)
{
    table.append(2, '\0');
    set16(table, table.size() - 2, value);
}
void put32(QByteArray& table, quint32 value)
{
    put16(table, static_cast<int>(value >> 16));
    put16(table, static_cast<int>(value & 0xffff));
}

bool isComposite(const QByteArray& outline) { return s16(outline, 0) < 0; }

int partSize(int flags)
{
    const int scale = flags & partHasScale ? 2 : flags & partHasTwoScales ? 4 : flags & partHasMatrix ? 8 : 0;
    return 4 + (flags & partIsWords ? 4 : 2) + scale;
}

/// Calls f(offset of the part) for each part of a composite glyph; returns where the last one ends.
template <class F>
qsizetype eachPart(const QByteArray& outline, F&& f)
{
    qsizetype at = 10;
    for (int flags = morePartsFollow; flags & morePartsFollow && at + 4 <= outline.size();) {
        f(at);
        flags = u16(outline, at);
        at += partSize(flags);
    }
    return std::min(at, outline.size());
}

QByteArray withoutInstructions(QByteArray outline)
{
    if (isComposite(outline)) {
        const qsizetype end = eachPart(
            outline, [&](qsizetype at) { set16(outline, at, u16(outline, at) & ~instructionsFollow); });
        outline.truncate(end);
    } else if (!outline.isEmpty()) {
        const qsizetype length = 10 + 2 * s16(outline, 0);
        outline.remove(length + 2, u16(outline, length));
        set16(outline, length, 0);
    }
    return outline;
}

quint32 checksum(const QByteArray& table)
{
    quint32 sum = 0;
    for (qsizetype at = 0; at < table.size(); at += 4)
        sum += u32(table.mid(at, 4).leftJustified(4, '\0'), 0);
    return sum;
}

/// The font file of these tables (sorted by tag), with checksums.
QByteArray assembled(const std::map<QByteArray, QByteArray>& tables)
{
    const auto count = static_cast<int>(tables.size());
    int power = 1, log = 0;
    for (; power * 2 <= count; power *= 2)
        ++log;
    QByteArray file, body;
    put32(file, 0x00010000);
    for (const int value : {count, power * 16, log, count * 16 - power * 16})
        put16(file, value);
    qsizetype headAt = 0;
    for (const auto& [tag, table] : tables) {
        const qsizetype offset = 12 + 16 * count + body.size();
        headAt = tag == "head" ? offset : headAt;
        file += tag;
        put32(file, checksum(table));
        put32(file, static_cast<quint32>(offset));
        put32(file, static_cast<quint32>(table.size()));
        body += table;
        body.append((4 - body.size() % 4) % 4, '\0');
    }
    file += body;
    qToBigEndian(0xB1B0AFBAU - checksum(file), file.data() + headAt + 8);
    return file;
}

/// Format 12: a group per character.
QByteArray characterMap(const std::map<char32_t, int>& glyphOf)
{
    QByteArray table;
    for (const int value : {0, 1, 3, 10}) // version, one subtable: Windows, full Unicode
        put16(table, value);
    put32(table, 12);
    put16(table, 12);
    put16(table, 0);
    put32(table, static_cast<quint32>(16 + 12 * glyphOf.size()));
    put32(table, 0);
    put32(table, static_cast<quint32>(glyphOf.size()));
    for (const auto& [character, glyph] : glyphOf) {
        put32(table, character);
        put32(table, character);
        put32(table, static_cast<quint32>(glyph));
    }
    return table;
}

/// Family (1), style (2) and PostScript name (6).
QByteArray nameTable(const QString& family, const QString& style, const QByteArray& postScriptName)
{
    const std::pair<int, QString> names[]
        = {{1, family}, {2, style}, {6, QString::fromLatin1(postScriptName)}};
    QByteArray table, strings;
    for (const int value : {0, 3, 6 + 3 * 12})
        put16(table, value);
    for (const auto& [id, name] : names) {
        for (const int value :
            {3, 1, 0x409, id, static_cast<int>(2 * name.size()), static_cast<int>(strings.size())})
            put16(table, value);
        for (const QChar c : name)
            put16(strings, c.unicode());
    }
    return table + strings;
}

}

FontSubset::FontSubset(const QRawFont& font)
    : font_(font)
    , family_(font.familyName())
    , style_(font.styleName())
    , isBold_(font.weight() > QFont::Medium)
    , isItalic_(font.style() != QFont::StyleNormal)
    , glyf_(font.fontTable("glyf"))
    , loca_(font.fontTable("loca"))
    , hmtx_(font.fontTable("hmtx"))
    , head_(font.fontTable("head"))
    , hhea_(font.fontTable("hhea"))
    , maxp_(font.fontTable("maxp"))
    , post_(font.fontTable("post"))
    , os2_(font.fontTable("OS/2"))
{
}

bool FontSubset::usable() const
{
    return !glyf_.isEmpty() && !loca_.isEmpty() && head_.size() >= 54 && hhea_.size() >= 36
        && unitsPerEm() > 0;
}

int FontSubset::unitsPerEm() const { return u16(head_, 18); }

std::array<int, 4> FontSubset::box() const
{
    return {s16(head_, 36), s16(head_, 38), s16(head_, 40), s16(head_, 42)};
}

QByteArray FontSubset::postScriptName() const
{
    QString name = family_;
    if (style_ != "Regular" && style_ != "Book")
        name += "-" + style_;
    return name.remove(' ').toLatin1();
}

int FontSubset::advance(int glyph) const
{
    const int source = glyphs_[static_cast<std::size_t>(glyph)].source, metrics = u16(hhea_, 34);
    return u16(hmtx_, 4 * std::min(source, metrics - 1));
}

quint16 FontSubset::use(char32_t character)
{
    const auto found = std::ranges::find(glyphs_.begin() + 1, glyphs_.end(), character, &Glyph::character);
    if (found != glyphs_.end())
        return static_cast<quint16>(found - glyphs_.begin());
    const auto number = static_cast<quint16>(glyphs_.size());
    const auto text = QString::fromUcs4(&character, 1);
    const auto source = static_cast<quint16>(font_.glyphIndexesForString(text).value(0));
    glyphs_.push_back(Glyph{source, character});
    includeParts(source);
    return number;
}

void FontSubset::includeParts(quint16 source)
{
    const QByteArray whole = outline(source);
    if (!isComposite(whole))
        return;
    eachPart(whole, [&](qsizetype at) {
        const auto part = static_cast<quint16>(u16(whole, at + 2));
        if (numberOf(part) >= 0)
            return;
        glyphs_.push_back(Glyph{part, 0});
        includeParts(part);
    });
}

int FontSubset::numberOf(quint16 source) const
{
    const auto found = std::ranges::find(glyphs_, source, &Glyph::source);
    return found == glyphs_.end() ? -1 : static_cast<int>(found - glyphs_.begin());
}

QByteArray FontSubset::outline(quint16 source) const
{
    const bool isLong = u16(head_, 50) != 0;
    const auto place = [&](qsizetype i) -> qsizetype {
        return isLong ? static_cast<qsizetype>(u32(loca_, 4 * i)) : 2 * u16(loca_, 2 * i);
    };
    return glyf_.mid(place(source), place(source + 1) - place(source));
}

QByteArray FontSubset::subsetOutline(quint16 source) const
{
    QByteArray result = withoutInstructions(outline(source));
    if (isComposite(result))
        eachPart(result, [&](qsizetype at) {
            set16(result, at + 2, numberOf(static_cast<quint16>(u16(result, at + 2))));
        });
    return result;
}

QByteArray FontSubset::file() const
{
    QByteArray glyf, loca, hmtx, head = head_, hhea = hhea_, maxp = maxp_;
    std::map<char32_t, int> glyphOf;
    for (int i = 0; i < glyphs(); ++i) {
        const quint16 source = glyphs_[static_cast<std::size_t>(i)].source;
        put32(loca, static_cast<quint32>(glyf.size()));
        glyf += subsetOutline(source);
        const int metrics = u16(hhea_, 34);
        put16(hmtx, advance(i));
        put16(hmtx,
            source < metrics ? u16(hmtx_, 4 * source + 2) : u16(hmtx_, 4 * metrics + 2 * (source - metrics)));
        if (characterOf(i))
            glyphOf[characterOf(i)] = i;
    }
    put32(loca, static_cast<quint32>(glyf.size()));
    set16(head, 8, 0);
    set16(head, 10, 0); // the checksum of the whole file comes here
    set16(head, 50, 1); // long offsets in loca
    set16(hhea, 34, glyphs());
    set16(maxp, 4, glyphs());
    QByteArray post = post_.left(32);
    set16(post, 0, 3); // version 3: no glyph names
    set16(post, 2, 0);
    return assembled({{"OS/2", os2_}, {"cmap", characterMap(glyphOf)}, {"glyf", glyf}, {"head", head},
        {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp},
        {"name", nameTable(family_, style_, postScriptName())}, {"post", post}});
}

}
