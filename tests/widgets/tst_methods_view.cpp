// The comparison of relevance methods as people see it: computed when asked, forgotten when it is out of
// date.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/methods_places.h"

#include "core/analysis/method_comparison.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPushButton>

using namespace fovea;

namespace {

/// Of a toy with a model; its windows leave no sequence to shorten.
fovea::Display withoutRemoval(const Session& session)
{
    fovea::Display display = session.display();
    display.relevance.set("removal", std::string("none"));
    return display;
}

}

class TestMethodsView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void nothingIsComputedUntilSomebodyAsks()
    {
        Room room(slotWithModel("toy_windows"));
        room.session.setDisplay(withoutRemoval(room.session));
        View& view = room.view("methods-compared");
        QVERIFY(view.isReady() && !view.missing().isEmpty() && view.data().empty());
        auto* button = view.findChild<QPushButton*>();
        QVERIFY(button && button->isVisibleTo(&view));
        button->click();
        QTRY_VERIFY(view.isReady());
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        QVERIFY(!button->isVisibleTo(&view));
    }

    void theMapsAreThoseOfTheAnalysis()
    {
        Room room(slotWithModel("toy_windows"));
        fovea::Display display = withoutRemoval(room.session);
        display.relevanceClass = "1";
        room.session.setDisplay(display);
        View& view = room.view("methods-compared");
        view.compute();
        QTRY_VERIFY2(view.isReady() && view.missing().isEmpty(), qPrintable(view.missing()));
        const Slot& slot = room.session.slot();
        std::vector<const analysis::RelevanceMethod*> all;
        for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
            all.push_back(&method);
        const auto expected = analysis::compareMethods(
            {slot.architecture, slot.weights.get(), slot.trace(), 1}, all, display.relevance);
        const std::vector<Record> shown = view.data();
        std::size_t next = 0;
        for (const analysis::ComparedMap& one : expected.maps)
            if (one.map)
                QVERIFY(shown.at(next++).value.identical(one.map->value));
        QVERIFY(next > 0 && next < all.size()); // windows: no product of the layers' maps
        QCOMPARE(shown.size(), next + 2);
        QCOMPARE(shown.back().path(), std::string("relevance.correlations"));
        QVERIFY(view.caption().startsWith("class 1"));
        const QString footer = view.caption() + ' ' + view.badges().join(' ');
        QVERIFY2(
            !footer.contains("rollout"), qPrintable(footer)); // as always: the data and the recipe say it
        QVERIFY(QString::fromStdString(shown.back().info.help).contains("rollout fusion mean"));
    }

    void aSettingThatDiffersIsSaid()
    {
        Room room(slotWithModel("toy_windows"));
        fovea::Display display = withoutRemoval(room.session);
        display.relevance.setText("rollout_discard", "0.5");
        room.session.setDisplay(display);
        View& view = room.view("methods-compared");
        view.compute();
        QTRY_VERIFY2(view.isReady() && view.missing().isEmpty(), qPrintable(view.missing()));
        const QStringList said = view.badges().filter("rollout");
        QCOMPARE(said, (QStringList{"rollout discard 0.5"}));
    }

    void numbersStandBesideTheMapsWhereTheyHaveNoRoomBelow()
    {
        const Style style = Style::paper();
        const QRectF dock(0, 0, 270, 165); // as the lower right of a window of 1280 x 800, in text sizes
        const auto at = MethodsPlaces::within(dock, {13, 1, 3}, style);
        QVERIFY(at.isTable && at.matrix.isEmpty());
        QVERIFY(dock.contains(at.headOfNumbers()));
        for (int i = 0; i < 13; ++i) {
            QVERIFY(
                dock.contains(at.titleOf(i)) && dock.contains(at.mapOf(i)) && dock.contains(at.numbersOf(i)));
            QVERIFY(!at.mapOf(i).isEmpty() && at.mapOf(i).right() <= at.numbersOf(i).left());
            QVERIFY(at.numbersOf(i).height() > style.smallTextSize); // lines lie apart
            QVERIFY(at.numbersOf(i).width() / 8 > 2.4 * style.smallTextSize); // eight columns of "-.00"
            QCOMPARE(at.at(at.numbersOf(i).center()), i);
        }
        const auto page = MethodsPlaces::within({0, 0, 500, 500}, {13, 1, 2}, style);
        QVERIFY(!page.isTable && page.map.width() >= 6 * style.smallTextSize);
        QVERIFY(!MethodsPlaces::within({0, 0, 430, 700}, {13, 1, 3}, style).isTable);
    }

    void anotherOptionForgetsThem()
    {
        Room room(slotWithModel("toy_windows"));
        room.session.setDisplay(withoutRemoval(room.session));
        View& view = room.view("methods-compared");
        view.compute();
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        fovea::Display other = room.session.display();
        other.opacity = 0.5; // colours are drawn anew, no number changes
        room.session.setDisplay(other);
        QVERIFY(view.missing().isEmpty());
        other.relevance.set("noise_seed", std::int64_t{3});
        room.session.setDisplay(other);
        QVERIFY(!view.missing().isEmpty() && view.data().empty());
    }

    void whatDoesNotFitIsSaid()
    {
        Room room(slotWithModel("toy_windows")); // removal from the sequence, which windows refuse
        View& view = room.view("methods-compared");
        view.compute();
        QTRY_VERIFY(view.isReady());
        QVERIFY2(view.missing().contains("mean, blur or zero"), qPrintable(view.missing()));
    }

    void aTraceAloneHasNoModelToAsk()
    {
        Room room(slotOf(toys::toyTrace("toy_windows")));
        QVERIFY(room.view("methods-compared").missing().contains("needs a model"));
    }

    void placesDoNotOverlap_data()
    {
        QTest::addColumn<QRectF>("body");
        QTest::newRow("a column of a journal")
            << QRectF(0, 0, 234, MethodsPlaces::heightFor(234, {13, 1, 3}, Style::paper()));
        QTest::newRow("wide") << QRectF(10, 20, 1200, 500);
        QTest::newRow("tall") << QRectF(0, 0, 300, 900);
    }

    void placesDoNotOverlap()
    {
        QFETCH(QRectF, body);
        const MethodsPlaces at = MethodsPlaces::within(body, {13, 1, 3}, Style::paper());
        for (int i = 0; i < 13; ++i) {
            QVERIFY(body.contains(at.cellOf(i)) && at.mapOf(i).width() > 20);
            QVERIFY(!at.cellOf(i).intersects(at.matrix) && !at.mapOf(i).intersects(at.bar));
            QCOMPARE(at.at(at.mapOf(i).center()), i);
            for (int j = 0; j < i; ++j)
                QVERIFY(!at.mapOf(i).intersects(at.mapOf(j)) && !at.titleOf(i).intersects(at.numbersOf(j)));
        }
        QVERIFY(body.contains(at.matrix) && at.matrix.width() > 60 && body.contains(at.matrixBar));
        QCOMPARE(at.at(at.matrix.center()), -1);
    }
};

QTEST_MAIN(TestMethodsView)
#include "tst_methods_view.moc"
