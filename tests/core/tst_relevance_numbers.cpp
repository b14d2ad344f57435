// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/blur.h"
#include "core/analysis/input_baselines.h"
#include "core/analysis/interval.h"
#include "core/analysis/mask_agreement.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rank_correlation.h"
#include "core/analysis/relevance_scores.h"
#include "core/run/random.h"
#include "core/tensor/error.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

#include <limits>
#include <numeric>
#include <set>

using namespace fovea;
using namespace fovea::analysis;

namespace {

using Doubles = std::vector<double>;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance; }

const LayoutPtr grid = TokenLayout::image(2, 2, 8, 8); // patches of 4 x 4 pixels

/// A mask of 8 x 8 that covers pixels [0, width) x [0, height).
Tensor maskOf(Index width, Index height)
{
    Tensor mask = Tensor::zeros({8, 8}, DType::U8);
    for (Index y = 0; y < height; ++y)
        for (Index x = 0; x < width; ++x)
            mask.writable<std::uint8_t>()[static_cast<std::size_t>(y * 8 + x)] = 255;
    return mask;
}

}

class TestRelevanceNumbers : public QObject {
    Q_OBJECT

private slots:
    void equalValuesShareTheirRanks() { QCOMPARE(ranks(Doubles{5, 1, 5, 7}), (Doubles{2.5, 1, 2.5, 4})); }

    void spearmanAsksForOrderAlone()
    {
        QVERIFY(near(spearman(Doubles{1, 2, 3, 4}, Doubles{10, 100, 1000, 1e9}), 1));
        QVERIFY(near(spearman(Doubles{1, 2, 3, 4}, Doubles{4, 3, 2, 1}), -1));
        // d = 0, 1, -1, 0: rho = 1 - 6 * 2 / (4 * 15)
        QVERIFY(near(spearman(Doubles{1, 2, 3, 4}, Doubles{1, 3, 2, 4}), 0.8));
        // With ties, Pearson of (1.5, 1.5, 3) and (1, 2, 3): 1.5 / sqrt(1.5 * 2)
        QVERIFY(near(spearman(Doubles{0, 0, 1}, Doubles{1, 2, 3}), std::sqrt(3) / 2));
    }

    void spearmanOfNothingIsNoNumber()
    {
        QVERIFY(std::isnan(spearman(Doubles{1, 1, 1}, Doubles{1, 2, 3})));
        QVERIFY(std::isnan(spearman(Doubles{1, 2, none}, Doubles{1, 2, 3})));
        QVERIFY(std::isnan(spearman(Doubles{1}, Doubles{1})));
        QVERIFY(std::isnan(spearman(Doubles{}, Doubles{})));
    }

    void anIntervalOfRhoHoldsTheTrueOneNineteenTimesInTwenty()
    {
        // of pairs from a bivariate normal of correlation r, Spearman's rho is 6 / pi asin(r / 2)
        constexpr double r = 0.6;
        const double truth = 6 / 3.14159265358979 * std::asin(r / 2);
        int held = 0;
        constexpr int repeats = 2000, pairs = 49;
        for (std::uint64_t repeat = 0; repeat < repeats; ++repeat) {
            const RandomPlace draws{1, 0, hashOf("rho"), repeat};
            Doubles x, y;
            for (std::uint64_t i = 0; i < pairs; ++i) {
                x.push_back(draws.normal(2 * i));
                y.push_back(r * x.back() + std::sqrt(1 - r * r) * draws.normal(2 * i + 1));
            }
            const auto [low, high] = spearmanInterval(spearman(x, y), pairs);
            held += low <= truth && truth <= high ? 1 : 0;
        }
        QVERIFY2(held > 0.935 * repeats && held < 0.97 * repeats, qPrintable(QString::number(held)));
    }

    void anIntervalOfRhoIsThatOfTheBooks()
    {
        // tanh(atanh(.5) +- 1.959964 sqrt(1.125 / 25)), reckoned by hand
        const auto [low, high] = spearmanInterval(0.5, 28);
        QVERIFY2(near(low, 0.132747, 1e-6) && near(high, 0.746533, 1e-6),
            qPrintable(QString("%1 %2").arg(low, 0, 'g', 8).arg(high, 0, 'g', 8)));
        QVERIFY(std::isnan(spearmanInterval(0.5, 3).first));
        QCOMPARE(spearmanInterval(1, 28).second, 1.0);
        QVERIFY(std::isnan(spearmanInterval(none, 28).first));
    }

    void theRangeOfRandomOrdersHasItsProbability_data()
    {
        QTest::addColumn<int>("draws");
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("low");
        QTest::newRow("39") << 39 << 0.95 << 1.0; // least to largest
        QTest::newRow("79") << 79 << 0.95 << 2.0;
        QTest::newRow("199") << 199 << 0.95 << 5.0;
        QTest::newRow("too few for it") << 9 << 0.8 << 1.0;
        QTest::newRow("one") << 1 << 0.0 << 1.0;
    }

    void theRangeOfRandomOrdersHasItsProbability()
    {
        QFETCH(int, draws);
        std::vector<RelevanceScores> scores;
        for (int i = 0; i < draws; ++i) { // 1 to n in some order, each number in its own
            const double up = 1 + i * 7 % draws, down = draws - i;
            RelevanceScores one{up, down, up, {down, up}, down};
            one.curves.deletion = {{0, 1}, {up, down}};
            one.curves.insertion = {{1, 2}, {down, up}};
            scores.push_back(one);
        }
        const RandomRange range = randomRange(scores);
        QTEST(range.share, "share");
        QCOMPARE(range.draws, draws);
        QTEST(range.low.insertion, "low");
        const auto [low, high] = std::pair(range.low.insertion, draws + 1 - range.low.insertion);
        QVERIFY(range.low.deletion == low && range.high.deletion == high && range.high.insertion == high);
        QVERIFY(range.low.rank == low && range.high.rank == high && range.high.others == high);
        QVERIFY(range.low.mask.pointing == low && range.high.mask.iou == high);
        QCOMPARE(range.low.curves.deletion.probability, (Doubles{low, low})); // point by point
        QCOMPARE(range.high.curves.insertion.probability, (Doubles{high, high}));
        scores.front().mask.iou = none;
        QVERIFY(std::isnan(randomRange(scores).low.mask.iou));
    }

    void theLargestComesFirst()
    {
        QCOMPARE(largestFirst(Doubles{1, 3, none, 2}), (std::vector<int>{1, 3, 0, 2}));
    }

    void equalValuesComeInNoPlacesOrder()
    {
        const auto order = largestFirst(Doubles(100, 1.0));
        QCOMPARE(std::set<int>(order.begin(), order.end()).size(), std::size_t{100});
        Doubles place(100), turn(100);
        for (std::size_t i = 0; i < 100; ++i) {
            place[i] = static_cast<double>(order[i]);
            turn[i] = static_cast<double>(i);
        }
        QVERIFY(std::abs(spearman(place, turn)) < 0.3); // three standard deviations of chance
        QCOMPARE(largestFirst(Doubles(100, 2.0)), order);
    }

    void theIntervalHoldsTheTrueMeanNineteenTimesInTwenty()
    {
        int held = 0;
        const int trials = 100;
        for (int trial = 0; trial < trials; ++trial) {
            const RandomPlace place{7, 0, hashOf("trial"), static_cast<std::uint64_t>(trial)};
            Doubles values;
            for (std::uint64_t i = 0; i < 40; ++i)
                values.push_back(3 + place.normal(i));
            const Estimate e = meanWithInterval(values);
            QVERIFY(e.low < e.mean && e.mean < e.high);
            held += e.low <= 3 && 3 <= e.high;
        }
        // a percentile interval of 40 values holds it about 94 times; four standard deviations of that count
        QVERIFY2(held >= 84, qPrintable(QString::number(held)));
    }

    void theIntervalHasTheTextbookWidth()
    {
        Doubles values;
        for (int i = 0; i < 200; ++i)
            values.push_back(i % 2); // standard deviation 1/2
        const Estimate e = meanWithInterval(values);
        QCOMPARE(e.count, 200);
        QVERIFY(near(e.mean, 0.5) && near(e.high - e.low, 2 * 1.96 * 0.5 / std::sqrt(200), 0.01));
    }

    void valuesThatAreNoNumbersAreNotCounted()
    {
        const Estimate e = meanWithInterval(Doubles{1, none, 3});
        QVERIFY(e.count == 2 && near(e.mean, 2) && near(e.low, 1) && near(e.high, 3));
        QVERIFY(std::isnan(meanWithInterval(Doubles{2}).low) && meanWithInterval(Doubles{2}).mean == 2);
        QVERIFY(std::isnan(meanWithInterval(Doubles{none}).mean));
        QVERIFY(near(median(Doubles{9, 1, none, 2}), 2) && near(median(Doubles{1, 2}), 1.5));
        QVERIFY(std::isnan(median(Doubles{})));
    }

    void coverageIsTheShareOfEachPatch()
    {
        QCOMPARE(patchCoverage(maskOf(6, 4), *grid), (Doubles{1, 0.5, 0, 0}));
        QCOMPARE(patchCoverage(maskOf(8, 5), *grid), (Doubles{1, 1, 0.25, 0.25}));
        const Tensor two = Tensor::of<std::uint8_t>({1, 2}, std::vector<std::uint8_t>{0, 255}); // any extents
        QCOMPARE(patchCoverage(two, *grid), (Doubles{0, 1, 0, 1}));
        const Tensor three = Tensor::of<std::uint8_t>({1, 3}, std::vector<std::uint8_t>{0, 255, 0});
        for (const double share : patchCoverage(three, *grid)) // the middle third: a third of each half
            QVERIFY(near(share, 1 / 3.0));
        FOVEA_THROWS(patchCoverage(Tensor({8, 8}), *grid), Error, "mask", "u8 [y, x]");
    }

    void pointingIsTheChanceToHit()
    {
        const Doubles coverage{1, 0.5, 0, 0};
        QCOMPARE(agreementWithMask(Doubles{9, 1, 1, 1}, coverage).pointing, 1.0);
        QCOMPARE(agreementWithMask(Doubles{1, 9, 1, 1}, coverage).pointing, 0.5);
        QCOMPARE(agreementWithMask(Doubles{1, 1, 9, 1}, coverage).pointing, 0.0);
        QCOMPARE(agreementWithMask(Doubles{9, 1, 9, 1}, coverage).pointing, 0.5); // of two the mean
        QVERIFY(std::isnan(agreementWithMask(Doubles{9, 1, 9, 1}, Doubles(4, 0.0)).pointing));
        QVERIFY(std::isnan(agreementWithMask(Doubles(4, none), coverage).iou));
    }

    void masksLieOverOneAnother()
    {
        QVERIFY(!unionOfMasks({}).defined());
        const Tensor both = unionOfMasks({maskOf(2, 8), maskOf(8, 2)});
        QVERIFY(both.values<std::uint8_t>()[7] == 255);
        double covered = 0;
        for (const std::uint8_t pixel : both.values<std::uint8_t>())
            covered += pixel / 255.0;
        QCOMPARE(covered, 2.0 * 8 + 2 * 8 - 4);
    }

    void iouIsOfAsManyPatchesAsTheMaskCovers()
    {
        const Doubles coverage{1, 0.5, 0, 0}; // 1.5 patches: two are chosen
        QVERIFY(near(agreementWithMask(Doubles{9, 8, 1, 2}, coverage).iou, 1.5 / (2 + 1.5 - 1.5)));
        QVERIFY(near(agreementWithMask(Doubles{9, 1, 8, 2}, coverage).iou, 1 / (2 + 1.5 - 1)));
        QVERIFY(near(agreementWithMask(Doubles{1, 2, 8, 9}, coverage).iou, 0));
        QVERIFY(near(agreementWithMask(Doubles{9, 1, 1, 1}, Doubles{1, 0, 0, 0}).iou, 1));
        QVERIFY(near(agreementWithMask(Doubles{9, 1, 1, 1}, Doubles{0.1, 0, 0, 0}).iou, 0.1)); // at least one
    }

    void aMapIsOfPatchesAlone()
    {
        const LayoutPtr withCls = TokenLayout::image(2, 2, 8, 8, {"cls"});
        SignalInfo info;
        info.path = "relevance.x";
        info.role = "x";
        const Record map = patchMap(info, {7, 1, 2, 3, 4}, withCls);
        QCOMPARE(test::text(map.value.shape()), QString("[4, 1]"));
        QCOMPARE(patchValues(map), (Doubles{1, 2, 3, 4}));
        QVERIFY(map.queries->tokens() == 4 && map.queries->specialCount() == 0);
        QCOMPARE(map.queries->name(2), std::string("(1,0)"));
        QCOMPARE(patchValues(patchMap(info, {1, 2, 3, 4}, withCls)), (Doubles{1, 2, 3, 4}));
    }

    void aBlurKeepsWhatIsFlat()
    {
        const Tensor flat = blurred(Tensor::full({1, 2, 5, 7}, 3), 2);
        for (const float v : flat.values<float>())
            QVERIFY(near(static_cast<double>(v), 3, 1e-6));
    }

    void aBlurSpreadsAPointLikeAGaussian()
    {
        Tensor point = Tensor::zeros({1, 1, 31, 31});
        point.writable()[15 * 31 + 15] = 1;
        const Tensor spread = blurred(point, 2);
        double sum = 0, second = 0;
        for (int y = 0; y < 31; ++y)
            for (int x = 0; x < 31; ++x) {
                const auto v = static_cast<double>(spread.data()[y * 31 + x]);
                sum += v;
                second += v * (x - 15) * (x - 15);
            }
        QVERIFY(
            near(sum, 1, 1e-5) && near(second, 4, 0.1)); // variance sigma^2, less the tails beyond 3 sigma
        QCOMPARE(spread.data()[15 * 31 + 12], spread.data()[12 * 31 + 15]);
    }

    void brightnessUndoesThePreparation()
    {
        Preprocess preprocess;
        preprocess.mean = {0.1F, 0.2F, 0.3F};
        preprocess.std = {0.5F, 0.25F, 2.0F};
        Tensor picture = Tensor::zeros({1, 3, 8, 8});
        for (int c = 0; c < 3; ++c) // the upper left patch has value 1, the others 0
            for (int y = 0; y < 4; ++y)
                for (int x = 0; x < 4; ++x)
                    picture.writable()[static_cast<std::size_t>((c * 8 + y) * 8 + x)] = 1;
        const Doubles bright = patchBrightness(*grid, picture, preprocess);
        QVERIFY(near(bright[0], (0.6 + 0.45 + 2.3) / 3, 1e-6));
        QVERIFY(near(bright[1], 0.2, 1e-6) && near(bright[3], 0.2, 1e-6));
    }

    void theGaussianIsCentred()
    {
        const Doubles map = centredGaussian(*TokenLayout::image(3, 3, 12, 12));
        QVERIFY(near(map[4], 1));
        QVERIFY(near(map[1], std::exp(-(4.0 / 3) * (4.0 / 3) / 2))); // 4 pixels away, a quarter is 3
        QVERIFY(near(map[0], map[8]) && near(map[0], map[1] * map[3]));
    }

    void randomOrdersDifferBetweenPictures()
    {
        const Tensor a = test::noise({1, 3, 8, 8}, "a"), b = test::noise({1, 3, 8, 8}, "b");
        QCOMPARE(randomOrder(*grid, a, 1), randomOrder(*grid, a, 1));
        QVERIFY(randomOrder(*grid, a, 1) != randomOrder(*grid, b, 1));
        QVERIFY(randomOrder(*grid, a, 1) != randomOrder(*grid, a, 2));
    }

    void theAreaIsTheMeanHeight()
    {
        QVERIFY(near(RemovalCurve{{0, 1, 4}, {1, 0.5, 0}}.area(), (0.75 + 3 * 0.25) / 4));
        QVERIFY(near(RemovalCurve{{1, 3}, {0.25, 0.25}}.area(), 0.25));
    }
};

QTEST_APPLESS_MAIN(TestRelevanceNumbers)
#include "tst_relevance_numbers.moc"
