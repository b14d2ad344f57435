// Relevance methods measured on a data set, as people see it: begun when asked, filled in by and by,
// forgotten when it is out of date.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/measured_plot.h"

#include "core/analysis/randomised_weights.h"
#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include "tests/support/striped_data.h"
#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPushButton>

using namespace fovea;

namespace {

constexpr int pictures = 4, draws = 2;

train::DataSetPtr stripes(const std::string& text, const StopToken&)
{
    if (text != "stripes")
        throw Error(text, "expected stripes");
    return std::make_shared<test::StripedData>(1, 16, 3, 1, pictures);
}

/// A toy with windows: sequences cannot be shortened, and some methods do not fit it.
class StudyRoom {
public:
    StudyRoom()
        : session({&toys::toys(), std::make_shared<Pool>(1), {}, stripes})
    {
        session.adopt(slotWithModel("toy_windows"));
        fovea::Display display = session.display();
        display.relevance.set("removal", std::string("zero"));
        display.relevance.set("noise_samples", std::int64_t{2});
        display.study = {"stripes", 50, draws};
        session.setDisplay(display);
        view = makeView("methods-measured", session);
    }
    QPushButton& button() const { return *view->findChild<QPushButton*>(); }
    bool isDone() const { return view->isReady() && view->missing().isEmpty(); }

    Session session;
    std::unique_ptr<View> view;
};

std::vector<const analysis::RelevanceMethod*> fitting(
    const Session& session, const std::vector<analysis::StudyPicture>& on)
{
    std::vector<const analysis::RelevanceMethod*> all;
    for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
        all.push_back(&method);
    const Slot& slot = session.slot();
    return analysis::fittingMethods(
        *slot.architecture, *slot.weights, on.front(), all, session.display().relevance);
}

}

class TestMeasuredView : public QObject {
    Q_OBJECT

private slots:
    void shortNumbersHaveTwoDigits()
    {
        QCOMPARE(shortNumber(0.834), ".83");
        QCOMPARE(shortNumber(-0.12), "−.12");
        QCOMPARE(shortNumber(-0.004), ".00"); // no sign on nothing
        QCOMPARE(shortNumber(1), "1.00");
        QCOMPARE(shortNumber(10.5), "10.50");
        QCOMPARE(shortNumber(NAN), "–");
    }

    void initTestCase() { loadFigureFonts(); }

    void nothingIsMeasuredUntilSomebodyAsks()
    {
        const StudyRoom room;
        QVERIFY(room.view->isReady() && room.view->data().empty());
        QVERIFY2(room.view->missing().contains("stripes"), qPrintable(room.view->missing()));
        QVERIFY(room.button().isVisibleTo(room.view.get()));
        room.button().click();
        QTRY_VERIFY_WITH_TIMEOUT(room.isDone(), 60'000);
        QVERIFY(!room.button().isVisibleTo(room.view.get()));
    }

    void theNumbersAreThoseOfTheAnalysis()
    {
        StudyRoom room;
        std::vector<analysis::KnownSanity> told;
        QObject::connect(&room.session, &Session::sanityMeasured, this,
            [&](const analysis::KnownSanity& found) { told.push_back(found); });
        room.view->compute();
        QTRY_VERIFY_WITH_TIMEOUT(room.isDone(), 60'000);
        const Slot& slot = room.session.slot();
        const Config& options = room.session.display().relevance;
        const auto on
            = train::studyPictures(*stripes("stripes", {}), *slot.architecture, *slot.weights, 0, 50);
        QCOMPARE(on.size(), std::size_t{pictures});
        const auto methods = fitting(room.session, on);
        QVERIFY(methods.size() > 3 && methods.size() < analysis::relevanceMethods().size());
        std::vector<analysis::StudyRow> rows;
        for (const analysis::StudyPicture& picture : on)
            rows.push_back(
                analysis::studyPicture(*slot.architecture, *slot.weights, picture, methods, options));
        const std::vector<Record> shown = room.view->data();
        QCOMPARE(shown.size(), std::size_t{2});
        const Record expected = analysis::studyTable(analysis::studyResults(rows, methods), methods);
        QVERIFY(shown[0].value.identical(expected.value));
        QCOMPARE(shown[0].axes[0].labels.size(), methods.size());
        const auto last = analysis::checkSanity(*slot.architecture, *slot.weights, train::inputsOf(on),
            *methods.back(), options, {.draws = draws});
        const std::vector<double> sanity
            = shown[1].value.at(static_cast<Index>(methods.size()) - 1).toDoubles();
        QCOMPARE(static_cast<float>(sanity[0]), static_cast<float>(last.betweenPictures));
        QCOMPARE(static_cast<float>(sanity[1]), static_cast<float>(last.stages.front().correlation));
        QCOMPARE(told.size(), methods.size());
        QVERIFY(told.back().on == (analysis::SanityStudy{"stripes", pictures, draws}));
        QCOMPARE(told.back().betweenPictures, last.betweenPictures);
        const QString footer = room.view->caption() + ' ' + room.view->badges().join(' ');
        for (const char* said :
            {"4 test picture", "stripes", "set to 0", "95 % intervals", "left out", "draws: 2"})
            QVERIFY2(footer.contains(said), qPrintable(footer));
    }

    void whatWasMeasuredStaysWhenTheCheckIsCancelled()
    {
        const StudyRoom room;
        room.view->compute();
        QTRY_VERIFY_WITH_TIMEOUT(room.view->missing().isEmpty(), 60'000); // the check has begun
        QVERIFY(!room.view->isReady());
        room.button().click();
        QVERIFY(room.view->isReady() && !room.view->data().empty());
        QVERIFY(room.button().isVisibleTo(room.view.get()));
        room.button().click(); // goes on where it was
        QTRY_VERIFY_WITH_TIMEOUT(room.isDone(), 60'000);
        QCOMPARE(room.view->data().size(), std::size_t{2});
    }

    void anotherOptionForgetsThem()
    {
        StudyRoom room;
        fovea::Display display = room.session.display();
        display.study.draws = 0;
        room.session.setDisplay(display);
        room.view->compute();
        QTRY_VERIFY_WITH_TIMEOUT(room.isDone(), 60'000);
        QCOMPARE(room.view->data().size(), std::size_t{1}); // no check was wanted
        display.opacity = 0.5; // colours alone
        room.session.setDisplay(display);
        QVERIFY(!room.view->data().empty());
        display.study.count = 3;
        room.session.setDisplay(display);
        QVERIFY(room.view->data().empty() && !room.view->missing().isEmpty());
    }

    void badDataAreSaid()
    {
        StudyRoom room;
        fovea::Display display = room.session.display();
        display.study.data = "spots";
        room.session.setDisplay(display);
        room.view->compute();
        QTRY_VERIFY(room.view->isReady());
        QVERIFY2(room.view->missing().contains("expected stripes"), qPrintable(room.view->missing()));
        Room other(slotOf(toys::toyTrace("toy_windows")));
        QVERIFY(other.view("methods-measured").missing().contains("needs a model"));
    }

    void cellsTellWhatIsDrawn()
    {
        MeasuredTable table{{"a", "b", "c"}, 1, {}};
        MeasuredColumn column{"deletion", "low is good", {}, NAN, {{0.2, 0.1, 0.3}, {0.5}, {NAN}}};
        column.fitAxis(false);
        QVERIFY(column.axis.min <= 0.1 && column.axis.max >= 0.5);
        table.columns = {column, column};
        for (const QRectF body : {QRectF(10, 20, 600, 200), QRectF(0, 0, 234, 100)}) {
            const auto at = MeasuredPlaces::within(body, table, Style::paper());
            for (int x = 0; x < 2; ++x)
                for (int y = 0; y < 3; ++y) {
                    QVERIFY(body.contains(at.cellOf({x, y})));
                    QCOMPARE(at.at(at.cellOf({x, y}).center()), QPoint(x, y));
                }
            QVERIFY(at.cellOf({0, 2}).top() > at.cellOf({0, 1}).bottom()); // baselines stand apart
            QCOMPARE(at.at(body.topLeft()), CellTable::none);
        }
    }

    void aNarrowTableHasBriefTitles()
    {
        MeasuredTable table{{"a"}, 0, {}};
        table.columns.assign(6, {"rank correlation", "high is good", {}, NAN, {{0.2}}, "rank"});
        const Style style = Style::paper();
        const auto wide = MeasuredPlaces::within({0, 0, 600, 100}, table, style),
                   narrow = MeasuredPlaces::within({0, 0, 234, 100}, table, style);
        QVERIFY(!wide.isBrief && narrow.isBrief);
        QVERIFY(narrow.head < wide.head && narrow.row >= wide.row);
    }
};

QTEST_MAIN(TestMeasuredView)
#include "tst_measured_view.moc"
