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
        QVERIFY(view.caption().startsWith("L0 · channel 0 · "));
        Selection chosen = room.session.selection();
        chosen.record = second;
        chosen.channel = 1;
        room.session.setSelection(chosen);
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
        QVERIFY(view.missing().isEmpty() && view.caption().startsWith("L0 · "));
    }

    void aModelWithoutFiltersSaysSo()
    {
        Room room(slotWithModel("toy_windows"));
        QCOMPARE(room.view("filter").missing(), QString("This model has no spectral filters."));
    }
};

QTEST_MAIN(TestFilterPlateView)
#include "tst_filter_plate_view.moc"
