// The grid of learned filters: what it draws is what the analysis says, a click and the keys select a filter.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/plots/text.h"
#include "widgets/views/filter_grid_view.h"

#include "core/analysis/filter_bands.h"
#include "core/analysis/filter_response.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPainter>

using namespace fovea;

namespace {

const std::string first = "blocks.0.filter.weight", second = "blocks.1.filter.weight";

/// The toy's run with as many channels of other filters, of which channel 0 is flat and so of no band; the
/// others pass what is coarse.
Slot manyChannels(Index channels)
{
    Trace trace = *toys::toyTrace("toy_filter");
    auto step = std::make_shared<StepRecords>();
    for (const RecordPtr& record : trace.steps[0]->all()) {
        auto copy = std::make_shared<Record>(*record);
        if (record->kind() == Kind::Filter) {
            copy->value = Tensor({channels, 8, 5}, DType::C64);
            auto values = copy->value.writable<std::complex<float>>();
            for (std::size_t i = 0; i < values.size(); ++i) // of 8 x 5 bins
                values[i] = i < 40 ? 1.0F : i % 40 == 0 ? static_cast<float>(9 + i % 7) : 0.01F;
        }
        step->add(copy);
    }
    trace.steps = {};
    trace.steps.push_back(step);
    return slotOf(std::make_shared<const Trace>(trace));
}

View& gridIn(Room& room, QSize size = {900, 300})
{
    View& view = room.view("filter-grid");
    view.resize(size);
    [&] { QTRY_VERIFY(view.isReady()); }();
    return view;
}

QStringList textsOf(const View& view, QSizeF size)
{
    figure::Page page(size);
    QPainter painter(&page);
    view.paint(painter, QRectF({}, size), Style::paper());
    painter.end();
    return textsOn(page);
}

}

class TestFilterGridView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void itShowsWhatTheAnalysisSays()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        const View& view = gridIn(room);
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        const std::vector<Record> shown = view.data();
        QCOMPARE(shown.size(), 2U);
        const auto expected
            = [&](const std::string& path) { return analysis::filterMagnitude(*room.session.record(path)); };
        QVERIFY(shown[0].value.identical(expected(first).value));
        QVERIFY(shown[1].value.identical(expected(second).value));
        QCOMPARE(view.caption(), QString("filters of 2 layers · 2 channels"));
    }

    void itsPixelsAreThoseNumbers()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        fovea::Display display = room.session.display();
        display.scale = ScaleMode::Fixed;
        display.fixedMax = 4;
        room.session.setDisplay(display);
        View& view = gridIn(room);
        const QImage image = view.grab().toImage();
        CellTable& cells = *view.cellTable();
        ValueScale scale;
        scale.mode = ScaleMode::Fixed;
        scale.min = 0;
        scale.max = 4;
        for (int layer = 0; layer < 2; ++layer) {
            const Record magnitude = analysis::filterMagnitude(*room.session.record(layer ? second : first));
            const Tensor map = magnitude.value.at(1);
            const QRectF at = cells.cellRect({1, layer});
            for (const auto& [y, x] : {std::pair(1, 1), {4, 4}, {2, 6}}) { // of 8 x 8 frequencies
                const QPointF centre
                    = at.topLeft() + QPointF((x + 0.5) * at.width() / 8, (y + 0.5) * at.height() / 8);
                const auto value = static_cast<double>(map.data()[y * 8 + x]);
                QCOMPARE(image.pixelColor(centre.toPoint()).name(), QColor(scale.color(value)).name());
            }
        }
    }

    void aClickAndTheKeysSelectAFilter()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = gridIn(room);
        CellTable& cells = *view.cellTable();
        QCOMPARE(cells.current(), CellTable::none);
        QTest::mouseClick(&view, Qt::LeftButton, {}, cells.cellRect({1, 1}).center().toPoint());
        QCOMPARE(room.session.selection().record, second);
        QCOMPARE(room.session.selection().channel, 1);
        QTest::keyClick(&view, Qt::Key_Up);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(room.session.selection().record, first);
        QCOMPARE(room.session.selection().channel, 0);
        const QRectF last = cells.cellRect({1, 1}); // of 2 channels
        QTest::mouseClick(
            &view, Qt::LeftButton, {}, (last.center() + QPointF(1.1 * last.width(), 0)).toPoint());
        QCOMPARE(room.session.selection().record, first);
        QVERIFY(cells.cellText({0, 1}).startsWith("L1, channel 0, largest magnitude"));
    }

    void fewChannelsFillTheWidth()
    {
        Room room(slotOf(toys::toyTrace("toy_filter"))); // of 2 channels
        View& view = gridIn(room);
        view.resize(900, 900);
        QCOMPARE(view.cellTable()->cells(), QSize(2, 2));
        QVERIFY(view.cellTable()->cellRect({1, 1}).right() > 700);
    }

    void channelsGoOnBelowWhereThereIsRoom()
    {
        Room room(manyChannels(64));
        View& view = gridIn(room, {1200, 130});
        QCOMPARE(view.cellTable()->cells(), QSize(24, 2));
        const double cell = view.cellTable()->cellRect({0, 0}).width();
        view.resize(1200, 700); // below the two rows of the paper is room for all
        CellTable& cells = *view.cellTable();
        QCOMPARE(cells.cells(), QSize(24, 6));
        QVERIFY(cells.cellRect({0, 0}).width() >= 0.99 * cell);
        QCOMPARE(cells.rowName(3), QString("L1"));
        QCOMPARE(cells.rowName(4), QString("24"));
        QTest::mouseClick(&view, Qt::LeftButton, {}, cells.cellRect({3, 4}).center().toPoint());
        QCOMPARE(room.session.selection().record, second);
        QCOMPARE(room.session.selection().channel, 24 + 3);
        QCOMPARE(cells.current(), QPoint(3, 4));
        QVERIFY(cells.cellText({15, 5}).startsWith("L1, channel 63, "));
        QVERIFY(cells.cellText({16, 5}).endsWith("there is none"));
        QTest::mouseClick(&view, Qt::LeftButton, {}, cells.cellRect({16, 5}).center().toPoint());
        QCOMPARE(room.session.selection().channel, 24 + 3);
        view.resize(1200, 130); // the page that holds the selected one
        QCOMPARE(cells.cells(), QSize(24, 2));
        QCOMPARE(cells.columnName(0), QString("channel 24"));
        QCOMPARE(cells.current(), QPoint(3, 1));
    }

    void aNarrowFigureGoesOnBelowAndNamesItsLayers()
    {
        Room room(manyChannels(128));
        const View& view = gridIn(room);
        const double height = view.heightFor(234, Style::paper()); // 3.25 in: that of the bar's label
        figure::Page page({234, height});
        QPainter painter(&page);
        view.paint(painter, {0, 0, 234, height}, Style::paper());
        painter.end();
        std::vector<double> maps; // their lower ends
        for (const figure::PageItem& item : page.items())
            if (const auto* map = std::get_if<figure::ImageItem>(&item.what))
                maps.push_back(map->placement.map(QPointF(0, 1)).y());
        QCOMPARE(maps.size(), std::size_t{1 + 2 * 128}); // the bar; six rows of each layer have room
        QVERIFY(*std::ranges::max_element(maps) > 0.6 * height);
        const QStringList names = textsOf(view, {234, height});
        QVERIFY(names.contains("L0") && names.contains("L1"));
        QVERIFY(names.contains("48")); // between them
        QVERIFY(!names.contains("24")); // which would lie over L0
    }

    void theGridPutsChannelsInOrder()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = gridIn(room);
        for (const char* by : {"band", "cluster"}) {
            fovea::Display display = room.session.display();
            display.filterOrder = by;
            const QString before = view.caption();
            room.session.setDisplay(display);
            QVERIFY(!view.isReady()); // in a Job, and what was there stays meanwhile
            QCOMPARE(view.caption(), before);
            QTRY_VERIFY(view.isReady());
            const Record& weight = *room.session.record(second);
            const std::vector<int> order = display.filterOrder == "band"
                ? analysis::orderByBand(analysis::filterBands(weight))
                : analysis::orderByLikeness(weight);
            for (int place = 0; place < 2; ++place) {
                view.cellTable()->goTo({place, 1});
                QCOMPARE(room.session.selection().channel, order[static_cast<std::size_t>(place)]);
                QCOMPARE(view.cellTable()->current(), QPoint(place, 1));
            }
            QVERIFY(view.cellTable()->columnName(0) == "place 0");
            const auto bands = analysis::filterBands(weight);
            const char* band = analysis::bandName(bands[static_cast<std::size_t>(order[1])].band);
            const QString told = view.cellTable()->cellText({1, 1});
            QVERIFY2(
                told.startsWith(QString("L1, channel %1, %2, ").arg(order[1]).arg(band)), qPrintable(told));
        }
    }

    void anotherOrderBeginsAtItsFirstPlace()
    {
        Room room(manyChannels(64));
        View& view = gridIn(room, {1200, 130}); // 24 places
        CellTable& cells = *view.cellTable();
        const auto arrange = [&](const char* by) {
            fovea::Display display = room.session.display();
            display.filterOrder = by;
            room.session.setDisplay(display);
            [&] { QTRY_VERIFY(view.isReady()); }();
        };
        arrange("stored");
        const auto order = analysis::orderByBand(analysis::filterBands(*room.session.record(first)));
        QCOMPARE(order.back(), 0);
        const auto behind = std::find_if(
            order.begin() + 24, order.end(), [](int channel) { return channel >= 24 && channel < 48; });
        arrange("band");
        QCOMPARE(cells.columnName(0), QString("place 0")); // nothing is selected
        arrange("stored");
        Selection there = room.session.selection();
        there.record = first;
        there.channel = *behind;
        room.session.setSelection(there);
        QCOMPARE(cells.columnName(0), QString("channel 24"));
        arrange("band");
        QCOMPARE(cells.columnName(0), QString("place 0"));
        QCOMPARE(cells.current(), CellTable::none); // it is on another page
        there.channel = 0;
        room.session.setSelection(there);
        QCOMPARE(cells.columnName(0), QString("place 48"));
        QCOMPARE(cells.current(), QPoint(63 - 48, 0));
    }

    void otherChannelsAreOnFurtherPages()
    {
        Room room(manyChannels(64));
        View& view = gridIn(room, {1200, 130});
        CellTable& cells = *view.cellTable();
        const auto selected = [&] {
            const Selection& now = room.session.selection();
            return std::pair(now.record, now.channel);
        };
        QVERIFY2(textsOf(view, {500, 80}).join('|').contains("channels 0 to 23 of 64"),
            qPrintable(textsOf(view, {500, 80}).join('|')));
        cells.goTo({23, 0}); // the page's last of the first layer
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(selected(), std::pair(first, 24));
        QVERIFY(textsOf(view, {500, 80}).join('|').contains("channels 24 to 47 of 64"));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(selected(), std::pair(second, 24));
        QTest::keyClick(&view, Qt::Key_Down); // below the last layer its next page is
        QCOMPARE(selected(), std::pair(second, 48));
        QTest::keyClick(&view, Qt::Key_Down); // which is the last one
        QCOMPARE(selected(), std::pair(second, 48));
        QVERIFY(textsOf(view, {500, 80}).join('|').contains("channels 48 to 63 of 64"));
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(selected(), std::pair(second, 47));
        view.grab();
        QVERIFY2(view.caption().endsWith("‹ channels 24 to 47 of 64 ›"), qPrintable(view.caption()));
        const Style style = Style::screen(view.palette(), view.font(), view.logicalDpiX());
        const auto widthOf
            = [&](const QString& text) { return textWidth(text, style.smallFont(), style.unitsPerInch); };
        const auto click = [&](const char* arrow) { // of the caption, in the last line
            const double x = style.gap + widthOf(view.caption().section(arrow, 0, 0)) + widthOf(arrow) / 2;
            QTest::mouseClick(&view, Qt::LeftButton, {},
                QPointF(x, view.height() - style.gap - 0.7 * style.textSize).toPoint());
        };
        click("›");
        QCOMPARE(selected(), std::pair(second, 63)); // as far as there are any
        view.grab();
        click("‹");
        QCOMPARE(selected(), std::pair(second, 63 - 24));
        Room few(slotOf(toys::toyTrace("toy_filter")));
        QVERIFY(textsOf(gridIn(few), {500, 80}).join('|').contains("2 layers · 2 channels"));
    }

    void rowsOfALayerAreGoneThrough()
    {
        Room room(manyChannels(64));
        View& view = gridIn(room, {1200, 700}); // three rows of each layer, the last of 16
        CellTable& cells = *view.cellTable();
        cells.goTo({23, 0});
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(cells.current(), QPoint(0, 1));
        cells.goTo({20, 1});
        QTest::keyClick(&view, Qt::Key_Down); // past the row that has none there
        QCOMPARE(cells.current(), QPoint(20, 3));
        QVERIFY(textsOf(view, {900, 700}).join('|').contains("2 layers · 64 channels"));
    }

    void nothingIsComputedWhileItIsDrawn() // but in a Job, in the stored order too
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = room.view("filter-grid");
        QVERIFY(!view.isReady());
        QCOMPARE(view.missing(), QString("Computing the filters."));
        QTRY_VERIFY(view.isReady());
        QVERIFY(view.missing().isEmpty());
    }

    void whatIsNoFilterIsSaidOnce()
    {
        Room room(slotOf(traceOfFilter(first, Tensor({1, 4, 3, 1}, DType::C64), 4))); // an axis too many
        View& view = room.view("filter-grid");
        QTRY_VERIFY(view.missing().contains("expected a filter"));
        QVERIFY(view.isReady()); // it is not tried again
    }

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(gridIn(room).missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterGridView)
#include "tst_filter_grid_view.moc"
