// Attention weighed by its gradients, against cases solved by hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/gradient_attention.h"
#include "core/analysis/relevance_question.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;

namespace {

using Floats = std::vector<float>;

const LayoutPtr two = TokenLayout::image(1, 2, 20, 10);

RecordPtr record(const std::string& path, const Floats& values, Index heads = 1, Index groups = 1)
{
    auto one = std::make_shared<Record>();
    one->info.path = path;
    one->info.kind = Kind::Attention;
    one->value = Tensor::of<float>({groups, heads, 2, 2}, values);
    one->axes = defaultAxes(one->info, one->value.shape());
    one->queries = one->keys = two;
    return one;
}

AttentionGradients layersOf(const std::vector<std::pair<Floats, Floats>>& layers, Index heads = 1)
{
    AttentionGradients all;
    for (const auto& [pattern, gradient] : layers) {
        all.patterns.push_back(record("pattern", pattern, heads));
        all.gradients.push_back(record("grad.pattern", gradient, heads));
    }
    return all;
}

bool near(const LayerMap& found, const LayerMap& expected)
{
    return found.size() == expected.size() && test::relativeDifference(found, expected) < 1e-6;
}

}

class TestRelevanceGradients : public QObject {
    Q_OBJECT

private slots:
    void relevanceGrowsLayerByLayer()
    {
        // A_bar of the layers: [[.5, 0], [0, 3]] and [[1, 0], [1, 1]]; R1 = [[1.5, 0], [0, 4]], R2 = R1 +
        // A_bar2 R1
        const auto layers
            = layersOf({{{0.5F, 0.5F, 0, 1}, {1, -1, 2, 3}}, {{0.25F, 0.75F, 0.5F, 0.5F}, {4, 0, 2, 2}}});
        QVERIFY(near(gradientAttention(layers), {3, 0, 1.5, 8}));
        QVERIFY(near(gradientAttention(layers, 1), {2, 0, 1, 2})); // 1 + A_bar2
    }

    void headsAreClampedBeforeTheirMeanOrAfterIt()
    {
        const Floats ones(8, 1);
        const auto layers
            = layersOf({{ones, {-1, 2, 1, 1, 1, 2, 1, -3}}}, 2); // products -1 and 1, ..., 1 and -3
        QVERIFY(near(gradientAttention(layers), {1.5, 2, 1, 1.5}));
        // mean first: 0, 2, 1, (-1)^+; half of it and half of the identity, rows over their sums
        QVERIFY(near(gradientRollout(layers, {}), {0.5 / 1.5, 1 / 1.5, 0.5, 0.5}));
    }

    void thePublishedVariantDividesColumnsAndMayDropTheFirst()
    {
        const auto layers = layersOf({{{0.1F, 0.5F, 0.4F, 0.9F}, Floats(4, 1)}});
        RolloutOptions options;
        options.discard = 0.25; // the smallest of four, the first token's own
        QVERIFY(near(gradientRollout(layers, options), {0.55 / 0.8, 0.25 / 0.8, 0.2 / 1.15, 0.95 / 1.15}));
        options.variant = RolloutVariant::VitExplain;
        QVERIFY(near(gradientRollout(layers, options), {0.5 / 0.75, 0.25 / 1.15, 0.2 / 0.75, 0.95 / 1.15}));
    }

    void layersThatCannotBeMultipliedAreRefused()
    {
        AttentionGradients windows;
        windows.patterns = {record("pattern", Floats(8, 0.5F), 1, 2)};
        windows.gradients = windows.patterns;
        FOVEA_THROWS(gradientAttention(windows), Error, "cannot be multiplied");
        FOVEA_THROWS(
            gradientAttention(layersOf({{Floats(4, 1), Floats(4, 1)}}), 1), Error, "start layer 1 of 1");
    }

    // folders of digits, in the order of their names
    void aClassIsALabelBeforeItIsANumber()
    {
        Weights::Parts parts;
        parts.labels = {"0", "1", "10", "11", "2"};
        const Weights weights(std::move(parts));
        const Tensor logits = Tensor::of<float>({1, 6}, Floats{0, 0, 0, 9, 0, 0});
        QCOMPARE(classNamed("2", weights, logits), 4);
        QCOMPARE(classNamed("10", weights, logits), 2);
        QCOMPARE(classNamed("3", weights, logits), 3); // no label is called that
        QCOMPARE(classNamed("5", weights, logits), 5); // nor has it one
        QCOMPARE(classNamed("", weights, logits), 3);
        FOVEA_THROWS(classNamed("6", weights, logits), UsageError, "a number from 0 to 5, found '6'");
    }
};

QTEST_APPLESS_MAIN(TestRelevanceGradients)
#include "tst_relevance_gradients.moc"
