// The low-pass sweep as people see it: begun when asked, of the data set that is chosen, forgotten with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/low_pass_sweep.h"
#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include "tests/support/striped_data.h"
#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPushButton>

using namespace fovea;

namespace {

train::DataSetPtr stripes(const std::string& text, const StopToken&)
{
    if (text != "stripes")
        throw Error(text, "expected stripes");
    return std::make_shared<test::StripedData>(2, 8, 2, 1, 6);
}

class SweepRoom {
public:
    explicit SweepRoom(const std::string& data = "stripes")
        : session({&toys::toys(), std::make_shared<Pool>(1), {}, stripes})
    {
        session.adopt(slotWithModel("toy_filter"));
        study(data, 4);
        view = makeView("low-pass-sweep", session);
        view->resize(700, 600);
    }
    void study(const std::string& data, int count)
    {
        fovea::Display display = session.display();
        display.study = {data, count, 0};
        session.setDisplay(display);
    }
    QPushButton& button() const { return *view->findChild<QPushButton*>(); }

    Session session;
    std::unique_ptr<View> view;
};

}

class TestLowPassSweepView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void theButtonSweepsAndTheNumbersAreTheAnalysis()
    {
        SweepRoom room;
        QVERIFY(room.view->data().empty() && room.view->missing().contains("4 pictures of stripes"));
        room.button().click();
        QTRY_VERIFY(room.view->isReady());
        QVERIFY(room.view->missing().isEmpty() && !room.button().isVisibleTo(room.view.get()));
        const Slot& slot = room.session.slot();
        const auto on
            = train::studyPictures(*stripes("stripes", {}), *slot.architecture, *slot.weights, 0, 4);
        const auto expected = analysis::sweepTables(
            analysis::sweepLowPass(*slot.architecture, *slot.weights, on, analysis::usualRadii()));
        const auto shown = room.view->data();
        QCOMPARE(shown.size(), 3U);
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(shown[i].value.identical(expected[i].value));
        QVERIFY2(
            room.view->caption().contains("4 test pictures of stripes"), qPrintable(room.view->caption()));
    }

    void cellsAreRadiiOfEachLayer()
    {
        SweepRoom room;
        room.view->compute();
        QTRY_VERIFY(room.view->isReady());
        CellTable& cells = *room.view->cellTable();
        QCOMPARE(cells.cells(), QSize(11, 3));
        for (int row = 0; row < 3; ++row)
            for (int column = 0; column < 11; ++column) {
                const QRectF at = cells.cellRect({column, row});
                QVERIFY(QRectF(room.view->rect()).contains(at));
                QCOMPARE(cells.cellAt(at.center()), QPoint(column, row));
            }
        QCOMPARE(cells.rowName(2), "all layers");
        const QString told = cells.cellText({4, 1});
        const Record table = room.view->data()[0];
        const auto row = table.value.at(11 + 4).toDoubles();
        QVERIFY2(told.contains("layer 1") && told.contains("radius 0.25"), qPrintable(told));
        const QString line = told.section('\n', 1, 1);
        QVERIFY2(line.startsWith(QString("low-pass: accuracy %1 %").arg(100 * row[2])), qPrintable(told));
    }

    void otherPicturesForgetIt()
    {
        SweepRoom room;
        room.view->compute();
        QTRY_VERIFY(room.view->isReady());
        fovea::Display display = room.session.display();
        display.opacity = 0.5;
        display.study.draws = 3; // of the sanity check
        room.session.setDisplay(display);
        QVERIFY(!room.view->data().empty());
        room.study("stripes", 5);
        QVERIFY(room.view->data().empty() && room.button().isVisibleTo(room.view.get()));
    }

    void whatIsWrongIsSaid()
    {
        SweepRoom room("spots");
        room.view->compute();
        QTRY_VERIFY(room.view->isReady());
        QVERIFY2(room.view->missing().contains("expected stripes"), qPrintable(room.view->missing()));
        Room trace(slotOf(toys::toyTrace("toy_filter")));
        QVERIFY(trace.view("low-pass-sweep").missing().contains("needs a model"));
    }
};

QTEST_MAIN(TestLowPassSweepView)
#include "tst_low_pass_sweep_view.moc"
