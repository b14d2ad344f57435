// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/plots/value_scale.h"

#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/widgets/page_texts.h"

#include <QSet>

#include <numbers>

using namespace fovea;

namespace {

ValueScale fitted(const QString& map, std::initializer_list<double> values, bool logarithmic = false)
{
    ValueScale scale;
    scale.colors = &ColorMap::named(map);
    scale.logarithmic = logarithmic;
    ValueRange range;
    for (const double value : values)
        range.include(value);
    scale.fit(range);
    return scale;
}

/// Whether every pixel of a map has the colour that the scale gives its value.
template <class T>
bool isColouredBy(const ValueScale& scale, const std::vector<T>& values, Index columns)
{
    const Index rows = std::ssize(values) / columns;
    const QImage image = mapImage(Tensor::of<T>({rows, columns}, values), scale);
    for (Index i = 0; i < rows * columns; ++i)
        if (image.pixel(static_cast<int>(i % columns), static_cast<int>(i / columns))
            != scale.color(static_cast<double>(values[static_cast<std::size_t>(i)])))
            return false;
    return image.width() == columns && image.height() == rows;
}

/// Out of order the 260 numbers `from`, `from` + `step`, ...
template <class T>
std::vector<T> staircase(double from, double step)
{
    std::vector<T> values(3000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<T>(from + static_cast<double>(i * 7 % 260) * step);
    return values;
}

QStringList texts(const std::vector<Tick>& ticks)
{
    QStringList result;
    for (const Tick& tick : ticks)
        result << tick.text;
    return result;
}

AxisSpec axis(double min, double max)
{
    AxisSpec spec;
    spec.min = min;
    spec.max = max;
    return spec;
}

}

class TestScales : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { loadFigureFonts(); }

    void mapsHaveTheirPublishedColours()
    {
        QCOMPARE(ColorMap::named("viridis")[0], 0xff440154U);
        QCOMPARE(ColorMap::named("viridis")[255], 0xfffde725U);
        QCOMPARE(ColorMap::named("RdBu").at(0.5), 0xfff7f7f7U & ColorMap::named("RdBu")[128]);
        QCOMPARE(ColorMap::named("twilight")[0], ColorMap::named("twilight")[255]);
        FOVEA_THROWS(ColorMap::named("jet"), Error, "jet");
        for (const auto kind :
            {ColorMap::Kind::Sequential, ColorMap::Kind::Diverging, ColorMap::Kind::Cyclic})
            for (const QString& name : ColorMap::names(kind)) {
                QCOMPARE(ColorMap::named(name).kind(), kind);
                for (int i = 0; i < ColorMap::size; ++i)
                    QVERIFY(ColorMap::named(name)[i] != ColorMap::missing);
            }
    }

    void signedValuesStandEvenlyAboutZero()
    {
        const ValueScale scale = fitted("RdBu", {-1, 3});
        QCOMPARE(scale.min, -3.0);
        QCOMPARE(scale.max, 3.0);
        QCOMPARE(scale.position(0), 0.5);
        QCOMPARE(fitted("twilight", {0.1, 0.2}).max, std::numbers::pi);
    }

    void fixedScalesStayAndKnowWhatTheyClip()
    {
        ValueScale scale;
        scale.mode = ScaleMode::Fixed;
        scale.max = 0.5;
        ValueRange range;
        range.include(-1);
        range.include(2);
        scale.fit(range);
        QCOMPARE(scale.max, 0.5);
        QVERIFY(scale.data.max > scale.max && scale.data.min < scale.min);
        QCOMPARE(scale.color(2), ColorMap::named("viridis")[255]);
    }

    void logarithmicScalesHaveAFloor()
    {
        const ValueScale scale = fitted("viridis", {0, 0.01, 1}, true);
        QCOMPARE(scale.min, 0.01);
        QCOMPARE(scale.position(0.1), 0.5);
        QCOMPARE(scale.color(0), ColorMap::named("viridis")[0]);
    }

    void flatMapsAreFlat()
    {
        for (const double value : {0.0, 0.25}) {
            const ValueScale scale = fitted("viridis", {value, value});
            const QImage image = mapImage(Tensor::full({3, 4}, static_cast<float>(value)), scale);
            QCOMPARE(image.pixel(0, 0), ColorMap::named("viridis")[0]);
            QCOMPARE(image.pixel(3, 2), image.pixel(0, 0));
        }
        QVERIFY(fitted("viridis", {}).data.empty());
        QCOMPARE(fitted("RdBu", {0}).position(0), 0.5);
    }

    void everyPixelIsItsValuesColour()
    {
        const float values[] = {0, 0.5F, 1, NAN, INFINITY, -3};
        const QImage image = mapImage(Tensor::of<float>({2, 3}, values), fitted("magma", {0, 1}));
        const ColorMap& magma = ColorMap::named("magma");
        QCOMPARE(image.pixel(0, 0), magma[0]);
        QCOMPARE(image.pixel(1, 0), magma[128]);
        QCOMPARE(image.pixel(2, 0), magma[255]);
        QCOMPARE(image.pixel(0, 1), ColorMap::missing);
        QCOMPARE(image.pixel(1, 1), ColorMap::missing);
        QCOMPARE(image.pixel(2, 1), magma[0]);

        const std::int64_t whole[] = {0, 1};
        QCOMPARE(mapImage(Tensor::of<std::int64_t>({1, 2}, whole), fitted("magma", {0, 1})).pixel(1, 0),
            magma[255]);
    }

    void largeMapsAreColouredToTheLast()
    {
        // 256 colours, each of which the numbers meet in its middle; four numbers are beyond
        constexpr double step = 10.0 / 256;
        const ValueScale scale = fitted("viridis", {-3, 7}), whole = fitted("viridis", {19.5, 275.5});
        std::vector<float> values = staircase<float>(-3 - 1.5 * step, step);
        values[1023] = values[2999] = NAN;
        values[1024] = -INFINITY;
        values[1025] = 1e30F;
        QVERIFY(isColouredBy(scale, values, 1000));
        QVERIFY(isColouredBy(scale, staircase<double>(-3 - 1.5 * step, step), 600));
        QVERIFY(isColouredBy(whole, staircase<std::int32_t>(18, 1), 3000));
        QVERIFY(isColouredBy(fitted("viridis", {-0.5, 255.5}), staircase<std::uint8_t>(0, 1), 30));
        const std::vector<double> near{
            0, 3e-311, 5.5e-311, 1e-310, NAN}; // colours closer than numbers can tell
        QVERIFY(isColouredBy(fitted("viridis", {0, 1e-310}), near, 5));
    }

    void mapsBeginAtTheirEnds()
    {
        const float above[] = {2, 3, 4}, about[] = {-2, 0, 2};
        const ColorMap &viridis = ColorMap::named("viridis"), &signs = ColorMap::named("RdBu");
        const QImage a = mapImage(Tensor::of<float>({1, 3}, above), fitted("viridis", {2, 4}));
        const QImage b = mapImage(Tensor::of<float>({1, 3}, about), fitted("RdBu", {-2, 1}));
        for (const auto& [x, index] : {std::pair(0, 0), std::pair(1, 128), std::pair(2, 255)}) {
            QCOMPARE(a.pixel(x, 0), viridis[index]);
            QCOMPARE(b.pixel(x, 0), signs[index]);
        }
    }

    void magnifiedImagesRepeatTheirPixels()
    {
        QImage image(2, 1, QImage::Format_RGB32);
        image.setPixel(0, 0, 0xff112233);
        image.setPixel(1, 0, 0xff445566);
        const QImage large = magnified(image, 3, 2);
        QCOMPARE(large.size(), QSize(6, 2));
        for (int x = 0; x < 6; ++x)
            for (int y = 0; y < 2; ++y)
                QCOMPARE(large.pixel(x, y), x < 3 ? 0xff112233U : 0xff445566U);
    }

    void screensShowTheMeanOfCellsTheyCannotHold()
    {
        QImage board(64, 64, QImage::Format_RGB32);
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x)
                board.setPixel(x, y, (x + y) % 2 ? 0xffffffff : 0xff000000);
        QImage screen(8, 8, QImage::Format_RGB32);
        QPainter painter(&screen);
        Style style = Style::paper();
        style.mapDpi = 0;
        paintMap(painter, QRectF(0, 0, 8, 8), board, style);
        QVERIFY(std::abs(qRed(screen.pixel(4, 4)) - 128) < 4);
    }

    void ticksAreRound()
    {
        QCOMPARE(texts(ticksOf(axis(0, 1), 6)), QStringList({"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
        QCOMPARE(texts(ticksOf(axis(-0.04, 0.03), 3)), QStringList({u8"\u22120.025", "0.000", "0.025"}));
        QCOMPARE(texts(ticksOf(axis(0, 4e-6), 3)), QStringList({"0", u8"2e\u22126", u8"4e\u22126"}));
        QCOMPARE(texts(ticksOf(AxisSpec::ofCells("", 3), 5)), QStringList({"0", "1", "2"}));
        QCOMPARE(
            texts(ticksOf(AxisSpec::ofCells("", 5), 2)), QStringList({"0", "2", "4"})); // never one alone
        QCOMPARE(
            texts(ticksOf(AxisSpec::ofCells("", 2, {"cls", "(0,0)"}), 5)), QStringList({"cls", "(0,0)"}));
        const AxisSpec few = AxisSpec::ofCells("", 7, {"0", "2", "4", "6", "8", "10", "48"});
        QCOMPARE(texts(ticksOf(few, 7)), few.names);
        QCOMPARE(texts(ticksOf(few, 4)), QStringList({"0", "4", "8", "48"}));
        QCOMPARE(texts(ticksOf(few, 3)), QStringList({"0", "6", "48"})); // not every fifth
        QCOMPARE(texts(ticksOf(axis(5, 5), 5)), QStringList({"5"}));
        AxisSpec decades = axis(0.001, 10);
        decades.logarithmic = true;
        QCOMPARE(texts(ticksOf(decades, 5)), QStringList({"0.001", "0.01", "0.1", "1", "10"}));
    }

    void linesAreSeenOnTheirGround()
    {
        const auto luminance = [](QRgb color) { // of WCAG 2.1, written out
            const auto linear = [](int c) {
                const double share = c / 255.0;
                return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
            };
            return 0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color))
                + 0.0722 * linear(qBlue(color));
        };
        for (const QColor& ground : {QColor(Qt::white), QColor(0x1e, 0x1e, 0x1e)})
            for (const QString& name : ColorMap::names(ColorMap::Kind::Sequential)) {
                const ColorMap& map = ColorMap::seenOn(name, ground);
                const double own = luminance(ground.rgb());
                QSet<QRgb> different;
                for (int i = 0; i < ColorMap::size; ++i) {
                    const double other = luminance(map[i]);
                    QVERIFY2((std::max(own, other) + 0.05) / (std::min(own, other) + 0.05) > 2.999,
                        qPrintable(QString("%1 on %2: %3").arg(name, ground.name()).arg(i)));
                    different << map[i];
                }
                QVERIFY(different.size() > 64); // most of the map is there
                QCOMPARE(&map, &ColorMap::seenOn(name, ground));
            }
        const ColorMap& viridis = ColorMap::named("viridis");
        QCOMPARE(ColorMap::seenOn("viridis", Qt::white)[0], viridis[0]); // yellow is what cannot be seen
        QCOMPARE(ColorMap::seenOn("viridis", Qt::black)[255], viridis[255]); // or the darkest
        QCOMPARE(ColorMap::seenOn("greys", QColor(0x77, 0x77, 0x77)).name(), QString("greys"));
    }

    void aNarrowBarOfBothSignsHasANumber()
    {
        const auto numbers = [](double width, double most) {
            const ValueScale scale = fitted("RdBu", {-most, most / 2});
            figure::Page page({200, 60});
            QPainter painter(&page);
            paintLyingBar(painter, {5, 5, width, 50}, scale, Style::paper());
            painter.end();
            return textsOn(page);
        };
        QVERIFY(numbers(150, 0.0123).size() >= 2);
        QCOMPARE(numbers(30, 0.0123), QStringList("±0.012"));
    }

    void aShortLogarithmicAxisHasTicksAllAlong()
    {
        const auto logTexts = [](double min, double max, int most) {
            AxisSpec spec = axis(min, max);
            spec.logarithmic = true;
            return texts(ticksOf(spec, most));
        };
        QCOMPARE(logTexts(0.18, 9, 8), QStringList({"0.2", "0.5", "1", "2", "5"})); // the plane's "1" too
        QCOMPARE(logTexts(0.18, 9, 4), QStringList({"0.3", "1", "3"}));
        QCOMPARE(logTexts(0.18, 9, 2), QStringList({"0.3", "3"}));
        QCOMPARE(logTexts(0.9, 40, 8), QStringList({"1", "2", "5", "10", "20"}));
        QCOMPARE(logTexts(0.9, 40, 2), QStringList({"1", "10"}));
        QCOMPARE(logTexts(2, 6, 5), QStringList({"2", "3", "4", "5", "6"})); // part of a decade
    }

    void aBarOverLessThanTwoDecadesIsNumberedAllAlong()
    {
        ValueScale scale;
        scale.logarithmic = true;
        scale.min = 0.18;
        scale.max = 9;
        figure::Page page({60, 200});
        QPainter painter(&page);
        paintColorBar(painter, {5, 5, 50, 190}, scale, Style::paper());
        painter.end();
        QCOMPARE(textsOn(page), QStringList({"0.2", "0.5", "1", "2", "5"}));
    }

    void ticksStayWithinTheAxisAndTheirNumber()
    {
        const double ends[][2]
            = {{1.6e-5, 0.41}, {-7, 1e6}, {0.9999, 1.0001}, {-1e-12, 1e-12}, {3, 1e300}, {0, 197}};
        for (const auto& [min, max] : ends)
            for (int most = 2; most <= 8; ++most) {
                const std::vector<Tick> ticks = ticksOf(axis(min, max), most);
                QVERIFY(!ticks.empty() && static_cast<int>(ticks.size()) <= most);
                QSet<QString> different;
                for (const Tick& tick : ticks) {
                    QVERIFY(tick.value >= min - 1e-6 * (max - min) && tick.value <= max + 1e-6 * (max - min));
                    different << tick.text;
                }
                QCOMPARE(different.size(), static_cast<qsizetype>(ticks.size()));
            }
    }
};

QTEST_MAIN(TestScales)
#include "tst_scales.moc"
