// Fates of tokens in an IA-RED²: who went when, by how much, and what the other fate does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "core/analysis/rollout.h"
#include "core/analysis/token_cost.h"
#include "core/analysis/token_counterfactuals.h"
#include "core/analysis/token_fates.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::ia_red2::IaRed2 iaRed2;

/// 8 x 8 patches in three groups of a block.
Config config(const Answers& fields = {})
{
    Answers all{{"patch_size", "4"}, {"depth", "3"}, {"groups", "1,1,1"}};
    for (const auto& [name, value] : fields)
        all[name] = value;
    return configWith(iaRed2, iaRed2.tinyConfig(), all);
}

TracePtr run(const Config& with, const std::vector<std::string>& edits = {})
{
    ExecuteOptions options;
    for (const std::string& edit : edits)
        options.edits.push_back(Edit::parse(edit));
    return execute(iaRed2, *ruleWeights(iaRed2, with), ruleInput({1, 3, 32, 32}), options);
}

std::vector<int> left(const Trace& trace, int group)
{
    const RecordPtr record = trace.find("stages." + std::to_string(group) + ".left");
    const auto values = record->value.values<std::int32_t>();
    return {values.begin(), values.end()};
}

bool has(const std::vector<int>& numbers, int number) { return std::ranges::count(numbers, number) > 0; }

}

class TestIaRed2Fates : public QObject {
    Q_OBJECT
private slots:
    void fatesAreThoseOfTheSurvivors()
    {
        const TracePtr trace = run(config());
        const auto fates = analysis::tokenFates(*trace);
        QVERIFY(fates.has_value());
        QCOMPARE(fates->groupCount(), 3);
        for (int token = 0; token < 65; ++token) {
            int group = 0;
            while (group < 3 && has(left(*trace, group), token))
                ++group;
            QCOMPARE(fates->droppedIn(token), group);
        }
        for (int group = 0; group < 3; ++group) {
            const auto patches = static_cast<double>(left(*trace, group).size()) - 1;
            QCOMPARE(fates->keptShare(group), patches / 64);
            QCOMPARE(fates->standing(group),
                group == 0 ? 64 : static_cast<int>(left(*trace, group - 1).size()) - 1);
        }
        const Record map = analysis::survivalMap(*fates);
        QCOMPARE(map.value.shape(), (Shape{8, 8}));
        QCOMPARE(static_cast<int>(map.value.data()[13]), fates->droppedIn(14));
        QVERIFY(!analysis::tokenFates(Trace()).has_value());
    }

    void ranksCountTheHigherScores()
    {
        const auto fates = analysis::tokenFates(*run(config()));
        std::set<int> ranks;
        int dropped = 0;
        for (int token = 1; token < 65; ++token) {
            if (fates->groups[1].stood[static_cast<std::size_t>(token)])
                ranks.insert(fates->rankOf(1, token));
            else
                dropped += fates->rankOf(1, token) == 0 ? 1 : 0;
        }
        QCOMPARE(static_cast<int>(ranks.size()), fates->standing(1)); // no two scores are equal here
        QCOMPARE(*ranks.begin(), 1);
        QCOMPARE(*ranks.rbegin(), fates->standing(1));
        QCOMPARE(dropped, 64 - fates->standing(1));
        QCOMPARE(fates->rankOf(1, 0), 0); // the class token competes with nobody
    }

    void anotherThresholdAsAnEditIsThatThreshold()
    {
        const TracePtr edited = run(config(), {"stages.*.keep=threshold:0.45"});
        const TracePtr other = run(config({{"threshold", "0.45"}}));
        QVERIFY(left(*edited, 2) != left(*run(config()), 2));
        for (int group = 0; group < 3; ++group)
            QCOMPARE(left(*edited, group), left(*other, group));
        QVERIFY(edited->output.identical(other->output));
        QCOMPARE(analysis::thresholdOf(*edited, "stages.1.keep"), std::optional(0.45));
        QCOMPARE(analysis::thresholdOf(*other, "stages.1.keep"), std::optional(0.45));
        QCOMPARE(analysis::thresholdOf(*run(config({{"rule", "contrast"}})), "stages.1.keep"), std::nullopt);
    }

    void theOtherFateIsARunOfItsOwn()
    {
        const TracePtr base = run(config());
        const WeightsPtr weights = ruleWeights(iaRed2, config());
        const Record map = analysis::counterfactualFates(iaRed2, *weights, base, "stages.1.keep", 3);
        const std::vector<int> before = left(*base, 0), after = left(*base, 1);
        QVERIFY(before.size() > after.size() && after.size() > 1);
        int asked = 0;
        for (int token = 0; token < 65; ++token) {
            const float change = map.value.data()[token];
            if (token == 0 || !has(before, token)) {
                QVERIFY(std::isnan(change));
                continue;
            }
            ++asked;
            const std::string verb = has(after, token) ? "drop" : "keep";
            const TracePtr other = run(config(), {"stages.1.keep." + std::to_string(token) + "=" + verb});
            QCOMPARE(change, other->output.data()[3] - base->output.data()[3]);
        }
        QCOMPARE(asked, static_cast<int>(before.size()) - 1);
        FOVEA_THROWS(analysis::counterfactualFates(iaRed2, *weights, base, "stages.7.keep", 3), Error,
            "stages.7.keep");
        FOVEA_THROWS(analysis::counterfactualFates(iaRed2, *weights, base, "stages.1.keep", 10), Error,
            "class 10 of 10");
    }

    /// In the masked form every layer has all tokens, and what was dropped has a pattern of 0.
    void rolloutOfFewerTokensIsThatOfTheMaskedForm()
    {
        const TracePtr removed = run(config()), masked = run(config({{"form", "masked"}}));
        QVERIFY(shapeOf(*removed->find("blocks.2.attn.pattern"))[2] < 65);
        const Record one = analysis::rollout(analysis::patternsOf(*removed)), // of blocks.0's tokens
            other = analysis::rollout(analysis::patternsOf(*masked));
        const TokenLayout &few = *one.queries, &all = *other.queries;
        QCOMPARE(few.tokens(), static_cast<int>(left(*removed, 0).size()));
        double largest = 0;
        for (int key = 0; key < few.tokens(); ++key) {
            const int place = few.isSpecial(key) ? 0 : all.tokenAt(few.centre(key));
            largest = std::max(largest,
                static_cast<double>(
                    std::abs(one.value.data()[key] - other.value.data()[place]))); // the class's row
        }
        QVERIFY2(largest < 1e-6, qPrintable(QString::number(largest)));
    }

    void costsStandBesideTheWholeModel()
    {
        const WeightsPtr weights = ruleWeights(iaRed2, config());
        const TracePtr trace = run(config());
        const analysis::TokenCost cost = analysis::measureTokenCost(iaRed2, *weights, *trace, 3);
        QVERIFY(cost.logits.identical(trace->output));
        QVERIFY(cost.fullLogits.identical(run(config({{"threshold", "1e-9"}}))->output));
        // products of a block on n tokens: 12 n C^2 + 2 n^2 C (shared/reference/ia_red2.md); what is left out
        // of the last one where nobody looks, the embedding and the head are the same for both
        const auto block = [](double n) { return 12 * n * 24 * 24 + 2 * n * n * 24; };
        const double n0 = static_cast<double>(left(*trace, 0).size()),
                     n1 = static_cast<double>(left(*trace, 1).size());
        const double interpreters = 3 * 24 * ((65 - n0) + (65 - n1)); // N H C of those that come later
        const double saved = 2 * block(65) - block(n0) - block(n1) + interpreters;
        const double last = static_cast<double>(cost.fullMacs - cost.macs) - saved;
        const double n2 = static_cast<double>(left(*trace, 2).size());
        QVERIFY2(last >= 0 && last <= block(65) - block(n2) + 1, qPrintable(QString::number(last)));
        QVERIFY(cost.seconds > 0 && cost.fullSeconds > 0);
    }
};

QTEST_APPLESS_MAIN(TestIaRed2Fates)
#include "tst_ia_red2_fates.moc"
