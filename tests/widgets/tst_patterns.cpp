// What stands between a trace and the views: patterns by layer and head, their scales and read-outs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"
#include "widgets/views/token_map.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <cmath>

using namespace fovea;

class TestPatterns : public QObject {
    Q_OBJECT

private slots:
    void headsAreFused()
    {
        const TracePtr trace = toys::toyTrace("toy_windows");
        const Patterns patterns(*trace, 0, false);
        const auto a = patterns.line({1, 0}, Direction::QueryRow, 5);
        const auto b = patterns.line({1, 1}, Direction::QueryRow, 5);
        const auto mean = patterns.line({1, 0, HeadReading::Mean}, Direction::QueryRow, 5);
        const auto least = patterns.line({1, 0, HeadReading::Min}, Direction::QueryRow, 5);
        for (std::size_t i = 0; i < a.size(); ++i) {
            QCOMPARE(mean[i], (a[i] + b[i]) / 2);
            QCOMPARE(least[i], std::min(a[i], b[i]));
        }
    }

    void specialTokensAreHiddenAndRowsRenormalised()
    {
        const LayoutPtr layout = TokenLayout::image(1, 2, 2, 1, {"cls"});
        Record record;
        record.info.path = "a.pattern";
        record.info.kind = Kind::Attention;
        const float rows[] = {0.5F, 0.3F, 0.2F, 0.2F, 0.4F, 0.4F, 0.9F, 0.1F, 0};
        record.value = Tensor::of<float>({1, 1, 3, 3}, rows);
        record.queries = record.keys = layout;
        record.axes = defaultAxes(record.info, record.value.shape());
        auto step = std::make_shared<StepRecords>();
        step->add(std::make_shared<const Record>(record));
        Trace trace;
        trace.steps.push_back(step);
        const Patterns patterns(trace, 0, true);
        QCOMPARE(patterns.keys(0).tokens(), 2);
        const auto map = patterns.map({0, 0}, 0).toDoubles(); // cls may still ask
        const double expected[] = {0.6, 0.4, 0.5, 0.5, 1, 0};
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(std::abs(map[i] - expected[i]) < 1e-6);
    }

    void readOutNamesTheNumber()
    {
        const TracePtr trace = toys::toyTrace("toy_windows");
        const Patterns patterns(*trace, 0, false);
        Selection selection;
        selection.layer = 1;
        selection.pin.query = Spot{{}, {2, 2}};
        selection.pin.key = Spot{{}, {12, 4}};
        const CellReading cell = readCell(patterns, selection);
        const auto row = attentionRow(*trace->find("stages.1.pattern"), {0, 0}, 0);
        QCOMPARE(cell.value, static_cast<double>(row[1]));
        QCOMPARE(cell.among, 4);
        QCOMPARE(
            cell.rank, 1 + static_cast<int>(std::ranges::count_if(row, [&](float v) { return v > row[1]; })));
        QVERIFY(readOut(patterns, selection).startsWith("L1 H0 q=(0,0) k=(0,1) "));
    }

    void mapsOverThePictureKeepTheirPlaces()
    {
        const LayoutPtr layout = TokenLayout::image(2, 3, 6, 4, {"cls"});
        const TokenValues values{{9, 0, 1, 2, 3, 4, NAN}, {true, true, true, false, true, true, true}};
        ValueScale scale;
        scale.max = 4;
        const QImage image = gridImage(*layout, values, scale);
        QCOMPARE(image.size(), QSize(3, 2));
        QCOMPARE(image.pixel(1, 0), scale.color(1));
        QCOMPARE(qAlpha(image.pixel(2, 0)), 0); // not seen
        QCOMPARE(image.pixel(0, 1), scale.color(3));
        QCOMPARE(image.pixel(1, 1), scale.color(4));
        QCOMPARE(image.pixel(2, 1), ColorMap::missing);
    }

    void scalesBeginAtZeroUnlessTheyAreLogarithmic()
    {
        ValueRange range;
        range.include(0.2);
        range.include(0.4);
        fovea::Display display;
        const ValueScale plain = sequentialScale(display, "attention", {range, range, range});
        QVERIFY(plain.min == 0 && plain.max == 0.4);
        display.logarithmic = true;
        QCOMPARE(sequentialScale(display, "attention", {range, range, range}).min, 0.2);
    }
};

QTEST_MAIN(TestPatterns)
#include "tst_patterns.moc"
