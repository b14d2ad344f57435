// Deletion and insertion as curves, as people see them: computed when asked, with the baselines and the range
// of random orders, exported as numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/method_comparison.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QImage>
#include <QJsonArray>
#include <QPainter>
#include <QPushButton>

using namespace fovea;

namespace {

/// Of a toy whose windows leave no sequence to shorten, by a method that fits it.
fovea::Display settings(const Session& session)
{
    fovea::Display display = session.display();
    display.relevance.set("removal", std::string("zero"));
    display.relevance.set("removal_steps", std::int64_t{3});
    display.relevance.set("random_draws", std::int64_t{4});
    display.removalMethod = "gradient";
    display.relevanceClass = "1";
    return display;
}

class CurvesRoom : public Room {
public:
    CurvesRoom()
        : Room(slotWithModel("toy_windows"))
    {
        session.setDisplay(settings(session));
    }
    View& computed()
    {
        View& shown = view("removal-curves");
        shown.compute();
        if (!QTest::qWaitFor([&] { return shown.isReady(); }, 30'000))
            qFatal("it does not end");
        return shown;
    }
};

/// What a recipe would keep.
QJsonArray rowsOf(const View& view)
{
    return view.measured()[QStringLiteral("sanity")].toObject()[QStringLiteral("rows")].toArray();
}

QImage drawn(const View& view)
{
    QImage image(600, 300, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    view.paint(painter, QRectF(image.rect()), Style::paper());
    return image;
}

}

class TestRemovalCurvesView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void nothingIsComputedUntilSomebodyAsks()
    {
        CurvesRoom room;
        View& view = room.view("removal-curves");
        QVERIFY(view.isReady() && !view.missing().isEmpty() && view.data().empty());
        auto* button = view.findChild<QPushButton*>();
        QVERIFY(button && button->isVisibleTo(&view));
        button->click();
        QTRY_VERIFY(view.isReady());
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
    }

    void theNumbersAreThoseOfTheAnalysis()
    {
        CurvesRoom room;
        View& view = room.computed();
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        const Slot& slot = room.session.slot();
        const auto expected
            = analysis::compareMethods({slot.architecture, slot.weights.get(), slot.trace(), 1},
                analysis::withBaselines({&analysis::relevanceMethod("gradient")}),
                room.session.display().relevance);
        const std::vector<Record> shown = view.data();
        QCOMPARE(shown.size(), std::size_t{4}); // numbers, range, deletion, insertion
        for (std::size_t i = 1; i < shown.size(); ++i)
            QVERIFY(shown[i].value.identical(expected.more[i - 1].value));
        QCOMPARE(shown[2].axes[0].labels,
            (std::vector<std::string>{
                "gradient", "random", "brightness", "centre", "random low", "random high"}));
        const QString footer = view.caption() + ' ' + view.badges().join(' ');
        for (const char* said : {"class 1", "set to 0, 3 steps", "input gradient", "draws: 4",
                 "60 % of random", "sanity check not measured"})
            QVERIFY2(footer.contains(said), qPrintable(footer));
    }

    void anotherMethodOrOptionForgetsThem()
    {
        CurvesRoom room;
        View& view = room.computed();
        fovea::Display display = room.session.display();
        const QImage before = drawn(view);
        display.opacity = 0.5;
        room.session.setDisplay(display);
        QVERIFY(view.missing().isEmpty() && drawn(view) == before);
        display.removalMethod = "occlusion";
        room.session.setDisplay(display);
        QVERIFY(!view.missing().isEmpty() && view.data().empty());
        view.compute();
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        QVERIFY(drawn(view) != before);
        display.relevance.set("removal", std::string("none"));
        room.session.setDisplay(display);
        QVERIFY2(view.missing().contains("choose a removal"), qPrintable(view.missing()));
    }

    void whatDoesNotFitIsSaid()
    {
        CurvesRoom room;
        fovea::Display display = room.session.display();
        display.removalMethod = "rollout"; // of layers in several windows
        room.session.setDisplay(display);
        const QString why = room.computed().missing();
        QVERIFY2(why.contains("does not fit"), qPrintable(why));
        Room other(slotOf(toys::toyTrace("toy_windows")));
        QVERIFY(other.view("removal-curves").missing().contains("needs a model"));
    }

    void aCheckThatIsMadeMeanwhileIsTakenOver()
    {
        Slot slot = slotWithModel("toy_windows");
        Weights::Parts parts = slot.weights->parts();
        parts.hash = "cafe";
        slot.weights = std::make_shared<const Weights>(std::move(parts));
        Room room(std::move(slot));
        room.session.setDisplay(settings(room.session));
        View& view = room.view("removal-curves");
        view.compute();
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        QVERIFY(rowsOf(view).isEmpty());
        const auto found = [&](double largest) {
            return analysis::knownSanity(*room.session.slot().weights, analysis::relevanceMethod("gradient"),
                room.session.display().relevance, {"stripes", 4, 2},
                {"gradient", {{"head", largest, largest > 0.5}}, 0.25});
        };
        room.session.rememberSanity(found(0.75));
        QVERIFY2(view.badges().join(' ').contains("sanity check .75, fails (above .5), between pictures .25"),
            qPrintable(view.badges().join(' ')));
        QCOMPARE(view.data().front().value.at(0).toDoubles()[5], 0.75);
        QCOMPARE(rowsOf(view).size(), qsizetype{1});
        room.session.rememberSanity(found(0.25)); // the same check anew
        QVERIFY(view.badges().join(' ').contains("sanity check .25 (above .5 fails)"));
    }

    void cellsTellTheirNumbers()
    {
        CurvesRoom room;
        View& view = room.computed();
        view.resize(700, 360);
        CellTable* cells = view.cellTable();
        QVERIFY(cells);
        QCOMPARE(cells->cells(), QSize(2, 4));
        for (int column = 0; column < 2; ++column)
            for (int row = 0; row < 4; ++row) {
                QVERIFY(QRectF(view.rect()).contains(cells->cellRect({column, row})));
                QCOMPARE(cells->cellAt(cells->cellRect({column, row}).center()), QPoint(column, row));
            }
        const QString text = cells->cellText({1, 2});
        QVERIFY2(text.contains("patch brightness") && text.contains("insertion") && text.contains("60 %"),
            qPrintable(text));
    }
};

QTEST_MAIN(TestRemovalCurvesView)
#include "tst_removal_curves_view.moc"
