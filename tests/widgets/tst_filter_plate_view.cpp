// One filter from all sides: its numbers are the analysis', and follow the selection.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"

#include "core/analysis/filter_response.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

using namespace fovea;

namespace {

const std::string second = "blocks.1.filter.weight";

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

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(room.view("filter").missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterPlateView)
#include "tst_filter_plate_view.moc"
