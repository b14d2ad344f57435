// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/grad_cam.h"
#include "core/analysis/gradient_attention.h"
#include "core/analysis/input_gradient.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rank_correlation.h"
#include "core/analysis/relevance.h"
#include "core/analysis/removal_curve.h"
#include "core/analysis/rollout.h"
#include "core/source/execute_backward.h"

#include "tests/support/golden.h"
#include "tests/support/one_patch_vit.h"
#include "tests/support/test.h"

#include <numeric>

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

using Doubles = std::vector<double>;
using Sets = std::vector<std::vector<int>>;

const OnePatchVit onePatch;
const plugin::vit::Vit vit;

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

std::vector<int> allPatches(int n = OnePatchVit::patches)
{
    std::vector<int> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

/// A tiny ViT with numbers by the golden rule, and a question about its class 3.
struct Ruled {
    WeightsPtr weights;
    Tensor input;
    RelevanceQuestion question;

    explicit Ruled(const std::vector<std::string>& edits = {}, std::int64_t depth = 3)
    {
        Config config = vit.tinyConfig(); // 4 x 4 patches
        config.set("depth", depth);
        weights = ruleWeights(vit, config);
        const Shape shape = vit.inputShape(config);
        input = ruleInput({1, shape[0], shape[1], shape[2]});
        ExecuteOptions options;
        for (const std::string& edit : edits)
            options.edits.push_back(Edit::parse(edit));
        question = {&vit, weights.get(), execute(vit, *weights, input, options), 3};
    }
};

RelevanceQuestion questionOf(const Tensor& picture, const std::vector<std::string>& edits = {})
{
    return {&onePatch.vit, onePatch.weights.get(), onePatch.run(picture, edits), 1};
}

Doubles mapOf(const RelevanceQuestion& question, const std::string& name,
    const std::vector<std::pair<std::string, std::string>>& options = {})
{
    Config config(relevanceSchema());
    for (const auto& [field, value] : options)
        config.setText(field, value);
    return patchValues(relevance(question, relevanceMethod(name), config));
}

double logit(const Trace& trace, int index) { return static_cast<double>(trace.output.data()[index]); }

}

class TestVitRelevance : public QObject {
    Q_OBJECT

private slots:
    // --- patches out of the sequence ---

    void aShorterSequenceIsAttentionMasked_data()
    {
        QTest::addColumn<QStringList>("edits");
        QTest::newRow("no edits") << QStringList();
        QTest::newRow("a head off") << QStringList{"blocks.1.attn.head.0=off"};
        QTest::newRow("a block off") << QStringList{"blocks.2=off"};
    }

    void aShorterSequenceIsAttentionMasked()
    {
        QFETCH(QStringList, edits);
        std::vector<std::string> texts;
        for (const QString& edit : edits)
            texts.push_back(edit.toStdString());
        const Ruled whole(texts);
        const std::vector<int> kept{0, 3, 4, 7, 11, 14};
        const Tensor shortened = PatchRemover(whole.question, Removal::Sequence, {}).answers({kept});
        for (int patch = 0; patch < 16; ++patch)
            if (std::ranges::find(kept, patch) == kept.end())
                texts.push_back("blocks.*.attn.scores.*.*." + std::to_string(patch + 1) + "=mask");
        const Ruled masked(texts);
        QVERIFY(relativeDifference(shortened.at(0), masked.question.base->output) < 1e-5);
        QVERIFY(relativeDifference(shortened.at(0), whole.question.base->output) > 1e-3); // it matters
    }

    void nothingRemovedIsTheWholeRun()
    {
        const Ruled ruled;
        for (const Removal removal : {Removal::Sequence, Removal::Mean, Removal::Blur, Removal::Zero})
            QVERIFY(PatchRemover(ruled.question, removal, {})
                        .answers({allPatches()})
                        .at(0)
                        .identical(ruled.question.base->output));
    }

    void setsOfAnySizeAreAnsweredInTheirOrder()
    {
        const Ruled ruled;
        Sets sets;
        for (int i = 0; i < 40; ++i) // more than a batch
            sets.push_back({i % 16});
        sets.insert(sets.begin() + 7, {2, 5, 9});
        sets.push_back(allPatches());
        double last = 0;
        for (const Removal removal : {Removal::Sequence, Removal::Mean}) {
            const PatchRemover remover(ruled.question, removal, {});
            const Tensor answers = remover.answers(sets, [&](double share) { last = share; });
            QCOMPARE(last, 1.0);
            for (const std::size_t i : {0, 6, 7, 8, 20, 40, 41})
                QVERIFY(remover.answers({sets[i]}).at(0).identical(answers.at(static_cast<Index>(i))));
        }
    }

    void aPaintedPatchHasTheFillsColour()
    {
        const Ruled ruled;
        const auto expected = [&](float red, float green, float blue) {
            Tensor picture = ruled.input.clone();
            for (Index c = 0; c < 3; ++c) // patch 5: rows and columns 8 to 15 of 32
                for (Index y = 8; y < 16; ++y)
                    std::fill_n(picture.writable().data() + (c * 32 + y) * 32 + 8, 8,
                        c == 0       ? red
                            : c == 1 ? green
                                     : blue);
            return execute(vit, *ruled.weights, picture)->output;
        };
        std::vector<int> kept = allPatches();
        kept.erase(kept.begin() + 5);
        const auto painted = [&](Removal removal) {
            return PatchRemover(ruled.question, removal, {}).answers({kept}).at(0);
        };
        const Doubles x = ruled.input.toDoubles();
        float mean[3];
        for (std::size_t c = 0; c < 3; ++c)
            mean[c] = static_cast<float>(std::accumulate(x.begin() + static_cast<std::ptrdiff_t>(c) * 1024,
                                             x.begin() + static_cast<std::ptrdiff_t>(c + 1) * 1024, 0.0)
                / 1024);
        QVERIFY(painted(Removal::Zero).identical(expected(0, 0, 0)));
        QVERIFY(relativeDifference(painted(Removal::Mean), expected(mean[0], mean[1], mean[2])) < 1e-6);
        QVERIFY(relativeDifference(painted(Removal::Blur), expected(0, 0, 0)) > 1e-4);
    }

    void editsThatNameTokensAreRefused()
    {
        for (const char* edit : {"blocks.1.out.5=off", "blocks.1.attn.pattern.0.3=cut"})
            FOVEA_THROWS(PatchRemover(Ruled({edit}).question, Removal::Sequence, {}), Error, "names tokens",
                "mean, blur or zero");
        PatchRemover(Ruled({"blocks.1.out.cls=off"}).question, Removal::Sequence, {}); // keeps its number
        PatchRemover(Ruled({"blocks.1.out.5=off"}).question, Removal::Mean, {});
    }

    void aRunWithoutStatesIsRefused()
    {
        Ruled ruled;
        ExecuteOptions options;
        options.keepStates = false;
        ruled.question.base = execute(vit, *ruled.weights, ruled.input, options);
        FOVEA_THROWS(PatchRemover(ruled.question, Removal::Sequence, {}), Error, "kept no states");
        FOVEA_THROWS(mapOf(Ruled().question, "chefr"), UsageError, "nearest: 'chefer'", "rollout", "centre");
        Ruled other;
        other.question.classIndex = 10;
        FOVEA_THROWS(mapOf(other.question, "rollout"), Error, "class 10 of 10");
    }

    // --- the instrument: one patch, one head ---

    void theModelReadsOnePatch()
    {
        const Tensor picture = OnePatchVit::picture();
        QVERIFY(near(logit(*onePatch.run(picture), 1), 5, 0.1));
        const double off = logit(*onePatch.run(picture, {"blocks.0.attn.head.1=off"}), 1);
        QVERIFY(near(off, 0, 1e-6));
        QVERIFY(near(logit(*onePatch.run(picture, {"blocks.0.attn.head.0=off"}), 1),
            logit(*onePatch.run(picture), 1), 1e-6));
    }

    void interventionsAndGradientsRankThatPatchFirst_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        for (const char* fill : {"sequence", "mean", "blur", "zero"})
            QTest::addRow("occlusion, %s", fill) << "occlusion"
                                                 << "occlusion_fill" << fill;
        for (const char* method :
            {"chefer", "grad-rollout", "gradient", "gradient-input", "smoothgrad", "integrated"})
            QTest::newRow(method) << method << QString() << QString();
    }

    void interventionsAndGradientsRankThatPatchFirst()
    {
        QFETCH(QString, method);
        QFETCH(QString, option);
        QFETCH(QString, value);
        std::vector<std::pair<std::string, std::string>> options;
        if (!option.isEmpty())
            options.emplace_back(option.toStdString(), value.toStdString());
        for (const char* name : {"picture", "another"}) {
            const Doubles map = mapOf(questionOf(OnePatchVit::picture(name)), method.toStdString(), options);
            const auto order = largestFirst(map);
            QCOMPARE(order.front(), OnePatchVit::patch);
            QVERIFY(map[static_cast<std::size_t>(order[0])]
                > 5 * std::abs(map[static_cast<std::size_t>(order[1])]));
        }
    }

    void theTrueMaskBeatsChanceAndItsReverseLoses_data()
    {
        QTest::addColumn<QString>("removal");
        for (const char* removal : {"sequence", "mean", "blur", "zero"})
            QTest::newRow(removal) << removal;
    }

    void theTrueMaskBeatsChanceAndItsReverseLoses()
    {
        QFETCH(QString, removal);
        const RelevanceQuestion question = questionOf(OnePatchVit::picture());
        Doubles mask(16, 0.0), reverse(16, 0.0);
        mask[OnePatchVit::patch] = 1;
        reverse[OnePatchVit::patch] = -1;
        std::vector<Doubles> maps{mask, reverse};
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            maps.push_back(mapOf(question, "random", {{"random_seed", std::to_string(seed)}}));
        const PatchRemover remover(question, removalOf(removal.toStdString()), {});
        const auto curves = removalCurves(remover, 1, maps, 15);
        double deletion = 0, insertion = 0;
        for (std::size_t i = 2; i < maps.size(); ++i) {
            deletion += curves[i].deletion.area() / 20;
            insertion += curves[i].insertion.area() / 20;
        }
        const double margin = removal == "blur" ? 0 : 0.1; // a bright square out of focus still is one
        QVERIFY(curves[0].deletion.area() < deletion - margin);
        QVERIFY(curves[1].deletion.area() > deletion + margin);
        QVERIFY(curves[0].insertion.area() > insertion + margin);
        QVERIFY(curves[1].insertion.area() < insertion - margin);
    }

    void curvesBeginAndEndWhereTheyShould()
    {
        const Ruled ruled;
        const PatchRemover remover(ruled.question, Removal::Sequence, {});
        Doubles map(16);
        std::iota(map.begin(), map.end(), 0); // patch 15 goes first
        const RemovalCurves curves = removalCurves(remover, 3, {map}, 5).front();
        QCOMPARE(curves.deletion.patches, (std::vector<int>{0, 3, 6, 9, 12, 15}));
        QCOMPARE(curves.insertion.patches, (std::vector<int>{1, 4, 7, 10, 13, 16}));
        const auto probability = [&](const std::vector<int>& kept) {
            const Doubles z = remover.answers({kept}).at(0).toDoubles();
            double sum = 0;
            for (const double v : z)
                sum += std::exp(v);
            return std::exp(z[3]) / sum;
        };
        QVERIFY(near(curves.deletion.probability[0], probability(allPatches()), 1e-9));
        QVERIFY(near(curves.deletion.probability[4], probability({0, 1, 2, 3}), 1e-9));
        QVERIFY(near(curves.deletion.probability[5], probability({0}), 1e-9));
        QVERIFY(near(curves.insertion.probability[0], probability({15}), 1e-9));
        QVERIFY(near(curves.insertion.probability[1], probability({12, 13, 14, 15}), 1e-9));
        QCOMPARE(removalCurves(remover, 3, {map}, 99).front().deletion.patches.size(), std::size_t{16});
    }

    // --- the methods ---

    void everyMethodGivesAMapOfThePatches()
    {
        const Ruled ruled;
        for (const RelevanceMethod& method : relevanceMethods()) {
            const Record map = relevance(ruled.question, method, Config(relevanceSchema()));
            QCOMPARE(map.path(), "relevance." + method.name);
            QVERIFY(map.kind() == Kind::Tokens && map.finite && map.queries->tokens() == 16);
            const Doubles values = patchValues(map);
            const auto [least, most] = std::ranges::minmax(values);
            QVERIFY2(least < most, method.name.c_str());
            QVERIFY2(method.isSigned || least >= 0, method.name.c_str());
            for (const std::string& field : method.fields)
                QVERIFY(findField(relevanceSchema(), field));
            QVERIFY(QString::fromStdString(map.info.help).startsWith(method.title.c_str()));
        }
    }

    void mapsDependOnTheClassWhereTheySaySo()
    {
        Ruled three, four;
        four.question.classIndex = 4;
        for (const RelevanceMethod& method : relevanceMethods()) {
            const Config options(relevanceSchema());
            const bool differ = patchValues(relevance(three.question, method, options))
                != patchValues(relevance(four.question, method, options));
            QVERIFY2(differ == method.readsClass, method.name.c_str());
        }
    }

    void threadsChangeNothing()
    {
        const Ruled ruled;
        ExecuteOptions two;
        two.pool = std::make_shared<Pool>(2);
        for (const RelevanceMethod& method : relevanceMethods()) {
            const Config options(relevanceSchema());
            QVERIFY(relevance(ruled.question, method, options)
                        .value.identical(relevance(ruled.question, method, options, two).value));
        }
    }

    void longWorkStops()
    {
        const Ruled ruled;
        ExecuteOptions options;
        options.stop.stop();
        for (const char* name : {"flow", "chefer", "smoothgrad", "integrated", "grad-cam", "occlusion"})
            QVERIFY_EXCEPTION_THROWN(
                relevance(ruled.question, relevanceMethod(name), Config(relevanceSchema()), options),
                Cancelled);
    }

    void theRolloutIsReadFromTheClassToken()
    {
        const Ruled ruled;
        const Record whole = rollout(analysis::patternsOf(*ruled.question.base));
        const Doubles row = whole.value.toDoubles(), map = mapOf(ruled.question, "rollout");
        const Doubles mean = mapOf(ruled.question, "rollout", {{"relevance_read", "mean"}});
        for (std::size_t i = 0; i < 16; ++i) {
            QVERIFY(near(map[i], row[i + 1], 1e-6));
            double sum = 0;
            for (std::size_t query = 0; query < 17; ++query)
                sum += row[query * 17 + i + 1];
            QVERIFY(near(mean[i], sum / 17, 1e-6));
        }
        FOVEA_THROWS(mapOf(ruled.question, "rollout", {{"relevance_read", "dist"}}), UsageError,
            "relevance_read", "dist");
    }

    void occlusionIsWhatTheLogitLoses()
    {
        const Ruled ruled;
        const Doubles map = mapOf(ruled.question, "occlusion", {{"occlusion_fill", "sequence"}});
        std::vector<int> kept = allPatches();
        kept.erase(kept.begin() + 9);
        const Tensor without = PatchRemover(ruled.question, Removal::Sequence, {}).answers({kept});
        const double lost = logit(*ruled.question.base, 3) - static_cast<double>(without.data()[3]);
        QVERIFY(near(map[9], lost, 1e-6));
    }

    void integratedGradientsAreComplete()
    {
        const Ruled ruled;
        for (const char* baseline : {"zero", "mean", "blur"}) {
            const Doubles map
                = mapOf(ruled.question, "integrated", {{"path_steps", "200"}, {"path_baseline", baseline}});
            const Tensor start = paintedOver(ruled.input, removalOf(baseline));
            const double gained
                = logit(*ruled.question.base, 3) - logit(*execute(vit, *ruled.weights, start), 3);
            const double sum = std::accumulate(map.begin(), map.end(), 0.0);
            QVERIFY2(near(sum, gained, 1e-2 * std::abs(gained) + 1e-3),
                qPrintable(QString("%1: %2, expected %3").arg(baseline).arg(sum).arg(gained)));
        }
    }

    void theGradientIsTheLogitsSlope()
    {
        const Ruled ruled;
        const Tensor gradient = inputGradients(ruled.question, ruled.input, {});
        for (const std::size_t at : {17U, 1500U, 2900U}) {
            const auto shifted = [&](float by) {
                Tensor x = ruled.input.clone();
                x.writable()[at] += by;
                return logit(*execute(vit, *ruled.weights, x), 3);
            };
            const double slope = (shifted(0.05F) - shifted(-0.05F)) / 0.1;
            const double scale = std::abs(slope) + 0.01;
            QVERIFY(near(static_cast<double>(gradient.data()[at]), slope, 0.05 * scale));
        }
    }

    void saliencyIsTheMeanOfTheLargestChannel()
    {
        const Ruled ruled;
        const Doubles g = inputGradients(ruled.question, ruled.input, {}).toDoubles();
        const Doubles map = mapOf(ruled.question, "gradient"),
                      signedMap = mapOf(ruled.question, "gradient-input");
        double sum = 0, product = 0;
        for (std::size_t y = 8; y < 16; ++y) // patch 6: row 1, column 2
            for (std::size_t x = 16; x < 24; ++x) {
                double most = 0;
                for (std::size_t c = 0; c < 3; ++c) {
                    const std::size_t at = (c * 32 + y) * 32 + x;
                    most = std::max(most, std::abs(g[at]));
                    product += g[at] * static_cast<double>(ruled.input.data()[at]);
                }
                sum += most / 64;
            }
        QVERIFY(near(map[6], sum, 1e-6 * sum));
        QVERIFY(near(signedMap[6], product, 1e-5 * std::abs(product)));
    }

    void smoothGradientWithoutNoiseIsTheGradient()
    {
        const Ruled ruled;
        const Doubles plain = mapOf(ruled.question, "gradient");
        const Doubles quiet
            = mapOf(ruled.question, "smoothgrad", {{"noise_sigma", "0"}, {"noise_samples", "11"}});
        for (std::size_t i = 0; i < 16; ++i)
            QVERIFY(near(plain[i], quiet[i], 1e-5 * plain[i]));
        QVERIFY(mapOf(ruled.question, "smoothgrad", {{"noise_seed", "1"}})
            != mapOf(ruled.question, "smoothgrad"));
    }

    void gradCamWeighsChannelsByTheirMeanGradient()
    {
        const Ruled ruled;
        const BackwardOptions backward{classLogit(3), {"blocks.1.out"}, {}, false};
        const TracePtr trace = executeBackward(vit, *ruled.weights, ruled.input, backward).trace;
        const Doubles value = trace->find("blocks.1.out")->value.toDoubles();
        const Doubles gradient = trace->find("grad.blocks.1.out")->value.toDoubles();
        const std::size_t channels = value.size() / 17;
        Doubles expected(17, 0.0);
        for (std::size_t c = 0; c < channels; ++c) {
            double weight = 0;
            for (std::size_t t = 1; t < 17; ++t)
                weight += gradient[t * channels + c] / 16;
            for (std::size_t t = 1; t < 17; ++t)
                expected[t] += weight * value[t * channels + c];
        }
        const Doubles map = mapOf(ruled.question, "grad-cam", {{"cam_signal", "blocks.1.out"}});
        for (std::size_t t = 1; t < 17; ++t)
            QVERIFY(near(map[t - 1], std::max(expected[t], 0.0), 1e-5));
        QCOMPARE(mapOf(ruled.question, "grad-cam"),
            mapOf(ruled.question, "grad-cam", {{"cam_signal", "blocks.2.norm1.out"}}));
        FOVEA_THROWS(mapOf(ruled.question, "grad-cam", {{"cam_signal", "blocks.2.norm1.ot"}}), UsageError,
            "blocks.2.norm1.out");
    }

    void mapsStandUnderTheRunsEdits()
    {
        const std::vector<std::string> off{"blocks.0.attn.head.1=off"};
        const RelevanceQuestion question = questionOf(OnePatchVit::picture(), off);
        for (const char* name : {"chefer", "gradient", "gradient-input", "integrated", "occlusion"})
            for (const double v : mapOf(question, name))
                QVERIFY2(near(v, 0, 1e-6), name);
    }
};

QTEST_APPLESS_MAIN(TestVitRelevance)
#include "tst_vit_relevance.moc"
