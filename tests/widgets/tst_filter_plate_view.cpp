// One filter from all sides: its numbers are the analysis', and follow the selection.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/plots/color_map.h"
#include "widgets/plots/ticks.h"

#include "core/analysis/filter_response.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPainter>

#include <complex>

using namespace fovea;

namespace {

const std::string second = "blocks.1.filter.weight";

/// A filter of one channel that passes everything whole, but a tenth at the middle column and next to nothing
/// at the one beside it.
TracePtr threeLevels()
{
    Tensor weight({1, 8, 5}, DType::C64);
    const auto values = weight.writable<std::complex<float>>();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = i % 5 == 0 ? 0.1F : i % 5 == 1 ? 1e-4F : 1.0F;
    return traceOfFilter("blocks.0.filter.weight", weight, 8);
}

}

class TestFilterPlateView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void itFollowsTheSelection()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = room.view("filter");
        QCOMPARE(view.missing(), QString("Computing the filter.")); // in a Job: the window goes on
        QTRY_VERIFY(view.caption().startsWith("L0 · channel 0 · "));
        Selection chosen = room.session.selection();
        chosen.record = second;
        chosen.channel = 1;
        room.session.setSelection(chosen);
        QVERIFY(!view.isReady() && view.caption().startsWith("L0 · ")); // what was there stays meanwhile
        QTRY_VERIFY(view.isReady());
        const Record& weight = *room.session.record(second);
        const auto reach = static_cast<double>(analysis::kernelRadius(weight).value.data()[1]);
        QCOMPARE(
            view.caption(), QString("L1 · channel 1 · kernel reaches %1 tokens").arg(numberText(reach, 3)));
        const std::vector<Record> shown = view.data();
        const Record expected[] = {analysis::filterMagnitude(weight), analysis::filterPhase(weight),
            analysis::filterKernel(weight), analysis::filterRadial(weight), analysis::filterAngular(weight),
            analysis::kernelRadius(weight)};
        QCOMPARE(shown.size(), std::size(expected));
        for (std::size_t i = 0; i < shown.size(); ++i) {
            QCOMPARE(shown[i].path(), expected[i].path());
            QVERIFY(shown[i].value.identical(expected[i].value));
        }
    }

    void anotherSignalLeavesIt()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = room.view("filter");
        Selection chosen = room.session.selection();
        chosen.record = "memory.gram";
        room.session.setSelection(chosen);
        QTRY_VERIFY(view.missing().isEmpty() && view.caption().startsWith("L0 · "));
    }

    void ofAnotherModelNothingStays()
    {
        Room room(slotWithModel("toy_filter"));
        View& view = room.view("filter");
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        bool stays = false; // of the same model, edited, until the new one is there
        connect(&room.session, &Session::traceChanged, &view,
            [&] { stays = !view.isReady() && view.missing().isEmpty(); });
        room.session.setEdits({Edit::parse("blocks.0.filter=gain:2")}, {});
        QTRY_VERIFY(room.session.slot().edited && view.isReady());
        QVERIFY(stays);
        const Record& weight = *room.session.record("blocks.0.filter.weight");
        QVERIFY(view.data()[0].value.identical(analysis::filterMagnitude(weight).value));
        room.session.adopt(slotWithModel("toy_filter"));
        QCOMPARE(view.missing(), QString("Computing the filter."));
        room.session.adopt(slotWithModel("toy_windows"));
        QCOMPARE(view.missing(), QString("This model has no spectral filters."));
        QVERIFY(view.isReady());
    }

    void decibelsAreBelowTheLargest() // 20 log10 of the share of it, as far as -60
    {
        Room room(slotOf(threeLevels()));
        View& view = room.view("filter");
        fovea::Display display = room.session.display();
        display.filterMagnitude = "dB";
        room.session.setDisplay(display);
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        figure::Page page({500, 500});
        QPainter painter(&page);
        view.paint(painter, {0, 0, 500, 500}, Style::paper());
        painter.end();
        const auto first = std::ranges::find_if(page.items(), [](const figure::PageItem& item) {
            return std::holds_alternative<figure::ImageItem>(item.what);
        });
        QVERIFY(first != page.items().end());
        const QImage map = std::get<figure::ImageItem>(first->what).image;
        const auto shown = [&](int kx) { // of 8 columns, frequency 0 at column 4
            return QColor(map.pixel((2 * (4 + kx) + 1) * map.width() / 16, map.height() / 3)).name();
        };
        const auto color
            = [](double position) { return QColor(ColorMap::named("viridis").at(position)).name(); };
        QCOMPARE(shown(2), color(1)); // 0 dB
        QCOMPARE(shown(0), color((60.0 - 20) / 60));
        QCOMPARE(shown(1), color(0)); // -80 dB lies below the bar's end
        const QStringList texts = textsOn(page);
        int arrows = 0;
        for (const figure::PageItem& item : page.items()) {
            const auto* shape = std::get_if<figure::ShapeItem>(&item.what);
            arrows += shape && shape->fill.isValid() && shape->path.elementCount() == 4;
        }
        QCOMPARE(arrows, 1); // and says so
        QVERIFY2(texts.contains("45") && texts.contains("135"), qPrintable(texts.join('|'))); // directions
    }

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(room.view("filter").missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterPlateView)
#include "tst_filter_plate_view.moc"
