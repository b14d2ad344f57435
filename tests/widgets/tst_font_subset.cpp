// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/font_subset.h"
#include "widgets/plots/style.h"

#include "tests/support/test.h"

#include <QPainterPath>

using namespace fovea;
using figure::FontSubset;

namespace {

QRawFont fontOf(const QString& family, bool bold = false)
{
    QFont font(family, -1, bold ? QFont::Bold : QFont::Normal);
    font.setPixelSize(100);
    font.setHintingPreference(QFont::PreferNoHinting);
    return QRawFont::fromFont(font);
}

QPainterPath outline(const QRawFont& font, quint32 glyph)
{
    QRawFont large = font;
    large.setPixelSize(1000);
    return large.pathForGlyph(glyph);
}

}

class TestFontSubset : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { loadFigureFonts(); }

    void subsetDrawsTheSameGlyphs_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("bold");
        QTest::newRow("Liberation Sans") << "Liberation Sans" << false;
        QTest::newRow("Liberation Serif") << "Liberation Serif" << false;
        QTest::newRow("Liberation Mono") << "Liberation Mono" << true;
        QTest::newRow("DejaVu Sans") << "DejaVu Sans" << true;
    }
    void subsetDrawsTheSameGlyphs()
    {
        QFETCH(QString, family);
        QFETCH(bool, bold);
        const QRawFont whole = fontOf(family, bold);
        QCOMPARE(whole.familyName(), family);
        FontSubset subset(whole);
        QVERIFY(subset.usable());
        const QString text
            = u8"Fovea 0.25 \u2212 \u00e9\u00c5\u00f6 \u03c0\u2248"; // accents are composite glyphs
        std::vector<quint16> glyphs;
        for (const QChar c : text)
            if (subset.has(c.unicode()))
                glyphs.push_back(subset.use(c.unicode()));
        QCOMPARE(subset.use('F'), glyphs[0]);

        const QByteArray file = subset.file();
        QVERIFY(file.size() < 20'000);
        const QRawFont small(file, 100, QFont::PreferNoHinting);
        QVERIFY(small.isValid());
        for (int glyph = 1; glyph < subset.glyphs(); ++glyph) {
            const char32_t character = subset.characterOf(glyph);
            if (character == 0)
                continue;
            const quint32 source = whole.glyphIndexesForString(QString::fromUcs4(&character, 1)).value(0);
            const quint32 found = small.glyphIndexesForString(QString::fromUcs4(&character, 1)).value(0);
            QCOMPARE(found, static_cast<quint32>(glyph));
            QCOMPARE(outline(small, found), outline(whole, source));
            QCOMPARE(small.advancesForGlyphIndexes({found}).value(0).x(),
                whole.advancesForGlyphIndexes({source}).value(0).x());
        }
    }

    void sameTextGivesTheSameBytes()
    {
        const auto bytes = [](const QString& text) {
            FontSubset subset(fontOf("Liberation Sans"));
            for (const QChar c : text)
                subset.use(c.unicode());
            return subset.file();
        };
        QCOMPARE(bytes("attention"), bytes("attention"));
        QVERIFY(bytes("attention") != bytes("entropy"));
    }
};

QTEST_MAIN(TestFontSubset)
#include "tst_font_subset.moc"
