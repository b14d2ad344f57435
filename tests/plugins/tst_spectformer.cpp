// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/contract.h"
#include "core/source/execute.h"

#include "tests/plugins/spectformer_room.h"

using namespace fovea;
using namespace fovea::test;

namespace {

/// The contract knows one tiny config of a source: this one's is of the other form.
class Hierarchical final : public Spectformer {
public:
    explicit Hierarchical(bool hasTokenLabels)
        : hasTokenLabels_(hasTokenLabels)
    {
    }
    Config tinyConfig() const override { return tinyHierarchical(hasTokenLabels_); }

private:
    bool hasTokenLabels_;
};

QString text(const std::vector<Finding>& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines.append(QString::fromStdString(finding.rule + ": " + finding.problem));
    return lines.join("\n");
}

Index learned(const Config& config)
{
    Index count = 0;
    for (const ParameterInfo& info : spectformer.manifest(config))
        if (info.role == ParameterRole::Parameter)
            count += info.shape.count();
    return count;
}

}

class TestSpectformer : public QObject {
    Q_OBJECT
private slots:
    // Counts of the sheet spectformer.md.
    void presetsHaveTheirPublishedSize()
    {
        const std::pair<const char*, Index> sizes[] = {{"ti", 9158376}, {"xs", 20028520}, {"s", 32449768},
            {"b", 57159656}, {"h-s", 22226928}, {"h-b", 33052880}, {"h-l", 54675792}};
        for (const auto& [preset, expected] : sizes)
            QCOMPARE(learned(presetConfig(spectformer, preset)), expected);
        const std::pair<const char*, Index> withoutLabels[]
            = {{"h-s", 21777928}, {"h-b", 32539880}, {"h-l", 54162792}};
        for (const auto& [preset, expected] : withoutLabels)
            QCOMPARE(learned(with(presetConfig(spectformer, preset), {{"token_label", "no"}})), expected);
    }

    void headsAndAlphaChangeNoOtherSize()
    {
        const Config tiny = presetConfig(spectformer, "ti");
        QCOMPARE(learned(with(tiny, {{"heads", "8"}})), learned(tiny));
        // A filter of 14 x 8 bins of 256 channels for the four matrices of attention and their biases.
        const Index perBlock = 2 * 14 * 8 * 256 - 4 * 256 * 257;
        QCOMPARE(learned(with(tiny, {{"alpha", "5"}})), learned(tiny) + perBlock);
        QCOMPARE(learned(with(tiny, {{"alpha", "0"}})), learned(tiny) - 4 * perBlock);
    }

    void contradictionsAreRefused()
    {
        const auto refuses = [](const char* field, const char* value, const Config& config) {
            FOVEA_THROWS(spectformer.manifest(with(config, {{field, value}})), Error, field);
        };
        for (const auto& [field, value] : {std::pair{"heads", "5"}, {"patch_size", "7"}, {"alpha", "4"}})
            refuses(field, value, tinyVanilla(2));
        for (const auto& [field, value] : {std::pair{"image_size", "100"}, {"dims", "6,8,12"},
                 {"dims", "6,8,12,16,"}, {"depths", "1,0,1,1"}, {"mlp_ratios", "2,2,x,2"}, {"head_dim", "5"}})
            refuses(field, value, tinyHierarchical());
        spectformer.manifest(with(tinyVanilla(2), {{"dims", "no list"}})); // of the other form: not read
    }

    void everyDeclaredSignalIsShownOnce_data() { addForms(); }
    void everyDeclaredSignalIsShownOnce()
    {
        const Config config = chosenForm();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        std::vector<std::string> declared, shown;
        for (const SignalInfo& info : spectformer.signalInfos(config))
            declared.push_back(info.path);
        for (const RecordPtr& record : trace->steps.front()->all())
            shown.push_back(record->path());
        QCOMPARE(shown, declared);
    }

    /// `vanilla` keeps it in tst_contract.
    void theHierarchicalFormKeepsTheContract()
    {
        for (const bool hasTokenLabels : {true, false})
            QCOMPARE(text(checkContract(Hierarchical(hasTokenLabels))), QString());
    }

    void theFirstAlphaBlocksFilterAndTheOthersAttend()
    {
        for (const int alpha : {0, 1, 3}) {
            const Config config = tinyVanilla(alpha);
            const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
            for (int i = 0; i < 3; ++i) {
                const std::string block = "blocks." + std::to_string(i);
                QCOMPARE(trace->find(block + ".filter.out") != nullptr, i < alpha);
                QCOMPARE(trace->find(block + ".attn.pattern") != nullptr, i >= alpha);
            }
        }
    }

    void theClassTokenAloneAsksAndSeesAll()
    {
        const Config config = tinyHierarchical();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        const RecordPtr pattern = trace->find("post_network.0.attn.pattern");
        QCOMPARE(test::text(pattern->value.shape()), "[1, 4, 1, 5]"); // 2 x 2 patches
        QCOMPARE(pattern->queries->tokens(), 1);
        QVERIFY(pattern->queries->isSpecial(0));
        QCOMPARE(pattern->keys->tokens(), 5);
        QCOMPARE(pattern->keys->specialNames(), std::vector<std::string>{"cls"});
    }

    /// logits = those of the class token and half of the largest of the patches'.
    void tokenLabelsAddTheBestPatch()
    {
        const Config config = tinyHierarchical();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        const Tensor cls = trace->find("head.out")->value, patches = trace->find("aux_head.out")->value;
        QCOMPARE(test::text(patches.shape()), "[4, 7]");
        for (Index c = 0; c < 7; ++c) {
            float best = patches.data()[c];
            for (Index t = 1; t < 4; ++t)
                best = std::max(best, patches.data()[t * 7 + c]);
            QVERIFY(std::abs(trace->output.data()[c] - (cls.data()[c] + best / 2)) < 1e-5F);
        }
    }

    void threadsChangeNoBit_data() { addForms(); }
    void threadsChangeNoBit()
    {
        const Config config = chosenForm();
        const WeightsPtr weights = ruleWeights(spectformer, config);
        const auto outputOf = [&](int threads) {
            RunOptions options;
            options.pool = std::make_shared<Pool>(threads);
            Run run(*weights, options);
            return spectformer.forward(run, config, input(config, 2));
        };
        const Tensor alone = outputOf(1);
        for (const int threads : {2, 3})
            QVERIFY(outputOf(threads).identical(alone));
    }

    /// Filters and positions for another picture: what they must become is gfnet's rule, in core/parts.
    void anotherResolutionRuns()
    {
        for (const auto& [before, side] : {std::pair{tinyVanilla(2), "64"}, {tinyHierarchical(), "96"}}) {
            const Config after = with(before, {{"image_size", side}});
            const WeightsPtr weights = ruleWeights(spectformer, before);
            Weights::Parts parts = weights->parts();
            parts.config = after;
            parts.parameters = spectformer.resized(before, after, std::move(parts.parameters));
            for (const ParameterInfo& info : spectformer.manifest(after))
                QCOMPARE(test::text(parts.parameters[info.name].shape()), test::text(info.shape));
            QVERIFY(allFinite(execute(spectformer, Weights(std::move(parts)), input(after))->output));
            const NamedTensors same = spectformer.resized(before, before, weights->parts().parameters);
            for (const auto& [name, value] : weights->parts().parameters)
                QVERIFY(same[name].same(value));
        }
    }
};

QTEST_APPLESS_MAIN(TestSpectformer)
#include "tst_spectformer.moc"
