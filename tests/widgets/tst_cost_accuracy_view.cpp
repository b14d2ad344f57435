// Cost against accuracy as people see it: begun when asked, of the data set and thresholds that are chosen,
// drawn over either cost, its times kept by a recipe.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"

#include "plugins/evit/evit.h"
#include "plugins/ia_red2/ia_red2.h"
#include "plugins/tome/tome.h"

#include "core/analysis/cost_contenders.h"
#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include "tests/support/striped_data.h"
#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPushButton>

using namespace fovea;

namespace {

constexpr std::size_t rivalColumn = 1, macsColumn = 2, timeColumn = 3, accuracyColumn = 4;

train::DataSetPtr stripes(const std::string& text, const StopToken&)
{
    if (text != "stripes")
        throw Error(text, "expected stripes");
    return std::make_shared<test::StripedData>(3, 32, 2, 1, 6);
}

const Registry& reducers()
{
    static const auto all = [] {
        auto made = std::make_unique<Registry>();
        made->add(std::make_unique<plugin::ia_red2::IaRed2>());
        made->add(std::make_unique<plugin::evit::Evit>());
        made->add(std::make_unique<plugin::tome::Tome>());
        return made;
    }();
    return *all;
}

/// 8 x 8 patches in four blocks, whose interpreters know no better than chance.
Slot dropping()
{
    Slot slot;
    slot.architecture = &reducers().requireArchitecture("ia_red2");
    const Config config = configWith(*slot.architecture, slot.architecture->tinyConfig(),
        {{"patch_size", "4"}, {"depth", "4"}, {"groups", "2,2"}});
    slot.weights = freshWeights(*slot.architecture, config, 5);
    return slot;
}

class CostRoom {
public:
    explicit CostRoom(const std::string& data = "stripes", const std::string& thresholds = ".48,.5")
        : session({&reducers(), std::make_shared<Pool>(1), {}, stripes})
    {
        session.adopt(dropping());
        change([&](fovea::Display& display) {
            display.study = {data, 4, 0};
            display.cost.thresholds = thresholds;
        });
        view = makeView("cost-accuracy", session);
        view->resize(700, 500);
    }
    template <class Fn>
    void change(Fn fn)
    {
        fovea::Display display = session.display();
        fn(display);
        session.setDisplay(display);
    }
    /// Column `field` of a series.
    std::vector<double> numbers(std::size_t series, std::size_t field) const
    {
        const Record table = view->data().at(series);
        const auto width = static_cast<std::size_t>(table.value.shape()[1]);
        const std::vector<double> all = table.value.toDoubles();
        std::vector<double> column;
        for (std::size_t at = field; at < all.size(); at += width)
            column.push_back(all[at]);
        return column;
    }
    QPushButton& button() const { return *view->findChild<QPushButton*>(); }
    void wait() const
    {
        view->compute();
        QTRY_VERIFY_WITH_TIMEOUT(view->isReady(), 60000);
        QVERIFY2(view->missing().isEmpty(), qPrintable(view->missing()));
    }

    Session session;
    std::unique_ptr<View> view;
};

}

class TestCostAccuracyView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void theButtonComparesAndTheNumbersAreTheAnalysis()
    {
        CostRoom room;
        QVERIFY(room.view->data().empty());
        QVERIFY2(room.view->missing().contains("4 pictures of stripes"), qPrintable(room.view->missing()));
        room.button().click();
        QTRY_VERIFY_WITH_TIMEOUT(room.view->isReady(), 60000);
        QVERIFY2(room.view->missing().isEmpty(), qPrintable(room.view->missing()));
        QVERIFY(!room.button().isVisibleTo(room.view.get()));
        const Slot& slot = room.session.slot();
        const auto on
            = train::studyPictures(*stripes("stripes", {}), *slot.architecture, *slot.weights, 0, 4);
        const auto expected = analysis::costTables(
            analysis::costAccuracy(analysis::costContenders(reducers(), slot.weights, on, {.48, .5}), on));
        const auto shown = room.view->data();
        QCOMPARE(shown.size(), expected.size());
        for (std::size_t i = 0; i < shown.size(); ++i) {
            QCOMPARE(shown[i].path(), expected[i].path());
            const auto mine = shown[i].value.toDoubles(), theirs = expected[i].value.toDoubles();
            QCOMPARE(mine.size(), theirs.size());
            for (std::size_t at = 0; at < mine.size(); ++at)
                if (at % shown[i].info.fields.size() != timeColumn && std::isfinite(theirs[at]))
                    QCOMPARE(mine[at], theirs[at]);
        }
        const QString said = room.view->caption() + room.view->badges().join(' ');
        for (const char* part :
            {"4 test pictures of stripes", "nothing is trained anew", "median", "1 thread", "95 % intervals"})
            QVERIFY2(said.contains(part), qPrintable(said));
    }

    void pointsStandWhereTheirNumbersSay_data()
    {
        QTest::addColumn<QString>("x");
        QTest::addColumn<QString>("y");
        QTest::newRow("macs, accuracy") << "macs"
                                        << "accuracy";
        QTest::newRow("milliseconds, logit") << "milliseconds"
                                             << "logit";
    }
    void pointsStandWhereTheirNumbersSay()
    {
        QFETCH(const QString, x);
        QFETCH(const QString, y);
        CostRoom room;
        room.wait();
        room.change([&](fovea::Display& display) {
            display.cost.x = x.toStdString();
            display.cost.y = y.toStdString();
        });
        QVERIFY(!room.view->data().empty()); // another axis forgets nothing
        CellTable& cells = *room.view->cellTable();
        QCOMPARE(cells.cells(), QSize(2, 7));
        const std::size_t xField = x == "macs" ? macsColumn : timeColumn;
        const std::size_t yField = y == "accuracy" ? accuracyColumn : accuracyColumn + 6;
        std::vector<QPointF> places, numbers;
        for (int row = 0; row < 7; ++row)
            for (int column = 0; column < (row == 0 ? 1 : 2); ++column) {
                const QPointF at = cells.cellRect({column, row}).center();
                QVERIFY(QRectF(room.view->rect()).contains(at));
                QCOMPARE(
                    cells.cellRect(cells.cellAt(at)).center(), at); // of those at one place either will do
                places.push_back(at);
                const auto index = static_cast<std::size_t>(row), point = static_cast<std::size_t>(column);
                numbers.emplace_back(room.numbers(index, xField)[point], room.numbers(index, yField)[point]);
            }
        const auto [left, right] = std::ranges::minmax_element(numbers, {}, &QPointF::x);
        const auto [low, high] = std::ranges::minmax_element(numbers, {}, &QPointF::y);
        QVERIFY(right->x() > left->x() && high->y() > low->y());
        const auto placeOf
            = [&](auto number) { return places[static_cast<std::size_t>(number - numbers.begin())]; };
        const double across = (placeOf(right).x() - placeOf(left).x()) / (right->x() - left->x());
        const double up = (placeOf(high).y() - placeOf(low).y()) / (high->y() - low->y());
        QVERIFY(across > 0 && up < 0);
        for (std::size_t i = 0; i < places.size(); ++i) {
            QVERIFY(
                std::abs(placeOf(left).x() + across * (numbers[i].x() - left->x()) - places[i].x()) < 0.01);
            QVERIFY(std::abs(placeOf(low).y() + up * (numbers[i].y() - low->y()) - places[i].y()) < 0.01);
        }
        QVERIFY(!room.view->grab().isNull());
    }

    void cellsTellThePointsNumbers()
    {
        CostRoom room;
        room.wait();
        CellTable& cells = *room.view->cellTable();
        QCOMPARE(cells.rowName(0), QString("all patches"));
        QCOMPARE(cells.rowName(1), QString("threshold"));
        QCOMPARE(cells.rowName(5), QString("EViT"));
        QCOMPARE(cells.columnName(1), QString("threshold 0.5"));
        const QString told = cells.cellText({1, 2});
        const auto index = std::size_t{2};
        QCOMPARE(room.numbers(index, rivalColumn)[1], 0.5);
        QVERIFY2(told.startsWith("top scores at the cost of threshold 0.5: the last group keeps "),
            qPrintable(told));
        const QString accuracy = QString("accuracy %1 % (").arg(100 * room.numbers(index, accuracyColumn)[1]);
        QVERIFY2(told.contains(accuracy), qPrintable(told + accuracy));
        const QString macs
            = QString("%1 million").arg(numberText(room.numbers(index, macsColumn)[1] / 1e6, 4));
        QVERIFY2(told.contains(macs), qPrintable(told + macs));
        for (const char* part : {" ms", "logit ", "kept at the end: "})
            QVERIFY2(told.contains(part), qPrintable(told));
        QVERIFY(!cells.cellText({0, 0}).contains("points from")); // it is what the others are held against
    }

    void otherPicturesOrThresholdsForgetIt()
    {
        CostRoom room;
        room.wait();
        room.change([](fovea::Display& display) {
            display.opacity = 0.5;
            display.study.draws = 3; // of the sanity check
        });
        QVERIFY(!room.view->data().empty());
        room.change([](fovea::Display& display) { display.cost.thresholds = ".48"; });
        QVERIFY(room.view->data().empty() && room.button().isVisibleTo(room.view.get()));
        room.wait();
        room.change([](fovea::Display& display) { display.study.count = 3; });
        QVERIFY(room.view->data().empty());
    }

    void theButtonStopsIt()
    {
        CostRoom room;
        room.view->compute();
        QVERIFY(!room.view->isReady());
        QCOMPARE(room.button().text(), QString("Cancel"));
        room.button().click();
        QVERIFY(room.view->isReady() && room.view->data().empty());
        QVERIFY(room.view->missing().contains("4 pictures of stripes"));
    }

    void aRecipeKeepsTheTimes()
    {
        CostRoom room;
        room.wait();
        QJsonObject measured = room.view->measured();
        measured["threads"] = 3;
        CostRoom again;
        again.view->recall(measured);
        again.wait();
        for (std::size_t series = 0; series < 7; ++series)
            QVERIFY(again.numbers(series, timeColumn) == room.numbers(series, timeColumn));
        QVERIFY(again.view->badges().join(' ').contains("3 threads"));
        CostRoom other("stripes", ".5"); // of which there are half as many
        other.view->recall(measured);
        other.view->compute();
        QTRY_VERIFY_WITH_TIMEOUT(other.view->isReady(), 60000);
        QVERIFY2(other.view->missing().contains("'measured.milliseconds.threshold'"),
            qPrintable(other.view->missing()));
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("thresholds");
        QTest::addColumn<QString>("said");
        QTest::newRow("data") << "spots"
                              << ".5"
                              << "expected stripes";
        for (const char* thresholds : {"0,.5", ".5,1", ".5,2", "-.1", ".5,x"})
            QTest::newRow(thresholds) << "stripes" << thresholds << "field 'cost_thresholds'";
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(const QString, data);
        QFETCH(const QString, thresholds);
        QFETCH(const QString, said);
        CostRoom room(data.toStdString(), thresholds.toStdString());
        room.view->compute();
        QTRY_VERIFY(room.view->isReady());
        QVERIFY2(room.view->missing().contains(said), qPrintable(room.view->missing()));
    }

    void otherModelsHaveNone()
    {
        Room room(slotWithModel("toy_filter"));
        View& view = room.view("cost-accuracy");
        QVERIFY2(view.missing().contains("toy_filter has no field 'threshold'"), qPrintable(view.missing()));
        QVERIFY(!view.findChild<QPushButton*>()->isVisibleTo(&view));
        view.compute();
        QVERIFY(view.isReady());
        Room trace(slotOf(toys::toyTrace("toy_filter")));
        QVERIFY(trace.view("cost-accuracy").missing().contains("needs a model"));
    }
};

QTEST_MAIN(TestCostAccuracyView)
#include "tst_cost_accuracy_view.moc"
