// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/randomised_weights.h"
#include "core/analysis/relevance_study.h"
#include "core/tensor/error.h"

#include "tests/support/one_patch_vit.h"
#include "tests/support/test.h"

#include <set>

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

const OnePatchVit onePatch;
const plugin::vit::Vit vit;

Config options()
{
    Config config(relevanceSchema());
    config.setText("removal_steps", "15");
    return config;
}

std::vector<const RelevanceMethod*> methods(const std::vector<std::string>& names)
{
    std::vector<const RelevanceMethod*> all;
    for (const std::string& name : names)
        all.push_back(&relevanceMethod(name));
    return all;
}

/// The known patch.
Tensor trueMask()
{
    Tensor mask = Tensor::zeros({32, 32}, DType::U8);
    for (Index y = 8; y < 16; ++y)
        for (Index x = 16; x < 24; ++x)
            mask.writable<std::uint8_t>()[static_cast<std::size_t>(y * 32 + x)] = 255;
    return mask;
}

std::vector<StudyRow> rowsOf(
    const std::vector<const RelevanceMethod*>& asked, int pictures, bool hasMask = true)
{
    std::vector<StudyRow> rows;
    for (int i = 0; i < pictures; ++i) {
        const Tensor picture = OnePatchVit::picture("study " + std::to_string(i));
        rows.push_back(studyPicture(onePatch.vit, *onePatch.weights,
            {i, picture, 1, hasMask ? trueMask() : Tensor(), {}}, asked, options()));
    }
    return rows;
}

/// A ViT of two blocks whose parameters are not its initialisers' alone.
WeightsPtr tinyWeights(const Config& config) { return freshWeights(vit, config, 77); }

}

class TestVitRelevanceStudy : public QObject {
    Q_OBJECT

private slots:
    void theKnownPatchIsFoundAndSaidToBeFound()
    {
        const auto asked = methods({"occlusion", "chefer", "random", "brightness", "centre"});
        const auto results = studyResults(rowsOf(asked, 12), asked);
        QCOMPARE(results.size(), asked.size() * (measureCount - 1)); // there is no other object
        for (const StudyResult& result : results) {
            QCOMPARE(result.mean.count, 12);
            QCOMPARE(result.over.size(), std::size_t{result.method->isBaseline ? 2U : 3U});
            if (result.method->isBaseline)
                continue;
            if (result.measure == Measure::Pointing || result.measure == Measure::Iou)
                QCOMPARE(result.mean.mean, 1.0);
            const Estimate& over = result.over.front().second;
            QCOMPARE(result.over.front().first, std::string("random"));
            if (result.measure == Measure::Deletion)
                QVERIFY(over.high < 0); // paired, over all pictures
            else if (result.measure != Measure::Rank) // the other fifteen effects are rounding
                QVERIFY2(over.low > 0, measureName(result.measure).c_str());
        }
    }

    void measuresThatNobodyKnowsAreLeftOut()
    {
        const auto asked = methods({"chefer", "random"});
        const auto results = studyResults(rowsOf(asked, 2, false), asked);
        std::set<std::string> measures;
        for (const StudyResult& result : results)
            measures.insert(measureName(result.measure));
        QCOMPARE(measures, (std::set<std::string>{"deletion", "insertion", "rank_correlation"}));
    }

    void theOtherObjectIsMissed()
    {
        const auto asked = methods({"occlusion", "random", "brightness", "centre"});
        Tensor others = Tensor::zeros({32, 32}, DType::U8);
        for (Index y = 0; y < 32; ++y)
            std::fill_n(
                others.writable<std::uint8_t>().data() + y * 32, 16, std::uint8_t{255}); // the left half
        std::vector<StudyRow> rows;
        for (int i = 0; i < 12; ++i)
            rows.push_back(studyPicture(onePatch.vit, *onePatch.weights,
                {i, OnePatchVit::picture("two " + std::to_string(i)), 1, trueMask(), others}, asked,
                options()));
        for (const StudyResult& result : studyResults(rows, asked))
            if (result.measure == Measure::Others && result.method->name == "occlusion") {
                QCOMPARE(result.mean.mean, 0.0);
                QCOMPARE(result.mean.count, 12);
            }
        QVERIFY(isLowGood(Measure::Others) && isLowGood(Measure::Deletion) && !isLowGood(Measure::Iou));
    }

    void theRangeIsOfFurtherRandomOrders()
    {
        const RelevanceQuestion question{&onePatch.vit, onePatch.weights.get(),
            onePatch.run(OnePatchVit::picture("range"), {}), 1, trueMask(), {}};
        Config config = options();
        config.setText("random_draws", "5");
        const auto compared = compareMethods(question, methods({"occlusion", "random"}), config);
        std::vector<double> deletions, ious;
        for (int seed = 1; seed <= 5; ++seed) { // the baseline's own is 0
            Config other = config;
            other.set("random_seed", std::int64_t{seed});
            const auto one = compareMethods(question, methods({"random"}), other).maps.front().scores;
            deletions.push_back(one.deletion);
            ious.push_back(one.mask.iou);
        }
        QVERIFY(compared.random && compared.random->draws == 5);
        QCOMPARE(compared.random->low.deletion, std::ranges::min(deletions));
        QCOMPARE(compared.random->high.deletion, std::ranges::max(deletions));
        QCOMPARE(compared.random->high.mask.iou, std::ranges::max(ious));
        QVERIFY(compared.maps.front().scores.deletion < compared.random->low.deletion); // the known patch
        QVERIFY(compared.maps.front().scores.insertion > compared.random->high.insertion);
        config.setText("random_draws", "0");
        QVERIFY(!compareMethods(question, methods({"random"}), config).random);
    }

    void theTablesHoldTheCurvesAndTheirRange()
    {
        const RelevanceQuestion question{&onePatch.vit, onePatch.weights.get(),
            onePatch.run(OnePatchVit::picture("tables"), {}), 1, trueMask(), trueMask()};
        Config config = options();
        config.setText("random_draws", "3");
        const auto compared = compareMethods(question, methods({"occlusion", "centre"}), config);
        QCOMPARE(compared.more.size(), std::size_t{3});
        const Record& deletion = compared.more[1];
        QCOMPARE(deletion.path(), std::string("relevance.deletion"));
        QCOMPARE(deletion.axes[0].labels,
            (std::vector<std::string>{"occlusion", "centre", "random low", "random high"}));
        QCOMPARE(deletion.value.dim(1), Index{16}); // 15 steps and the start
        const auto shares = deletion.axes[1].values;
        QVERIFY(shares.front() == 0 && shares.back() == 15.0 / 16);
        const auto& area = compared.maps.front().scores;
        double mean = 0;
        for (Index i = 1; i < 16; ++i)
            mean += static_cast<double>(deletion.value.at(0).data()[i - 1] + deletion.value.at(0).data()[i])
                / 2 / 15;
        QVERIFY(std::abs(mean - area.deletion) < 1e-6);
        QCOMPARE(compared.scores.info.fields,
            (std::vector<std::string>{"deletion", "insertion", "rank correlation", "pointing game", "IoU",
                "pointing at others", "rank low", "rank high", "sanity check", "between pictures"}));
        const auto row = compared.scores.value.at(0).toDoubles();
        QCOMPARE(row[5], 1.0); // here the other object is the same one
        QVERIFY(row[6] <= row[2] && row[2] <= row[7] && std::isnan(row[8]));
    }

    void whatIsKnownOfAMethodStandsBesideItsMap()
    {
        Weights::Parts parts = onePatch.weights->parts();
        parts.hash = "cafe";
        const Weights filed(std::move(parts));
        RelevanceQuestion question{&onePatch.vit, &filed, onePatch.run(OnePatchVit::picture("known"), {}), 1};
        Config config = options();
        config.setText("removal", "none");
        auto compared = compareMethods(question, methods({"chefer", "centre"}), config);
        QVERIFY(!compared.maps.front().sanity && std::isnan(compared.scores.value.at(0).toDoubles()[3 + 2]));
        const RelevanceMethod& chefer = relevanceMethod("chefer");
        addSanity(compared, filed, config,
            {knownSanity(
                filed, chefer, config, {"shapes", 50, 5}, {"chefer", {{"head", 0.75, true}}, 0.25})});
        QVERIFY(compared.maps.front().sanity && compared.maps.front().sanity->fails());
        QVERIFY(!compared.maps.back().sanity);
        const auto row = compared.scores.value.at(0).toDoubles();
        QVERIFY(row[5] == 0.75 && row[6] == 0.25);
        addSanity(compared, filed, config, // of fewer pictures: the better one stays
            {knownSanity(filed, chefer, config, {"shapes", 5, 5}, {"chefer", {{"head", 0.5, false}}, 0})});
        QCOMPARE(compared.maps.front().sanity->largest, 0.75);
    }

    void objectsOfAPictureCountOnce()
    {
        const auto asked = methods({"chefer", "random"});
        const auto row = [](Index sample, double deletion) {
            std::array<double, measureCount> values{};
            values.fill(analysis::nan);
            values[0] = deletion;
            return StudyRow{sample, {values, values}};
        };
        const auto results
            = studyResults({row(3, 0.1), row(3, 0.3), row(4, 0.6), row(4, analysis::nan)}, asked);
        QCOMPARE(results.size(), std::size_t{2}); // of two methods, deletion alone
        QCOMPARE(results[0].mean.count, 2);
        QVERIFY(std::abs(results[0].mean.mean - 0.4) < 1e-12);
        QCOMPARE(results[0].over.front().second.count, 2);
    }

    void onlyWhatBeatsEveryBaselineSaysSo()
    {
        StudyResult result{&relevanceMethod("chefer"), Measure::Insertion, {}, {}};
        QVERIFY(!result.beatsBaselines()); // without any
        result.over = {{"random", {9, 0.2, 0.1, 0.3}}, {"centre", {9, 0.1, 0.01, 0.2}}};
        QVERIFY(result.beatsBaselines());
        result.measure = Measure::Deletion; // where low is good
        QVERIFY(!result.beatsBaselines());
        result.over = {{"random", {9, -0.2, -0.3, -0.1}}, {"centre", {9, -0.1, -0.2, 0.01}}};
        QVERIFY(!result.beatsBaselines()); // one is not sure
        result.over[1].second.high = -0.01;
        QVERIFY(result.beatsBaselines());
    }

    void theTableHoldsMeansAndIntervals()
    {
        const auto asked = methods({"chefer", "random"});
        const auto results = studyResults(rowsOf(asked, 3), asked);
        const Record table = studyTable(results, asked);
        QCOMPARE(table.value.shape(), (Shape{2, 15})); // five measures
        QCOMPARE(table.axes[0].labels, (std::vector<std::string>{"chefer", "random"}));
        for (const StudyResult& result : results) {
            const auto at = std::ranges::find(table.info.fields, measureName(result.measure))
                - table.info.fields.begin();
            const Index row = result.method->name == "random" ? 1 : 0;
            const float* numbers = table.value.data() + row * 15 + at;
            QCOMPARE(numbers[0], static_cast<float>(result.mean.mean));
            QCOMPARE(numbers[1], static_cast<float>(result.mean.low));
            QCOMPARE(numbers[2], static_cast<float>(result.mean.high));
        }
    }

    void eachBlockHasItsParameters()
    {
        const Config config = vit.tinyConfig();
        const WeightsPtr weights = tinyWeights(config);
        const auto byBlock = parametersByBlock(vit, *weights, noise({1, 3, 32, 32}, "x"));
        QCOMPARE(byBlock.size(), std::size_t{4}); // embed, two blocks, head
        std::size_t all = 0;
        for (const auto& names : byBlock)
            all += names.size();
        QCOMPARE(all, vit.manifest(config).size());
        QVERIFY(std::ranges::count(byBlock[0], "pos_embed") == 1
            && std::ranges::count(byBlock[3], "norm.weight") == 1);
        for (const std::string& name : byBlock[2])
            QVERIFY(name.starts_with("blocks.1."));
    }

    void drawingBlocksAnewLeavesTheOthers()
    {
        const Config config = vit.tinyConfig();
        const WeightsPtr weights = tinyWeights(config);
        const auto byBlock = parametersByBlock(vit, *weights, noise({1, 3, 32, 32}, "x"));
        const WeightsPtr drawn = withRandomBlocks(vit, *weights, byBlock, 2, 5);
        const auto isSame
            = [&](const char* name) { return drawn->find(name)->identical(*weights->find(name)); };
        QVERIFY(!isSame("head.weight") && !isSame("blocks.1.attn.qkv.weight"));
        QVERIFY(isSame("blocks.0.attn.qkv.weight") && isSame("pos_embed"));
        QVERIFY(!withRandomBlocks(vit, *weights, byBlock, 2, 6)
                     ->find("head.weight")
                     ->identical(*drawn->find("head.weight")));
        QVERIFY(!withRandomBlocks(vit, *weights, byBlock, 9, 5)
                     ->find("pos_embed")
                     ->identical(*weights->find("pos_embed")));
    }

    void aMapOfThePictureAloneFailsEverywhere()
    {
        const std::vector<Tensor> pictures{OnePatchVit::picture("a"), OnePatchVit::picture("b")};
        for (const char* name : {"brightness", "centre"}) {
            const Sanity sanity = checkSanity(
                onePatch.vit, *onePatch.weights, pictures, relevanceMethod(name), options(), {.draws = 2});
            QCOMPARE(sanity.stages.size(), std::size_t{3});
            QCOMPARE(sanity.stages.front().block, std::string("head"));
            QCOMPARE(sanity.stages.back().block, std::string("embed"));
            for (const SanityStage& stage : sanity.stages)
                QVERIFY(stage.fails && std::abs(stage.correlation - 1) < 1e-12);
        }
        const Sanity centre = checkSanity(
            onePatch.vit, *onePatch.weights, pictures, relevanceMethod("centre"), options(), {.draws = 1});
        QVERIFY(std::abs(centre.betweenPictures - 1) < 1e-12); // and it knows no picture either
    }

    void occlusionNoticesThatTheModelIsGone()
    {
        std::vector<Tensor> pictures;
        for (int i = 0; i < 6; ++i)
            pictures.push_back(OnePatchVit::picture(std::to_string(i)));
        double last = 0;
        ExecuteOptions run;
        run.progress = [&](double share) { last = share; };
        const Sanity sanity = checkSanity(
            onePatch.vit, *onePatch.weights, pictures, relevanceMethod("occlusion"), options(), {}, run);
        QVERIFY(!sanity.stages.back().fails && std::abs(sanity.stages.back().correlation) < 0.5);
        double most = -1;
        for (const SanityStage& stage : sanity.stages)
            most = std::max(most, stage.correlation);
        QCOMPARE(sanity.mostLeft(), most);
        QCOMPARE(sanity.fails(), most > 0.5);
        const Record table = sanityTable({sanity, sanity});
        QCOMPARE(
            table.info.fields, (std::vector<std::string>{"between pictures", "head", "blocks.0", "embed"}));
        QCOMPARE(table.value.data()[4], static_cast<float>(sanity.betweenPictures)); // of the second row
        QCOMPARE(table.value.data()[7], static_cast<float>(sanity.stages.back().correlation));
        QCOMPARE(last, 1.0);
        run.stop.stop();
        QVERIFY_EXCEPTION_THROWN(checkSanity(onePatch.vit, *onePatch.weights, pictures,
                                     relevanceMethod("occlusion"), options(), {}, run),
            Cancelled);
        FOVEA_THROWS(
            checkSanity(onePatch.vit, *onePatch.weights, {}, relevanceMethod("occlusion"), options()), Error,
            "no pictures");
    }
};

QTEST_APPLESS_MAIN(TestVitRelevanceStudy)
#include "tst_vit_relevance_study.moc"
