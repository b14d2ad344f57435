// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/evit.h"
#include "plugins/ia_red2/ia_red2.h"
#include "plugins/tome/tome.h"

#include "core/analysis/cost_contenders.h"

#include "tests/plugins/token_reduction_room.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

constexpr double none = analysis::nan;
constexpr Index classes = 10, dim = 24, patches = 64, side = 32, patchSide = 4, depth = 4;

const Registry& registry()
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

const Architecture& iaRed2() { return registry().requireArchitecture("ia_red2"); }

/// Four blocks in two groups on 8 x 8 patches.
WeightsPtr model(const Answers& fields = {})
{
    Answers all{{"groups", "2,2"}};
    for (const auto& [name, value] : fields)
        all[name] = value;
    return ruleWeights(iaRed2(), roomyConfig(iaRed2(), all));
}

/// Whose answer is always the same: logits `bias` for every picture.
WeightsPtr stubborn(const WeightsPtr& of, int favourite, float strength)
{
    Weights::Parts parts = of->parts();
    parts.parameters.set("head.weight", Tensor::zeros({classes, dim}));
    Tensor bias = Tensor::zeros({classes});
    bias.writable()[static_cast<std::size_t>(favourite)] = strength;
    parts.parameters.set("head.bias", bias);
    return std::make_shared<const Weights>(std::move(parts));
}

std::vector<StudyPicture> pictures(const std::vector<int>& labels)
{
    std::vector<StudyPicture> all;
    for (const int label : labels) {
        const auto number = static_cast<Index>(all.size());
        all.push_back(
            {number, ruleInput({1, 3, side, side}, "picture " + std::to_string(number)), label, {}, {}});
    }
    return all;
}

/// Products of a pass that keeps n tokens everywhere; behind the last attention the class token alone goes
/// on.
double macsOf(Index n)
{
    const Index attention = 4 * n * dim * dim + 2 * n * n * dim, mlp = 8 * dim * dim;
    return static_cast<double>(patches * dim * 3 * patchSide * patchSide + depth * attention
        + ((depth - 1) * n + 1) * mlp + classes * dim);
}

const CostPoint& pointOf(const std::vector<CostPoint>& points, const std::string& series, double rival)
{
    for (const CostPoint& point : points)
        if (point.series == series
            && (point.rival == rival || (std::isnan(rival) && std::isnan(point.rival))))
            return point;
    throw Error("no point of " + series);
}

}

class TestCostAccuracy : public QObject {
    Q_OBJECT
private slots:
    /// A token of the last group is 1/65 of half of the pass, so that a hundredth is about what can be hit; r
    /// of ToMe goes by whole tokens in each of four blocks.
    void rivalsCostTheSame()
    {
        auto few = pictures({0, 1, 2, 3, 4, 5});
        few.insert(few.begin(), 9, few.front()); // asked about nine more objects of it
        const std::vector<double> thresholds{.38, .41};
        const auto points
            = costAccuracy(costContenders(registry(), model(), few, thresholds), few, {.keptPictures = 2});
        QCOMPARE(static_cast<int>(points.size()), 1 + 2 + 2 * 5);
        QCOMPARE(points.front().series, std::string("all"));
        QCOMPARE(points.front().macs, macsOf(1 + patches));
        for (const double threshold : thresholds) {
            const double cost = pointOf(points, "threshold", threshold).macs;
            QVERIFY2(
                cost < 0.95 * points.front().macs, qPrintable(QString::number(cost))); // something is dropped
            for (const char* series : {"top", "random", "contrast", "evit"}) {
                const double other = pointOf(points, series, threshold).macs;
                QVERIFY2(std::abs(other - cost) < 0.015 * cost,
                    qPrintable(QString("%1: %2 of %3").arg(series).arg(other).arg(cost)));
            }
            QVERIFY(std::abs(pointOf(points, "tome", threshold).macs - cost) < 0.04 * cost);
        }
    }

    void accuracyAndLogitsAreThoseOfTheAnswers()
    {
        const auto four = pictures({0, 0, 0, 1});
        const WeightsPtr plain = model({{"rule", "contrast"}, {"keep", "1,1"}});
        const std::vector<CostContender> contenders{{"zero", none, none, &iaRed2(), stubborn(plain, 0, 1)},
            {"one", .25, none, &iaRed2(), stubborn(plain, 1, 3)}};
        double progress = 0;
        ExecuteOptions run;
        run.progress = [&](double share) { progress = share; };
        const auto points = costAccuracy(contenders, four, {}, run);
        QCOMPARE(progress, 1.0);
        QCOMPARE(points[0].accuracy.mean, 0.75);
        QCOMPARE(points[0].accuracy.low, shareWithInterval(3, 4).low);
        QCOMPARE(points[1].accuracy.mean, 0.25);
        QCOMPARE(points[0].gain.mean, 0.0);
        QCOMPARE(points[1].gain.mean, -0.5);
        QCOMPARE(
            points[1].logit.mean, (-1.0 - 1.0 - 1.0 + 3.0) / 4); // of class 0 from 1 to 0, of 1 from 0 to 3
        QCOMPARE(points[1].setting, .25);
        for (const CostPoint& point : points) {
            QVERIFY(point.milliseconds > 0);
            QCOMPARE(point.macs, macsOf(1 + patches));
            QCOMPARE(point.kept.mean, 1.0);
            QCOMPARE(point.iou.count, 0);
        }
    }

    /// Sixteen patches vary; an object covers them, half of eight more and less than half of the rest.
    void keptPatchesAreHeldAgainstTheObjects()
    {
        Tensor picture = Tensor::zeros({1, 3, side, side}), mask({side, side}, DType::U8);
        std::ranges::fill(mask.writable<std::uint8_t>(), std::uint8_t{0});
        for (Index y = 0; y < side; ++y)
            for (Index x = 0; x < side; ++x) {
                const bool varies = y < 8; // two rows of patches
                const bool isCovered
                    = varies || (y < 10) || (y >= 12 && y < 13); // and two of four, one of four
                picture.writable()[static_cast<std::size_t>(y * side + x)]
                    = varies ? static_cast<float>(x % 2) : 0;
                mask.writable<std::uint8_t>()[static_cast<std::size_t>(y * side + x)] = isCovered ? 255 : 0;
            }
        const StudyPicture question{0, picture, 0, mask, {}};
        const auto contender = [&](const std::string& keep) {
            return CostContender{keep, none, none, &iaRed2(), model({{"rule", "contrast"}, {"keep", keep}})};
        };
        const auto points = costAccuracy({contender("0.25,0.25"), contender("1,1")}, {question});
        QCOMPARE(points[0].kept.mean, 0.25);
        QCOMPARE(points[0].iou.mean, 16.0 / 24);
        QCOMPARE(points[1].iou.mean, 24.0 / 64);
        QCOMPARE(costAnswers({contender("0.25,0.25")}, {question}).blank, 48.0 / 64);
        QCOMPARE(points[0].blank.mean, 0.0); // what does not vary is dropped first
        QCOMPARE(points[1].blank.mean, 48.0 / 64);
        QCOMPARE(costAccuracy({contender("0.25,0.25")}, {question}, {.keptPictures = 0})[0].kept.count, 0);
    }

    void tablesHoldWhatThePointsSay()
    {
        const auto two = pictures({0, 1});
        const auto points = costAccuracy(costContenders(registry(), model(), two, {.5, .6}), two);
        const auto tables = costTables(points);
        QCOMPARE(static_cast<int>(tables.size()), 7);
        QCOMPARE(tables[0].path(), std::string("cost-accuracy.all"));
        QCOMPARE(tables[1].path(), std::string("cost-accuracy.threshold"));
        QCOMPARE(text(tables[1].value.shape()), text(Shape{2, 22}));
        QCOMPARE(tables[1].info.fields[7], std::string("gain"));
        const std::vector<double> values = tables[1].value.toDoubles();
        QCOMPARE(
            static_cast<float>(values[22 + 2]), static_cast<float>(pointOf(points, "threshold", .6).macs));
        QCOMPARE(static_cast<float>(values[0]), .5F);
    }

    void whatCannotBeComparedIsRefused()
    {
        auto two = pictures({0, 1});
        const auto contenders = costContenders(registry(), model(), two, {.5});
        FOVEA_THROWS(costAccuracy({}, two), Error, "no models");
        FOVEA_THROWS(costAccuracy(contenders, {}), Error, "no pictures");
        two[1].classIndex = -1;
        FOVEA_THROWS(costAccuracy(contenders, two), Error, "picture 1 has no label");
        FOVEA_THROWS(costContenders(registry(), model(), two, {}), Error, "no thresholds");
        const Architecture& evit = registry().requireArchitecture("evit");
        FOVEA_THROWS(costContenders(registry(), ruleWeights(evit, evit.tinyConfig()), two, {.5}), Error,
            "'threshold'", "'evit'");
        ExecuteOptions stopped;
        stopped.stop.stop();
        FOVEA_THROWS(costAccuracy(contenders, pictures({0}), {}, stopped), Cancelled, "");
    }
};

QTEST_APPLESS_MAIN(TestCostAccuracy)
#include "tst_cost_accuracy.moc"
