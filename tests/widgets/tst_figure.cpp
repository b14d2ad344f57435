// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/figure/writer.h"
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"

#include "core/run/random.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QApplication>
#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <sys/resource.h>

#include <csignal>

using namespace fovea;
using test::contentOf;
using namespace fovea::figure;

namespace {

Tensor noise(Index rows, Index cols, std::uint64_t seed)
{
    Tensor t({rows, cols});
    const RandomPlace place{seed, 0, hashOf("figure"), 0};
    for (std::size_t i = 0; i < t.writable().size(); ++i)
        t.writable()[i] = std::abs(static_cast<float>(place.normal(i)));
    return t;
}

Recipe sampleRecipe()
{
    Recipe recipe;
    recipe.view = "attention matrix";
    recipe.model = {"models/é&<small>.h5", "00ff"};
    recipe.input = {"cat.png", "abcd"};
    recipe.edits = QStringList{"blocks.3.attn.head.1=off"};
    recipe.selection = {{"head", 3}, {"record", "blocks.0.attn.pattern"}};
    recipe.settings = {{"start", 0}, {"residual", 0.1}, {"note", "a\tb \"quoted\" ]]> %EOF"}};
    recipe.measured = {{"seconds", 0.1234567890123}};
    recipe.size = {pointsOf("3.28125in"), pointsOf("60mm")};
    return recipe;
}

ValueScale scaleFor(const Tensor& values)
{
    ValueScale scale;
    scale.quantity = "attention probability";
    ValueRange range;
    range.include(values);
    scale.fit(range);
    return scale;
}

/// A map with axes and colour bar, a curve that leaves its clip, text in three scripts.
void paintSample(QPainter& painter, const QRectF& rect, const Style& style)
{
    const Tensor values = noise(37, 37, 1);
    const ValueScale scale = scaleFor(values);
    const PlotFrame frame = PlotFrame::within(rect.adjusted(2, 2, -50, -2),
        AxisSpec::ofCells("key token", 37), AxisSpec::ofCells("filter of query", 37), style);
    paintMap(painter, frame.area, mapImage(values, scale), style);
    paintAxes(painter, frame, style, true);
    paintColorBar(
        painter, QRectF(frame.area.right() + 6, frame.area.top(), 40, frame.area.height()), scale, style);
    const double x[] = {-5, 40}, y[] = {-20, 60};
    paintCurve(painter, frame, x, y, Mark{style.accent, 1});
    painter.setPen(style.ink);
    paintText(painter, frame.area, Qt::AlignHCenter, "π ≈ 3.14 שלום", style.textFont());
}

QByteArray sample(Format format) { return drawFigure(format, sampleRecipe(), paintSample)(); }

QByteArray output(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() && process.exitCode() == 0 ? process.readAllStandardOutput()
                                                                : QByteArray();
}

class Files {
public:
    QString with(const QString& name, const QByteArray& bytes) const
    {
        saveFile(bytes, folder_.filePath(name));
        return folder_.filePath(name);
    }
    QString path(const QString& name) const { return folder_.filePath(name); }

private:
    QTemporaryDir folder_;
};

}

class TestFigure : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void lengthsHaveUnits()
    {
        QCOMPARE(pointsOf("3.25in"), 234.0);
        QCOMPARE(pointsOf("25.4 mm"), 72.0);
        QCOMPARE(pointsOf("2.54cm"), 72.0);
        QCOMPARE(pointsOf("236.25pt"), 236.25);
        for (const char* bad :
            {"3.25", "in", "-3in", "0in", "1e9in", "nanin", "infmm", "3,25in", "3.25 inch", ""})
            FOVEA_THROWS(pointsOf(bad), UsageError, "length");
    }

    void recipeSurvivesEveryFormat()
    {
        for (const Format format : {Format::Pdf, Format::Svg, Format::Png})
            QVERIFY(recipeOf(sample(format), "f") == sampleRecipe());
        QCOMPARE(toJson(recipeFromJson(toJson(sampleRecipe()), "r")), toJson(sampleRecipe()));
    }

    void wrongRecipesNameTheField()
    {
        const QString good = toJson(sampleRecipe());
        const auto changed
            = [&](const char* from, const char* to) { return QString(good).replace(from, to).toUtf8(); };
        FOVEA_THROWS(recipeFromJson("{", "r.json"), Error, "r.json", "JSON");
        FOVEA_THROWS(recipeFromJson("[]", "r.json"), Error, "r.json", "JSON");
        FOVEA_THROWS(recipeFromJson(changed("\"fovea_recipe\": 1", "\"fovea_recipe\": 2"), "r"), Error,
            "fovea_recipe");
        FOVEA_THROWS(recipeFromJson(changed("\"dpi\": 300", "\"dpi\": 1e9"), "r"), Error, "dpi");
        FOVEA_THROWS(
            recipeFromJson(changed("\"sha256\": \"abcd\"", "\"sha256\": 7"), "r"), Error, "input.sha256");
        FOVEA_THROWS(recipeFromJson(changed("\"view\"", "\"viev\""), "r"), Error, "view", "nothing");
        FOVEA_THROWS(recipeFromJson(changed("\"edits\"", "\"extra\": 1, \"edits\""), "r"), Error, "extra");
    }

    void bytesAreTheSameInAnotherProcess()
    {
        for (const char* name : {"pdf", "svg", "png"}) {
            const QByteArray here = sample(formatOf(QString("x.") + name));
            // Not applicationFilePath(): joined tests are told apart by their links.
            const QByteArray there = output(QApplication::arguments().at(0), {"--write", name});
            QVERIFY(here.size() > 1000);
            QVERIFY2(here == there, name);
        }
    }

    void pdfKeepsTheMapAndItsFonts()
    {
        const Files files;
        const QString pdf = files.with("f.pdf", sample(Format::Pdf));
        QVERIFY(output("pdfinfo", {pdf}).contains("236.25 x 170.079 pts"));

        const QList<QByteArray> fonts = output("pdffonts", {pdf}).trimmed().split('\n').mid(2);
        QVERIFY(fonts.size() >= 1);
        for (const QByteArray& font : fonts)
            QVERIFY2(font.contains("CID TrueType") && font.contains("yes yes yes"), font);
        const QByteArray text = output("pdftotext", {pdf, "-"});
        for (const char* words : {"key token", "filter of query", "attention probability", "π ≈ 3.14"})
            QVERIFY2(text.contains(words), text);

        QVERIFY(!output("pdfimages", {"-list", pdf}).isEmpty());
        output("pdfimages", {"-png", pdf, files.path("image")});
        const QImage found(files.path("image-000.png"));
        const Tensor values = noise(37, 37, 1);
        const QImage map = mapImage(values, scaleFor(values));
        QVERIFY(found.width() % 37 == 0 && found.height() % 37 == 0);
        const QImage expected = magnified(map, found.width() / 37, found.height() / 37);
        QVERIFY(found.convertToFormat(QImage::Format_RGB32) == expected);
        QVERIFY(found.width() / (sampleRecipe().size.widthPt / 72) > 150);
        QVERIFY(!output("pdfdetach", {"-list", pdf}).isEmpty());
    }

    void imagesStandUpright()
    {
        Page page({100, 60});
        QPainter painter(&page);
        painter.drawImage(QRectF(10, 20, 30, 15), QImage(2, 2, QImage::Format_RGB32));
        painter.end();
        const QTransform placement = std::get<ImageItem>(page.items().front().what).placement;
        QCOMPARE(placement.map(QPointF(0, 0)), QPointF(10, 20));
        QCOMPARE(placement.map(QPointF(1, 1)), QPointF(40, 35));
    }

    void svgIsWellFormedAndClips()
    {
        const QByteArray svg = sample(Format::Svg);
        QXmlStreamReader reader(svg);
        int texts = 0, images = 0, clips = 0;
        while (!reader.atEnd()) {
            if (reader.readNext() != QXmlStreamReader::StartElement)
                continue;
            texts += reader.name() == QLatin1String("text");
            images += reader.name() == QLatin1String("image");
            clips += reader.attributes().hasAttribute("clip-path");
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(texts > 10);
        QCOMPARE(images, 2); // the map and the colour bar
        QCOMPARE(clips, 1);
        QVERIFY(svg.contains("width=\"83.3438mm\"") && svg.contains("viewBox=\"0 0 236.25 170.0787\""));
        QVERIFY(svg.contains("image-rendering:pixelated") && svg.contains("@font-face"));
    }

    void pngHasItsResolution()
    {
        const QImage image = QImage::fromData(sample(Format::Png));
        QCOMPARE(image.size(), QSize(984, 709));
        QCOMPARE(image.dotsPerMeterX(), 11811);
        Recipe vast = sampleRecipe();
        vast.size = {14400, 14400};
        FOVEA_THROWS(drawFigure(Format::Png, vast, paintSample), Error, "pixels");
    }

    void hugeHeadGridStaysSmall()
    {
        const auto paint = [](QPainter& painter, const QRectF& rect, const Style& style) {
            const double side = rect.width() / 12;
            for (int i = 0; i < 144; ++i) {
                const Tensor values = noise(197, 197, static_cast<std::uint64_t>(i));
                const int row = i / 12, column = i % 12;
                paintMap(painter, QRectF(side * column, side * row, side * 0.95, side * 0.95),
                    mapImage(values, scaleFor(values)), style);
            }
        };
        Recipe recipe = sampleRecipe();
        recipe.size = {486, 486};
        QVERIFY(drawFigure(Format::Pdf, recipe, paint)().size() < 12'000'000);
    }

    void brokenFilesAreErrors()
    {
        FOVEA_THROWS(recipeOf("", "x"), Error, "x", "recipe");
        FOVEA_THROWS(recipeOf("hello", "x"), Error, "recipe");
        for (const Format format : {Format::Pdf, Format::Svg, Format::Png}) {
            const QByteArray whole = sample(format);
            for (qsizetype size = 0; size < whole.size(); size += 997) {
                try {
                    QVERIFY(recipeOf(whole.left(size), "cut") == sampleRecipe());
                } catch (const Error&) {
                }
            }
        }
        FOVEA_THROWS(
            recipeOf("%PDF-1.7 << /Type /EmbeddedFile /Subtype /application#2Fjson /Length 99 >>\nstream\n{}",
                "x"),
            Error, "recipe");
        FOVEA_THROWS(recipeOf(QByteArray("\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", 16), "x"), Error, "recipe");
        FOVEA_THROWS(recipeOf("<svg><recipe xmlns='urn:fovea:recipe'><a/></recipe></svg>", "x"), Error, "x");
        FOVEA_THROWS(
            recipeOf("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>", "x"), Error, "x");
    }

    void filesAreWrittenWholeOrNotAtAll()
    {
        const Files files;
        FOVEA_THROWS(saveFile("x", files.path("none/f.pdf")), Error, "none/f.pdf");
        FOVEA_THROWS(saveFile("x", "/dev/full"), Error, "/dev/full");
        FOVEA_THROWS(formatOf("f.gif"), UsageError, "f.gif");
        const QString file = files.with("f.txt", "first");
        saveFile("second", file);
        QCOMPARE(contentOf(file), QByteArray("second"));

        // a full disk, played by a limit on the size of files
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit narrow{1000, limit.rlim_max};
        setrlimit(RLIMIT_FSIZE, &narrow);
        FOVEA_THROWS(saveFile(QByteArray(100'000, 'x'), file), Error, "f.txt");
        setrlimit(RLIMIT_FSIZE, &limit);
        QCOMPARE(contentOf(file), QByteArray("second"));
        QCOMPARE(QDir(QFileInfo(file).path()).entryList(QDir::Files), QStringList("f.txt"));
    }
};

/// "--write FORMAT" is the second process: the sample on stdout.
int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == "--write") {
        QFile out;
        return out.open(stdout, QIODevice::WriteOnly) && out.write(sample(formatOf("x." + arguments[2]))) > 0
            ? 0
            : 1;
    }
    TestFigure test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_figure.moc"
