// What the cells of each view tell, to the mouse and to a screen reader, against the plain numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QDebug>

#include <complex>

using namespace fovea;

class TestViewCells : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void sweepsAndGridsAreChosenByMouse()
    {
        Room room(slotWithModel("toy_drop"));
        room.session.startSweep();
        QTRY_VERIFY(room.session.sweep());
        for (const char* id : {"sweep", "head-grid"})
            for (const QSize size : {QSize(700, 300), QSize(300, 700)}) {
                View& view = room.view(id);
                view.resize(size);
                CellTable& table = *view.cellTable();
                for (int row = 0; row < table.cells().height(); ++row)
                    for (int column = 0; column < table.cells().width(); ++column) {
                        const QPoint cell(column, row), place = table.cellRect(cell).center().toPoint();
                        QTest::mouseClick(&view, Qt::LeftButton, {}, place);
                        const Selection& s = room.session.selection();
                        const bool layersDown = table.rowName(0).startsWith("layer");
                        QCOMPARE(s.layer, layersDown ? row : column);
                        QCOMPARE(s.head, layersDown ? column : row);
                        QCOMPARE(table.current(), cell);
                        QCOMPARE(table.cellAt(place), cell);
                    }
            }
    }

    void scatterTellsEveryHead()
    {
        Room room(slotOf(toys::toyTrace("toy_windows")));
        View& view = room.view("head-scatter");
        QTRY_VERIFY(view.isReady());
        const CellTable& table = *view.cellTable();
        QCOMPARE(table.cells(), QSize(4, 4));
        for (int row = 0; row < 4; ++row)
            for (int column = 0; column < 4; ++column) {
                const Record stats = view.data()[static_cast<std::size_t>(row / 2)];
                const auto value = static_cast<double>(stats.value.at(row % 2).data()[column]);
                const QString told = table.cellText({column, row});
                QVERIFY2(told.startsWith(QString("layer %1, head %2, ").arg(row / 2).arg(row % 2))
                        && told.endsWith(' ' + numberText(value, 3)),
                    qPrintable(told));
            }
    }

    void withoutAttentionThereIsNothingToShow()
    {
        for (const char* toy : {"toy_filter", "toy_lab"}) {
            Room shown(slotOf(toys::toyTrace(toy)));
            for (const char* id : {"overlay", "head-grid", "matrix", "head-scatter", "rollout"}) {
                View& view = shown.view(id);
                QTRY_VERIFY(view.isReady());
                QVERIFY2(view.data().empty(), id);
                QVERIFY2(!view.cellTable() && view.spokenText().contains("no attention"), id);
            }
        }
    }

    /// Every number of a record's slice is told, and told right.
    void recordsAreToldCellByCell_data() { addToyRows(); }
    void recordsAreToldCellByCell()
    {
        QFETCH(QString, toy);
        Room shown(slotOf(toys::toyTrace(toy.toStdString())));
        for (const RecordPtr& record : shown.session.slot().trace()->matching("*")) {
            Selection s;
            s.record = record->path();
            s.head = s.channel = 1;
            shown.session.setSelection(s);
            CellTable* table = shown.view("record").cellTable();
            QVERIFY2(table, record->path().c_str());
            if (record->kind() == Kind::Keep || record->kind() == Kind::Scalar)
                continue; // told by place and by step: see below
            const auto all = record->value.toDoubles();
            const Shape shape = record->value.shape();
            const bool isVector = record->kind() == Kind::Vector;
            const Index rows = isVector ? shape[0] : shape[-2], columns = isVector ? 1 : shape[-1];
            QCOMPARE(table->cells(), QSize(static_cast<int>(columns), static_cast<int>(rows)));
            const Index slice = shape.rank() < 3 ? 0
                : shape.rank() == 4              ? 0 * shape[1] + shown.session.selection().head
                                                 : std::min<Index>(1, shape[0] - 1);
            for (int row = 0; row < rows; ++row)
                for (int column = 0; column < columns; ++column) {
                    const auto index = static_cast<std::size_t>((slice * rows + row) * columns + column);
                    const double expected = record->value.dtype() == DType::C64
                        ? static_cast<double>(std::abs(record->value.values<std::complex<float>>()[index]))
                        : all[index];
                    const QString told = table->cellText({column, row});
                    QVERIFY2(told.contains(numberText(expected, 3)), qPrintable(told));
                }
        }
    }

    void aNarrowFilterKeepsItsRoom()
    {
        Room shown(slotOf(toys::toyTrace("toy_filter")));
        Selection s;
        s.record = "blocks.0.filter.weight";
        shown.session.setSelection(s);
        View& view = shown.view("record");
        constexpr int width = 57 * 96 / 25; // 57 mm of a screen
        const Style style = Style::screen(view.palette(), view.font(), view.logicalDpiX());
        view.resize(width, qRound(view.heightFor(width, style)));
        const CellTable& table = *view.cellTable();
        const QPoint last(table.cells().width() - 1, table.cells().height() - 1);
        const QRectF map = table.cellRect({0, 0}).united(table.cellRect(last));
        QVERIFY2(
            map.width() > 0.25 * width && map.height() > 0.25 * width, qPrintable(QDebug::toString(map)));
        view.resize(900, qRound(view.heightFor(900, style))); // side by side again
        QVERIFY(view.height() < 900 / 2 + 100);
        QVERIFY(table.cellRect(last).right() < 450);
    }

    void keptTokensAreToldByPlace()
    {
        Room shown(slotOf(toys::toyTrace("toy_drop")));
        const RecordPtr keep = shown.session.slot().trace()->find("stages.0.keep");
        Selection s;
        s.record = keep->path();
        shown.session.setSelection(s);
        const CellTable& table = *shown.view("record").cellTable();
        QCOMPARE(table.cells(), QSize(6, 7)); // cls on top of 6 x 6
        for (int token = 0; token < keep->value.dim(0); ++token) {
            const QPoint cell = token == 0 ? QPoint(0, 0) : QPoint((token - 1) % 6, 1 + (token - 1) / 6);
            const float* fields = keep->value.at(token).data();
            const QString told = table.cellText(cell);
            QVERIFY2(told.contains(numberText(static_cast<double>(fields[0]), 3)), qPrintable(told));
            QCOMPARE(told.contains("kept"), fields[1] == 1.0F);
        }
    }

    void scalarsAreToldByStep()
    {
        Room shown(slotOf(toys::toyTrace("toy_lab")));
        Selection s;
        s.record = "loss";
        shown.session.setSelection(s);
        const CellTable& table = *shown.view("record").cellTable();
        const auto& steps = shown.session.slot().trace()->steps;
        QCOMPARE(table.cells(), QSize(1, static_cast<int>(steps.size())));
        for (std::size_t i = 0; i < steps.size(); ++i)
            QVERIFY(table.cellText({0, static_cast<int>(i)})
                        .endsWith(numberText(steps[i]->find("loss")->value.toDoubles().front(), 3)));
    }
};

QTEST_MAIN(TestViewCells)
#include "tst_view_cells.moc"
