// Patches taken away: what a model answers without them, and that the curves made of it tell a true map from
// chance.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rank_correlation.h"
#include "core/analysis/removal_curve.h"

#include "tests/plugins/relevance_room.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

using Sets = std::vector<std::vector<int>>;

}

class TestVitRemoval : public QObject {
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
            for (const std::size_t i : {0U, 6U, 7U, 8U, 20U, 40U, 41U})
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
        const Ruled cls({"blocks.1.out.cls=off"}), fifth({"blocks.1.out.5=off"});
        const PatchRemover keepsItsNumber(cls.question, Removal::Sequence, {});
        const PatchRemover keepsAllTokens(fifth.question, Removal::Mean, {});
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
};

QTEST_APPLESS_MAIN(TestVitRemoval)
#include "tst_vit_removal.moc"
