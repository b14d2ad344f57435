// What interventions did, against cases solved by hand and against single runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/effect.h"
#include "core/analysis/head_sweep.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::analysis;

namespace {

Tensor logits(const std::vector<float>& values)
{
    return Tensor::of<float>({static_cast<Index>(values.size())}, values);
}

bool near(double found, double expected) { return std::abs(found - expected) < 1e-6; }

const Architecture& drop() { return toys::toys().requireArchitecture("toy_drop"); }

}

class TestAnalysisEffect : public QObject {
    Q_OBJECT
private slots:
    void softmaxIsExactAndSafe()
    {
        const auto p = softmax(logits({0, std::log(3.0F)}));
        QVERIFY(near(p[0], 0.25) && near(p[1], 0.75));
        const auto huge = softmax(logits({1000, 0}));
        QVERIFY(near(huge[0], 1) && near(huge[1], 0));
    }

    void theBestClassesComeFirst()
    {
        const auto top = topClasses(logits({1, 3, 3, 0}), 3);
        QCOMPARE(top.size(), std::size_t{3});
        QCOMPARE(top[0].index, 1); // equal ones by index
        QCOMPARE(top[1].index, 2);
        QCOMPARE(top[2].index, 0);
        QCOMPARE(top[0].logit, 3.0);
        QCOMPARE(topClasses(logits({1, 2}), 5).size(), std::size_t{2});
    }

    void effectsAreDifferences()
    {
        // p = (1/4, 3/4) becomes q = (1/2, 1/2): KL(p || q) = 1/4 log(1/2) + 3/4 log(3/2)
        const Effect effect = effectOf(logits({0, std::log(3.0F)}), logits({1, 1}));
        QVERIFY(near(effect.logit[0], 1) && near(effect.logit[1], 1 - std::log(3.0)));
        QVERIFY(near(effect.probability[0], 0.25) && near(effect.probability[1], -0.25));
        QVERIFY(near(effect.kl, 0.25 * std::log(0.5) + 0.75 * std::log(1.5)));
        QVERIFY(near(effectOf(logits({1, 2}), logits({1, 2})).kl, 0));
        QVERIFY(
            std::isfinite(effectOf(logits({0, 0}), logits({2000, 0})).kl)); // q underflows, its log does not
        FOVEA_THROWS(effectOf(logits({1, 2}), logits({1, 2, 3})), Error, "[2]", "[3]");
    }

    void theSweepIsOneRunPerHead()
    {
        const TracePtr base = toys::toyTrace("toy_drop");
        std::vector<double> shares;
        ExecuteOptions options;
        options.progress = [&](double share) { shares.push_back(share); };
        const HeadSweep sweep = sweepHeads(drop(), *toys::toyWeights(drop()), base, 1, options);
        QCOMPARE(test::text(sweep.logit.value.shape()), QString("[3, 2]"));
        QCOMPARE(sweep.kl.axes[0].labels[2], std::string("blocks.2.attn.head"));
        for (Index layer = 0; layer < 3; ++layer)
            for (Index head = 0; head < 2; ++head) {
                ExecuteOptions one;
                one.edits
                    = {Edit::parse("blocks." + std::to_string(layer) + ".attn.head." + std::to_string(head))};
                const Effect effect = effectOf(base->output, toys::toyTrace("toy_drop", one)->output);
                QCOMPARE(sweep.logit.value.at(layer).data()[head], static_cast<float>(effect.logit[1]));
                QCOMPARE(sweep.kl.value.at(layer).data()[head], static_cast<float>(effect.kl));
                QVERIFY(effect.kl > 0);
            }
        QCOMPARE(shares.size(), std::size_t{6});
        QCOMPARE(shares.back(), 1.0);
    }

    void theSweepKeepsTheEditsOfItsBase()
    {
        ExecuteOptions options;
        options.edits = {Edit::parse("blocks.0.attn.head.0")};
        options.record = {"logits"}; // the heads of each layer are found by running their blocks
        const TracePtr base = toys::toyTrace("toy_drop", options);
        const HeadSweep sweep = sweepHeads(drop(), *toys::toyWeights(drop()), base, 0);
        QCOMPARE(sweep.kl.value.at(0).data()[0], 0.0F); // it was off already
        options.edits.push_back(Edit::parse("blocks.2.attn.head.1"));
        const Effect both = effectOf(base->output, toys::toyTrace("toy_drop", options)->output);
        QCOMPARE(sweep.kl.value.at(2).data()[1], static_cast<float>(both.kl));
    }

    void theSweepStopsAndRefuses()
    {
        const TracePtr base = toys::toyTrace("toy_drop");
        ExecuteOptions options;
        options.progress = [&](double) { options.stop.stop(); };
        QVERIFY_THROWS_EXCEPTION(Cancelled, sweepHeads(drop(), *toys::toyWeights(drop()), base, 0, options));
        FOVEA_THROWS(sweepHeads(drop(), *toys::toyWeights(drop()), base, 2), Error, "class 2 of 2");
        const Architecture& filter = toys::toys().requireArchitecture("toy_filter");
        FOVEA_THROWS(sweepHeads(filter, *toys::toyWeights(filter), toys::toyTrace("toy_filter"), 0), Error,
            "attn.head");
    }
};

QTEST_APPLESS_MAIN(TestAnalysisEffect)
#include "tst_analysis_effect.moc"
