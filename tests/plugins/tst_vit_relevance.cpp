// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/grad_cam.h"
#include "core/analysis/gradient_attention.h"
#include "core/analysis/input_gradient.h"
#include "core/analysis/rollout.h"
#include "core/source/execute_backward.h"

#include "tests/plugins/relevance_room.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

class TestVitRelevance : public QObject {
    Q_OBJECT

private slots:
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
