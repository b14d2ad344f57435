// The grid of learned filters: what it draws is what the analysis says, a click and the keys select a filter.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_grid_view.h"

#include "core/analysis/filter_response.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

using namespace fovea;

namespace {

const std::string first = "blocks.0.filter.weight", second = "blocks.1.filter.weight";

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
        QCOMPARE(view.caption(), QString("filters of 2 layers · channels 0 to 1"));
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
        QTest::mouseClick(
            &view, Qt::LeftButton, {}, cells.cellRect({9, 1}).center().toPoint()); // of 3 channels
        QCOMPARE(room.session.selection().record, first);
        QVERIFY(cells.cellText({0, 1}).startsWith("L1, channel 0, largest magnitude"));
    }

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(gridIn(room).missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterGridView)
#include "tst_filter_grid_view.moc"
