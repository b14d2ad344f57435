// The grid of learned filters: what it draws is what the analysis says, a click and the keys select a filter.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/views/filter_grid_view.h"

#include "core/analysis/filter_response.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPainter>

using namespace fovea;

namespace {

const std::string first = "blocks.0.filter.weight", second = "blocks.1.filter.weight";

/// The toy's run with as many channels of other filters.
Slot manyChannels(Index channels)
{
    Trace trace = *toys::toyTrace("toy_filter");
    auto step = std::make_shared<StepRecords>();
    for (const RecordPtr& record : trace.steps[0]->all()) {
        auto copy = std::make_shared<Record>(*record);
        if (record->kind() == Kind::Filter) {
            copy->value = Tensor({channels, 8, 5}, DType::C64);
            auto values = copy->value.writable<std::complex<float>>();
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = static_cast<float>(1 + i % 7);
        }
        step->add(copy);
    }
    trace.steps = {};
    trace.steps.push_back(step);
    return slotOf(std::make_shared<const Trace>(trace));
}

View& gridIn(Room& room)
{
    View& view = room.view("filter-grid");
    view.resize(900, 300);
    return view;
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
        View& view = room.view("filter-grid");
        view.resize(1200, 130);
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

    void aNarrowFigureHasARowForEachLayer() // else its rows would have no names
    {
        const auto maps = [](Index channels, double width) {
            Room room(manyChannels(channels));
            const View& view = room.view("filter-grid");
            const double height = view.heightFor(width, Style::paper());
            figure::Page page({width, height});
            QPainter painter(&page);
            view.paint(painter, {0, 0, width, height}, Style::paper());
            painter.end();
            return std::ranges::count_if(page.items(),
                [](const auto& item) { return std::holds_alternative<figure::ImageItem>(item.what); });
        };
        QCOMPARE(maps(64, 234), maps(24, 234)); // and the bar
        QCOMPARE(maps(64, 500), maps(24, 500) + 2 * 24); // beside the bar is room for two of each
    }

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(gridIn(room).missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterGridView)
#include "tst_filter_grid_view.moc"
