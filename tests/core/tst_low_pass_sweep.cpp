// The low-pass sweep against theory and against each cut run by itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/low_pass_sweep.h"
#include "core/tensor/error.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

const Architecture& toy() { return *toys::toys().architecture("toy_filter"); }

std::vector<StudyPicture> pictures(Index count)
{
    std::vector<StudyPicture> all;
    for (Index i = 0; i < count; ++i)
        all.push_back(
            {i, noise({1, 2, 8, 8}, "picture " + std::to_string(i)), static_cast<int>(i % 2), {}, {}});
    return all;
}

const LowPassSweep& sweepOfFive()
{
    static const LowPassSweep sweep = sweepLowPass(
        toy(), *toys::toyWeights(toy()), pictures(5), {0.1, 0.3}, {}, 2); // the last batch holds one
    return sweep;
}

/// Accuracy and mean change of the label's logit, a picture at a time, under edits as people write them.
std::pair<double, double> byHand(const std::vector<std::string>& edits)
{
    double right = 0, change = 0;
    const auto all = pictures(5);
    for (const StudyPicture& picture : all) {
        ExecuteOptions options;
        const Tensor before = execute(toy(), *toys::toyWeights(toy()), picture.input, options)->output;
        for (const std::string& edit : edits)
            options.edits.push_back(Edit::parse(edit));
        const Tensor after = execute(toy(), *toys::toyWeights(toy()), picture.input, options)->output;
        const int label = picture.classIndex;
        right += label == (after.data()[1] > after.data()[0] ? 1 : 0) ? 1 : 0; // of equal ones the first
        change += static_cast<double>(after.data()[label]) - static_cast<double>(before.data()[label]);
    }
    return {right / 5, change / 5};
}

}

class TestLowPassSweep : public QObject {
    Q_OBJECT

private slots:
    void aModelThatReadsTheMeanLosesNothing() // the toy's logits see frequency 0 alone
    {
        const LowPassSweep& sweep = sweepOfFive();
        QCOMPARE(sweep.rows.size(), 3U);
        for (std::size_t row = 0; row < 3; ++row)
            for (std::size_t radius = 0; radius < 2; ++radius) {
                const SweepPoint& point = sweep.at(row, Cut::LowPass, radius);
                QVERIFY(std::abs(point.logit.mean) < 1e-6);
                QCOMPARE(point.accuracy.mean, sweep.whole.mean);
                QCOMPARE(point.accuracy.count, 5);
            }
    }

    void everyPointIsTheEditOfItsName_data()
    {
        QTest::addColumn<int>("cut");
        QTest::addColumn<QString>("region");
        QTest::newRow("equal number") << int(Cut::EqualNumber) << "equal-number:0:ring:%1..1";
        QTest::newRow("equal energy") << int(Cut::EqualEnergy) << "equal-energy:0:ring:%1..1";
    }
    void everyPointIsTheEditOfItsName()
    {
        QFETCH(int, cut);
        QFETCH(QString, region);
        const LowPassSweep& sweep = sweepOfFive();
        const std::vector<std::vector<std::string>> filters{
            {"blocks.0.filter"}, {"blocks.1.filter"}, {"blocks.0.filter", "blocks.1.filter"}};
        bool hasChanged = false;
        for (std::size_t row = 0; row < filters.size(); ++row)
            for (std::size_t radius = 0; radius < 2; ++radius) {
                std::vector<std::string> edits;
                for (const std::string& filter : filters[row])
                    edits.push_back(filter + "=zero:" + region.arg(sweep.radii[radius]).toStdString());
                const auto [accuracy, change] = byHand(edits);
                const SweepPoint& point = sweep.at(row, static_cast<Cut>(cut), radius);
                QVERIFY2(std::abs(point.logit.mean - change) < 1e-6, edits.front().c_str());
                QCOMPARE(point.accuracy.mean, accuracy);
                hasChanged |= std::abs(change) > 1e-3;
            }
        QVERIFY(hasChanged); // frequency 0 was among the drawn
    }

    void rowsAreTheLayersAndThenAll()
    {
        const LowPassSweep& sweep = sweepOfFive();
        QCOMPARE(sweep.rows[0].number, 0);
        QCOMPARE(sweep.rows[1].number, 1);
        QCOMPARE(sweep.rows[2].number, -1);
        QCOMPARE(sweep.rows[2].filters.size(), 2U);
        const std::vector<Record> tables = sweepTables(sweep);
        QCOMPARE(tables.size(), 3U);
        QCOMPARE(tables[1].value.shape(), (Shape{6, 8}));
        const auto last = tables[1].value.at(5).toDoubles();
        const SweepPoint& point = sweep.at(2, Cut::EqualNumber, 1);
        const double expected[]{-1, 0.3, point.accuracy.mean, point.accuracy.low, point.accuracy.high,
            point.logit.mean, point.logit.low, point.logit.high};
        for (std::size_t i = 0; i < 8; ++i)
            QCOMPARE(static_cast<float>(last[i]), static_cast<float>(expected[i]));
    }

    void aPictureCountsOnce() // whatever the number of its objects
    {
        auto twice = pictures(2);
        twice.insert(twice.begin() + 1, twice.front());
        twice[1].classIndex = 1;
        const LowPassSweep sweep = sweepLowPass(toy(), *toys::toyWeights(toy()), twice, {0.3});
        QCOMPARE(sweep.whole.count, 2);
        QCOMPARE(
            sweep.whole.mean, sweepLowPass(toy(), *toys::toyWeights(toy()), pictures(2), {0.3}).whole.mean);
    }

    void whatCannotBeSweptIsSaid()
    {
        auto unlabelled = pictures(1);
        unlabelled.front().classIndex = -1;
        QVERIFY_THROWS_EXCEPTION(Error, sweepLowPass(toy(), *toys::toyWeights(toy()), unlabelled, {0.3}));
        QVERIFY_THROWS_EXCEPTION(Error, sweepLowPass(toy(), *toys::toyWeights(toy()), {}, {0.3}));
        const Architecture& windows = *toys::toys().architecture("toy_windows");
        QVERIFY_THROWS_EXCEPTION(
            Error, sweepLowPass(windows, *toys::toyWeights(windows), pictures(1), {0.3}));
    }

    void itTellsHowFarItIsAndStops()
    {
        std::vector<double> told;
        ExecuteOptions options;
        options.progress = [&](double share) { told.push_back(share); };
        sweepLowPass(toy(), *toys::toyWeights(toy()), pictures(3), {0.3}, options, 2);
        QCOMPARE(told.size(), std::size_t{2 * 9});
        QVERIFY(std::ranges::is_sorted(told));
        QCOMPARE(told.back(), 1.0);
        options.progress = [&](double) { options.stop.stop(); };
        QVERIFY_THROWS_EXCEPTION(
            Cancelled, sweepLowPass(toy(), *toys::toyWeights(toy()), pictures(3), {0.3}, options));
    }

    void sharesHaveWilsonsInterval()
    {
        const Estimate none = shareWithInterval(0, 10), all = shareWithInterval(10, 10);
        const double z2 = 1.959963984540054 * 1.959963984540054; // solves p + z sqrt(p (1 - p) / n) = 0 and 1
        QVERIFY(std::abs(none.low) < 1e-15 && std::abs(none.high - z2 / (10 + z2)) < 1e-12);
        QVERIFY(std::abs(all.high - 1) < 1e-15 && std::abs(all.low - 10 / (10 + z2)) < 1e-12);
        QVERIFY(std::isnan(shareWithInterval(0, 0).mean));
    }
};

QTEST_APPLESS_MAIN(TestLowPassSweep)
#include "tst_low_pass_sweep.moc"
