// Plots and figures use the room they get: square cells in any window, and a plot that fills a narrow column.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/matrix_plot.h"
#include "widgets/views/head_grid_places.h"
#include "widgets/views/named_bars.h"

#include "tests/support/test.h"
#include "tests/widgets/page_texts.h"

#include <QPainter>

#include <cmath>

using namespace fovea;

namespace {

constexpr double narrowest = 57 / 25.4 * 72, column = 82.55 / 25.4 * 72; // points

/// All cells at the end of the scale, whose colour the map then has alone.
MatrixContent flat(Index rows, Index columns)
{
    MatrixContent content;
    content.values = Tensor::full({rows, columns}, 1);
    content.scale.quantity = "attention";
    content.rowLabel = "query";
    content.columnLabel = "key";
    content.top = {"received", std::vector<double>(static_cast<std::size_t>(columns), 1.0)};
    content.right = {"entropy / log n", std::vector<double>(static_cast<std::size_t>(rows), 0.5)};
    return content;
}

QImage drawn(const QSizeF& size, const std::function<void(QPainter&)>& paint)
{
    QImage image(size.toSize(), QImage::Format_RGB32);
    image.setDotsPerMeterX(2835); // 72 to the inch
    image.setDotsPerMeterY(2835);
    image.fill(Qt::white);
    QPainter painter(&image);
    paint(painter);
    return image;
}

/// The longest row and column of one colour.
QSize extentOf(const QImage& image, QRgb color)
{
    QSize most;
    std::vector<int> down(static_cast<std::size_t>(image.width()));
    for (int y = 0; y < image.height(); ++y) {
        int across = 0;
        for (int x = 0; x < image.width(); ++x)
            if (image.pixel(x, y) == color) {
                ++across;
                most.setHeight(std::max(most.height(), ++down[static_cast<std::size_t>(x)]));
            }
        most.setWidth(std::max(most.width(), across));
    }
    return most;
}

}

class TestNarrowFigures : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support).*")); }

    void aNarrowBarHasBothItsEndsOrNoNumber()
    {
        const auto textsOf = [](double width, double min, double max) {
            ValueScale scale;
            scale.min = min;
            scale.max = max;
            figure::Page page({400, 100});
            QPainter painter(&page);
            paintLyingBar(painter, {0, 0, width, 40}, scale, Style::paper());
            painter.end();
            return textsOn(page);
        };
        QCOMPARE(textsOf(60, -0.034, 0.034), (QStringList{u8"\u22120.034", "0.034"}));
        QCOMPARE(textsOf(25, -0.034, 0.034), QStringList());
        QVERIFY(textsOf(200, -0.034, 0.034).size() >= 3);
        QCOMPARE(textsOf(60, 2, 2).size(), 1); // flat
        for (int width = 1; width < 200; ++width)
            QVERIFY(textsOf(width, -0.034, 0.034).size() != 1);
    }

    void cellsAreSquareInAnyWindow()
    {
        MatrixPlot plot;
        plot.setContent(flat(6, 8));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        for (const QSize size : {QSize(500, 400), QSize(320, 700), QSize(1400, 420), QSize(500, 400),
                 QSize(233, 190), QSize(250, 260)}) {
            plot.resize(size);
            for (int turn = 0; turn < 3; ++turn)
                QCoreApplication::processEvents();
            const QRectF cell = plot.rectOf(2, 3);
            QVERIFY2(std::abs(cell.width() - cell.height()) < 0.5,
                qPrintable(QString("%1 x %2").arg(cell.width()).arg(cell.height())));
            const double share = std::max(8 * cell.width() / size.width(), 6 * cell.height() / size.height());
            QVERIFY2(share > 0.35, qPrintable(QString::number(share))); // one side is filled
        }
    }

    void aMatrixFillsANarrowColumn()
    {
        MatrixPlot plot;
        plot.setContent(flat(8, 8));
        const Style style = Style::paper();
        for (const double width : {narrowest, column}) {
            const QSizeF size(width, plot.heightFor(width, style));
            const QImage image
                = drawn(size, [&](QPainter& painter) { plot.paintFigure(painter, QRectF({}, size), style); });
            const QSize map = extentOf(image, plot.content().scale.color(1));
            const double share = map.width() / width;
            QVERIFY2(share > (width < column ? 0.55 : 0.45), qPrintable(QString::number(share)));
            QVERIFY2(std::abs(map.width() - map.height()) <= 12, // the bar adds to one side
                qPrintable(QString("%1 x %2").arg(map.width()).arg(map.height())));
        }
    }

    void aHeadGridFillsANarrowColumn()
    {
        const Style style = Style::paper();
        ValueScale scale;
        scale.quantity = "attention, layer 0";
        for (const HeadGridShape& shape : {HeadGridShape{6, 4, 1, true}, HeadGridShape{12, 12, 1, true}}) {
            const double height = HeadGridPlaces::heightFor(narrowest, shape, scale, style);
            const QRectF body(0, 0, narrowest, height);
            const HeadGridPlaces at = HeadGridPlaces::within(body, shape, scale, style);
            QVERIFY2(at.cells.width() > 0.7 * narrowest, qPrintable(QString::number(at.cells.width())));
            QVERIFY(body.adjusted(-0.1, -0.1, 0.1, 0.1).contains(at.bar));
            QVERIFY(!at.bar.intersects(at.cells));
            QVERIFY2(body.bottom() - at.bar.bottom() < 8, qPrintable(QString::number(at.bar.bottom())));
        }
    }

    void aBarLiesBelowOnlyWhereItWouldTakeTooMuch()
    {
        const Style style = Style::paper();
        ValueScale scale;
        scale.quantity = "attention";
        const QRectF narrow(0, 0, narrowest, 200), wide(0, 0, column, 200);
        const auto below = ColorBarRoom::in(narrow, scale, style),
                   beside = ColorBarRoom::in(wide, scale, style);
        QVERIFY(below.isBelow && !beside.isBelow);
        QCOMPARE(below.rest(narrow).width(), narrow.width());
        QCOMPARE(beside.rest(wide).height(), wide.height());
        for (const auto& [room, rect] : {std::pair(below, narrow), std::pair(beside, wide)}) {
            const QRectF rest = room.rest(rect), bar = room.along(rest, rect);
            QVERIFY(rect.contains(bar) && !rest.intersects(bar));
        }
    }

    void namedValuesStandLargestFirst()
    {
        const std::vector<double> values{1, NAN, 3, -2};
        const auto sorted = largestFirst({"a", "b", "c", "d"}, values);
        QStringList names;
        for (const NamedValue& value : sorted)
            names.append(value.name);
        QCOMPARE(names, (QStringList{"c", "a", "d", "b"}));
        const Style style = Style::paper();
        QCOMPARE(namedBarsShown(2.5 * namedBarsPitch(style), 4, style), 2);
        QCOMPARE(namedBarsShown(0, 4, style), 1);
        const QImage image = drawn({200, 60}, [&](QPainter& painter) {
            paintNamedBars(painter, {0, 0, 200, 60}, sorted, style);
        });
        const QSize bar = extentOf(image, style.accent.rgb()); // the longest, of 3 between -2 and 3
        QVERIFY2(bar.width() > 60 && bar.width() < 140, qPrintable(QString::number(bar.width())));
    }
};

QTEST_MAIN(TestNarrowFigures)
#include "tst_narrow_figures.moc"
