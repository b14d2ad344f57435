// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/line_plot.h"
#include "widgets/plots/matrix_plot.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"
#include "widgets/plots/scatter_plot.h"

#include "tests/support/test.h"

#include <QPainter>
#include <QSignalSpy>

#include <cmath>

using namespace fovea;

namespace {

MatrixContent sample(Index rows, Index columns)
{
    MatrixContent content;
    content.values = Tensor({rows, columns});
    for (Index i = 0; i < rows * columns; ++i)
        content.values.writable()[static_cast<std::size_t>(i)] = static_cast<float>(i);
    content.scale.max = static_cast<double>(rows * columns);
    content.rowLabel = "query";
    content.columnLabel = "key";
    content.top = {"received", std::vector<double>(static_cast<std::size_t>(columns), 1.0)};
    content.right = {"entropy", std::vector<double>(static_cast<std::size_t>(rows), 2.0)};
    return content;
}

/// The child that gets the mouse.
QWidget* mouseTarget(Canvas& canvas) { return canvas.findChild<QWidget*>("plot"); }

void press(QWidget* widget, QPoint from, QPoint to)
{
    QTest::mousePress(widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

template <class Plot>
void show(Plot& plot)
{
    plot.resize(500, 400);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    plot.fit();
    QCoreApplication::processEvents();
}

/// Shows where data lie.
template <class Plot>
struct Open : Plot {
    using Plot::frame;
    QPoint at(double x, double y, int panel = 0) const { return frame(panel).at(x, y).toPoint(); }
};

}

class TestPlots : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support).*")); }

    void hoverAndClickNameTheCell()
    {
        Open<MatrixPlot> plot;
        plot.setContent(sample(4, 6));
        show(plot);
        const QPoint cell = plot.at(5, 3);
        QSignalSpy hovered(&plot, &MatrixPlot::hovered), pinned(&plot, &MatrixPlot::pinned);
        QTest::mouseClick(mouseTarget(plot), Qt::LeftButton, {}, cell);
        QCOMPARE(pinned.size(), 1);
        QCOMPARE(pinned[0], (QVariantList{3, 5}));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(mouseTarget(plot), &leave);
        QCOMPARE(hovered.last(), (QVariantList{-1, -1}));
        QCOMPARE(plot.cellAt(cell), std::pair(3, 5));
        QVERIFY(plot.rectOf(3, 5).contains(cell));
        QCOMPARE(plot.cellAt(QPointF(0, 0)), std::pair(-1, -1));
    }

    void whatIsNotSeenIsGreyOnScreenAndPaper()
    {
        QImage cells(2, 1, QImage::Format_ARGB32);
        cells.setPixelColor(0, 0, Qt::red);
        cells.setPixelColor(1, 0, Qt::transparent);
        for (const int dpi : {0, 300}) {
            QImage image(20, 10, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            Style style = Style::paper();
            style.mapDpi = dpi;
            paintMap(painter, image.rect(), cells, style);
            painter.end();
            QCOMPARE(image.pixelColor(5, 5), QColor(Qt::red));
            QCOMPARE(image.pixelColor(15, 5), style.grid);
        }
    }

    void numbersKeepTheirWidth()
    {
        QCOMPARE(readingText(0.00999, 2), QString("0.010"));
        QCOMPARE(readingText(0.0095, 2), QString("0.0095"));
        QCOMPARE(readingText(0.9, 2), QString("0.90"));
        QCOMPARE(readingText(45, 2), QString("45"));
        QCOMPARE(readingText(1234, 2), QString("1.2e3"));
        QCOMPARE(readingText(-0.00001234, 3), QString(QChar(0x2212)) + "1.23e" + QChar(0x2212) + "5");
    }

    void numbersAlongAnAxisNeverTouch()
    {
        const Style style = Style::paper();
        AxisSpec entropy;
        entropy.max = 0.9;
        for (int length = 10; length < 200; ++length) {
            const std::vector<Tick> ticks = fittingTicks(entropy, length, true, style);
            QVERIFY(!ticks.empty());
            double end = -INFINITY;
            for (const Tick& tick : ticks) {
                const double half = textWidth(tick.text, style.smallFont(), style.unitsPerInch) / 2;
                const double centre = entropy.position(tick.value) * length;
                QVERIFY2(centre - half > end + style.smallTextSize / 4,
                    qPrintable(tick.text + " at a length of " + QString::number(length)));
                end = centre + half;
            }
        }
        QVERIFY(fittingTicks(entropy, 200, true, style).size() > 3);
    }

    void stripsNameOnlyTheirAxis()
    {
        Open<MatrixPlot> plot;
        plot.setContent(sample(4, 6));
        show(plot);
        QSignalSpy hovered(&plot, &MatrixPlot::hovered);
        QTest::mouseMove(mouseTarget(plot), plot.at(2, 0.5, 1));
        QTest::mouseMove(mouseTarget(plot), plot.at(1, 3, 2));
        QCOMPARE(hovered.size(), 2);
        QCOMPARE(hovered[0], (QVariantList{-1, 2}));
        QCOMPARE(hovered[1], (QVariantList{3, -1}));
    }

    void margins()
    {
        MatrixPlot plot;
        plot.setContent(sample(4, 6));
        const auto strip = [&](int row, int column) { // above the map: what each column receives
            plot.mark(row, column);
            QImage image(400, 300, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            Style style = Style::paper();
            style.mapDpi = 0;
            plot.paintFigure(painter, image.rect(), style);
            return image.copy(0, 0, 300, 40);
        };
        QCOMPARE(strip(1, 4), strip(3, 4));
        QVERIFY(strip(1, 4) != strip(1, 2));
    }

    void wheelZoomsAndDoubleClickFits()
    {
        Open<MatrixPlot> plot;
        plot.setContent(sample(40, 40));
        show(plot);
        const QImage whole = plot.grab().toImage();
        const QPoint cell = plot.at(20, 20);
        QWidget* target = mouseTarget(plot);
        QWheelEvent wheel(
            cell, target->mapToGlobal(cell), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(target, &wheel);
        QCoreApplication::processEvents();
        QVERIFY(plot.grab().toImage() != whole);
        const PlotFrame near = plot.frame(0);
        QVERIFY(near.x.max - near.x.min < 40 && near.y.max - near.y.min < 40);
        QVERIFY((plot.at(20, 20) - cell).manhattanLength() <= 2); // the cell under the cursor stays there
        QCOMPARE(plot.frame(1).x.min, near.x.min);
        QCOMPARE(plot.frame(2).y.max, near.y.max);
        QTest::mouseDClick(target, Qt::LeftButton, {}, cell);
        QCoreApplication::processEvents();
        QCOMPARE(plot.frame(0).x.min, -0.5);
        QCOMPARE(plot.frame(0).y.max, 39.5);
    }

    void dragsAreNoClicks()
    {
        Open<MatrixPlot> plot;
        plot.setContent(sample(4, 4));
        show(plot);
        QSignalSpy pinned(&plot, &MatrixPlot::pinned);
        press(mouseTarget(plot), plot.at(1, 1), plot.at(2, 2));
        QCOMPARE(pinned.size(), 0);
    }

    void contentOfOneCellOrNothingFiniteIsDrawn()
    {
        Open<MatrixPlot> plot;
        show(plot);
        MatrixContent content = sample(1, 1);
        content.values = Tensor::full({1, 1}, NAN);
        content.top.values = {NAN};
        content.right.values = {};
        plot.setContent(content);
        plot.mark(0, 0);
        QCoreApplication::processEvents();
        const QImage shown = plot.grab().toImage();
        QCOMPARE(shown.pixel(plot.at(0, 0)), ColorMap::missing);
    }

    void brushedPointsAreNamed()
    {
        Open<ScatterPlot> plot;
        ScatterContent content;
        content.x.label = "entropy";
        content.y.label = "distance";
        content.points = {{0, 0, 0, "a"}, {1, 3, 1, "b"}, {3, 1, 1, "c"}, {10, 10, 2, "d"}};
        content.references = {{5, "level", Qt::Horizontal}, {5, "limit", Qt::Vertical}};
        plot.setContent(content);
        show(plot);
        std::vector<int> points;
        connect(&plot, &ScatterPlot::brushed, this, [&](const std::vector<int>& found) { points = found; });
        press(mouseTarget(plot), plot.at(-0.4, 4), plot.at(2, -0.4));
        QCOMPARE(points, (std::vector<int>{0, 1}));
    }

    void curvesReportWhereTheyAreClicked()
    {
        Open<LinePlot> plot;
        LineContent content;
        content.curves = {{"loss", {0, 10, 20}, {1, NAN, 3}}, {"theory", {0, 20}, {2, 2}, true}};
        plot.setContent(content);
        plot.mark(10);
        show(plot);
        QSignalSpy clicked(&plot, &LinePlot::clicked);
        QTest::mouseClick(mouseTarget(plot), Qt::LeftButton, {}, plot.at(7, 2));
        QCOMPARE(clicked.size(), 1);
        QVERIFY(std::abs(clicked[0][0].toDouble() - 7) < 0.1);
    }

    void themeFollowsThePalette()
    {
        Open<MatrixPlot> plot;
        plot.setContent(sample(4, 4));
        show(plot);
        QPalette dark;
        dark.setColor(QPalette::Base, QColor(20, 20, 20));
        dark.setColor(QPalette::Text, Qt::white);
        plot.setPalette(dark);
        QCoreApplication::processEvents();
        QCOMPARE(plot.grab().toImage().pixelColor(1, 1), QColor(20, 20, 20));
    }
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
