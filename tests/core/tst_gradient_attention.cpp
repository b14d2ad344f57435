// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention.h"
#include "core/nn/elementwise.h"

#include "tests/support/gradient.h"

using namespace fovea;
using namespace fovea::test;

namespace {

constexpr float scale = 0.6F;

/// Extents of q [B, h, n, d], k [B, h, m, d] and v [B, h, m, e].
struct Sizes {
    Index batch, heads, queries, keys, channels, valueChannels;

    Shape q() const { return {batch, heads, queries, channels}; }
    Shape k() const { return {batch, heads, keys, channels}; }
    Shape v() const { return {batch, heads, keys, valueChannels}; }
    Index rows() const { return batch * heads * queries; }
};

/// Where an element of a head stands among the doubles of its tensor.
using Place = std::function<std::size_t(Index head, Index token, Index channel)>;

Place inHeads(Index tokens, Index channels)
{
    return [=](Index head, Index token, Index c) {
        return static_cast<std::size_t>((head * tokens + token) * channels + c);
    };
}

/// Part `which` of three in [B, n, 3 h d]; `head` counts samples too.
Place inPacked(const Sizes& s, Index which)
{
    return [=](Index head, Index token, Index c) {
        const Index b = head / s.heads, h = head % s.heads;
        return static_cast<std::size_t>(
            ((b * s.queries + token) * 3 * s.heads + which * s.heads + h) * s.channels + c);
    };
}

Doubles naivePattern(const Sizes& s, const Doubles& q, const Place& qAt, const Doubles& k, const Place& kAt)
{
    Doubles scores;
    for (Index row = 0; row < s.rows(); ++row)
        for (Index j = 0; j < s.keys; ++j) {
            const Index head = row / s.queries, i = row % s.queries;
            double sum = 0;
            for (Index c = 0; c < s.channels; ++c)
                sum += q[qAt(head, i, c)] * k[kAt(head, j, c)];
            scores.push_back(static_cast<double>(scale) * sum);
        }
    return naiveSoftmax(scores, static_cast<std::size_t>(s.keys));
}

/// pattern v, merged over heads: [B, n, h e]
Doubles naiveApplied(const Sizes& s, const Doubles& pattern, const Doubles& v, const Place& vAt)
{
    Doubles z(static_cast<std::size_t>(s.rows() * s.valueChannels));
    for (Index row = 0; row < s.rows(); ++row)
        for (Index c = 0; c < s.valueChannels; ++c) {
            const Index head = row / s.queries, b = head / s.heads, i = row % s.queries;
            double sum = 0;
            for (Index j = 0; j < s.keys; ++j)
                sum += pattern[static_cast<std::size_t>(row * s.keys + j)] * v[vAt(head, j, c)];
            z[static_cast<std::size_t>(
                ((b * s.queries + i) * s.heads + head % s.heads) * s.valueChannels + c)]
                = sum;
        }
    return z;
}

Differentiated separateCase(const Sizes& s)
{
    Differentiated d;
    d.inputs.set("q", noise(s.q(), "q", 2));
    d.inputs.set("k", noise(s.k(), "k", 2));
    d.inputs.set("v", noise(s.v(), "v"));
    d.run = [](Run& run, const NamedTensors& t) {
        return nn::attention(
            run, nn::headsOf(t["q"]), nn::headsOf(t["k"]), nn::headsOf(t["v"]), {scale, {}, {}});
    };
    d.naive = [s](const DoublesByName& t) {
        const Place k = inHeads(s.keys, s.channels);
        const Doubles pattern = naivePattern(s, t.at("q"), inHeads(s.queries, s.channels), t.at("k"), k);
        return naiveApplied(s, pattern, t.at("v"), inHeads(s.keys, s.valueChannels));
    };
    return d;
}

Differentiated packedCase(const Sizes& s)
{
    Differentiated d;
    d.inputs.set("qkv", noise({s.batch, s.queries, 3 * s.heads * s.channels}, "qkv", 2));
    d.run = [s](Run& run, const NamedTensors& t) {
        const auto part
            = [&](int which) { return nn::unpacked(t["qkv"], which, 3, static_cast<int>(s.heads)); };
        return nn::attention(run, part(0), part(1), part(2), {scale, {}, {}});
    };
    d.naive = [s](const DoublesByName& t) {
        const Doubles& qkv = t.at("qkv");
        return naiveApplied(
            s, naivePattern(s, qkv, inPacked(s, 0), qkv, inPacked(s, 1)), qkv, inPacked(s, 2));
    };
    return d;
}

/// The same times 0, but for one of its `count` elements.
Differentiated readingOne(Differentiated d, Index count, Index element)
{
    Tensor mask = Tensor::zeros({count});
    mask.writable()[static_cast<std::size_t>(element)] = 1;
    d.fixed.set("mask", mask);
    d.run = [inner = d.run, count](Run& run, const NamedTensors& in) {
        return nn::scaledChannels(run, inner(run, in).reshaped({1, count}), run.weight("mask", ""));
    };
    d.naive = [inner = d.naive, element](const DoublesByName& in) {
        Doubles z = inner(in);
        for (std::size_t i = 0; i < z.size(); ++i)
            z[i] *= static_cast<Index>(i) == element ? 1 : 0;
        return z;
    };
    return d;
}

/// 0 at every third element, 1 at the others.
Tensor sparse(const Shape& shape)
{
    Tensor all = Tensor::zeros(shape);
    for (Index i = 0; i < all.count(); ++i)
        all.writable().data()[i] = i % 3 == 0 ? 0.0F : 1.0F;
    return all;
}

/// A softmax over all keys becomes one over the kept ones, in the rows of kept queries; the other rows are 0.
void keepOnly(const Sizes& s, const Tensor& kept, Doubles& pattern)
{
    for (Index row = 0; row < s.rows(); ++row) {
        const float* tokens = kept.data() + row / s.queries / s.heads * s.keys;
        double sum = 0;
        for (Index j = 0; j < s.keys; ++j)
            sum += tokens[j] != 0 ? pattern[static_cast<std::size_t>(row * s.keys + j)] : 0;
        for (Index j = 0; j < s.keys; ++j)
            pattern[static_cast<std::size_t>(row * s.keys + j)]
                *= tokens[j] != 0 && tokens[row % s.queries] != 0 ? 1 / sum : 0;
    }
}

/// Rows of a softmax as they are, but for their sums, when `bias` [B, key] is added to the scores.
void addBias(const Sizes& s, const Tensor& bias, Doubles& pattern)
{
    for (Index i = 0; i < s.rows() * s.keys; ++i)
        pattern[static_cast<std::size_t>(i)] *= std::exp(
            static_cast<double>(bias.data()[i / s.keys / s.queries / s.heads * s.keys + i % s.keys]));
}

/// A probe that puts a constant in the place of one signal, and keeps the gradients it is shown.
struct Watching final : Probe {
    std::string replaced, wanted;
    std::map<std::string, Tensor> gradients;

    Want wants(std::string_view path, std::size_t) override
    {
        return path == replaced || path == wanted || path.starts_with("grad.") ? Want::Value : Want::Nothing;
    }
    Tensor show(const Shown& shown, const Tensor& value) override
    {
        if (shown.path.starts_with("grad."))
            gradients[std::string(shown.path)] = value.clone();
        return shown.path == replaced ? value.clone() : value;
    }
    Tensor pullBack(const Shown&, const Tensor&, const Tensor& gradient) override { return gradient; }
};

/// Gradients of attention on `d` under a probe, by path and by input.
std::map<std::string, Tensor> watchedGradients(const Differentiated& d, Watching& probe, bool watchesInputs)
{
    const Weights none = weightsOf({});
    Tape tape({{}, {"*"}});
    if (watchesInputs)
        for (const auto& [name, tensor] : d.inputs)
            tape.watch(tensor);
    RunOptions options;
    options.tape = &tape;
    options.probe = &probe;
    Run run(none, options);
    const Tensor z = d.run(run, d.inputs);
    tape.backward(run, z, noise(z.shape(), "cotangent"));
    std::map<std::string, Tensor> all = probe.gradients;
    for (const auto& [name, tensor] : d.inputs)
        if (watchesInputs)
            all[name] = tape.gradient(tensor);
    return all;
}

}

class TestGradientAttention : public QObject {
    Q_OBJECT
private slots:
    void separateHeadsAgreeWithCentralDifferences_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(sizes)); ++i)
            QTest::addRow("%d", i) << i;
    }
    void separateHeadsAgreeWithCentralDifferences()
    {
        QFETCH(const int, index);
        FOVEA_GRADIENTS_AGREE(separateCase(sizes[index]));
    }

    /// One query of one head has a gradient; the others, blocks of them and whole heads, are left out of the
    /// backward.
    void oneQueryReadAgreesWithCentralDifferences()
    {
        const Sizes s{2, 2, 130, 21, 1, 1};
        for (const Index query : {5, 122}) // of the first and of the second block
            FOVEA_GRADIENTS_AGREE(readingOne(separateCase(s), s.rows(), query * s.heads + 1));
        const Sizes packed{1, 1, 10, 10, 2, 2};
        FOVEA_GRADIENTS_AGREE(readingOne(packedCase(packed), 20, 7));
    }

    void packedHeadsAgreeWithCentralDifferences()
    {
        FOVEA_GRADIENTS_AGREE(packedCase({2, 3, 9, 9, 5, 5}));
        FOVEA_GRADIENTS_AGREE(packedCase({1, 1, 37, 37, 33, 33}));
    }

    /// Tokens that are not kept are no keys, and find nothing themselves; in two tiles of queries.
    void onlyKeptTokensTakePart()
    {
        const Sizes s{2, 2, 37, 37, 5, 5};
        const Tensor kept = sparse({s.batch, s.queries});
        Differentiated d = packedCase(s);
        d.run = [&](Run& run, const NamedTensors& t) {
            const auto part = [&](int which) { return nn::unpacked(t["qkv"], which, 3, 2); };
            return nn::attention(run, part(0), part(1), part(2), {scale, {}, {}, kept});
        };
        d.naive = [&](const DoublesByName& t) {
            const Doubles& qkv = t.at("qkv");
            Doubles pattern = naivePattern(s, qkv, inPacked(s, 0), qkv, inPacked(s, 1));
            keepOnly(s, kept, pattern);
            return naiveApplied(s, pattern, qkv, inPacked(s, 2));
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    /// A bias of each key adds to all its scores; in two tiles of queries, and with dropped tokens.
    void aBiasOfTheKeysAddsToTheScores()
    {
        const Sizes s{2, 2, 37, 37, 5, 5};
        const Tensor kept = sparse({s.batch, s.queries}), bias = noise({s.batch, s.keys}, "bias");
        Differentiated d = packedCase(s);
        nn::AttentionTaken taken;
        d.run = [&](Run& run, const NamedTensors& t) {
            const auto part = [&](int which) { return nn::unpacked(t["qkv"], which, 3, 2); };
            return nn::attention(run, part(0), part(1), part(2), {scale, {}, {}, kept, bias, &taken});
        };
        Doubles pattern;
        d.naive = [&](const DoublesByName& t) {
            const Doubles& qkv = t.at("qkv");
            pattern = naivePattern(s, qkv, inPacked(s, 0), qkv, inPacked(s, 1));
            addBias(s, bias, pattern);
            keepOnly(s, kept, pattern);
            return naiveApplied(s, pattern, qkv, inPacked(s, 2));
        };
        FOVEA_GRADIENTS_AGREE(d);
        // and what a reduction goes by is the first row of each head
        d.naive({{"qkv", d.inputs["qkv"].toDoubles()}});
        QCOMPARE(text(taken.firstPattern.shape()), text(Shape{2, 2, 37}));
        const std::vector<double> first = taken.firstPattern.toDoubles();
        for (std::size_t i = 0; i < first.size(); ++i)
            QVERIFY(std::abs(first[i] - pattern[i / 37 * 37 * 37 + i % 37]) < 1e-5);
    }

    /// Queries and keys are one tensor, of whose heads the gradients meet.
    void tiedQueriesAndKeysAddUp()
    {
        const Sizes s{2, 2, 7, 7, 4, 4};
        Differentiated d = separateCase(s);
        NamedTensors inputs;
        inputs.set("q", d.inputs["q"]);
        inputs.set("v", d.inputs["v"]);
        d.inputs = inputs;
        d.run = [](Run& run, const NamedTensors& t) {
            const nn::Heads q = nn::headsOf(t["q"]);
            return nn::attention(run, q, q, nn::headsOf(t["v"]), {scale, {}, {}});
        };
        d.naive = [naive = d.naive](DoublesByName t) {
            t["k"] = t["q"];
            return naive(t);
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void aPartOfAPackedTensorLeavesTheRestZero()
    {
        const Sizes s{2, 2, 6, 6, 4, 4};
        Differentiated d = packedCase(s);
        d.inputs.set("v", noise(s.v(), "v"));
        d.run = [](Run& run, const NamedTensors& t) {
            const nn::Heads k = nn::unpacked(t["qkv"], 1, 3, 2);
            const Tensor v = nn::merged(run, nn::gathered(run, nn::headsOf(t["v"])));
            return nn::attention(
                run, nn::unpacked(t["qkv"], 0, 3, 2), k, nn::unpacked(v, 0, 1, 2), {scale, {}, {}});
        };
        d.naive = [s](const DoublesByName& t) {
            const Doubles& qkv = t.at("qkv");
            return naiveApplied(s, naivePattern(s, qkv, inPacked(s, 0), qkv, inPacked(s, 1)), t.at("v"),
                inHeads(s.keys, s.channels));
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void appliedPatternsAgreeWithCentralDifferences()
    {
        const Sizes s{2, 2, 19, 35, 1, 37};
        Differentiated d;
        d.inputs.set("pattern", noise({s.batch, 1, s.heads, s.queries, s.keys}, "pattern"));
        d.inputs.set("v", noise(s.v(), "v"));
        d.run = [](Run& run, const NamedTensors& t) {
            return nn::applyPattern(run, t["pattern"], nn::headsOf(t["v"]));
        };
        d.naive = [s](const DoublesByName& t) {
            return naiveApplied(s, t.at("pattern"), t.at("v"), inHeads(s.keys, s.valueChannels));
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    /// Whether z comes from q, k and v at once, or from a pattern or scores that a probe put in their place
    /// (the same numbers here), every gradient is the same.
    void theCutsOfAnEditAgreeWithTheWhole_data()
    {
        QTest::addColumn<QString>("signal");
        for (const char* signal : {"scores", "pattern", "q", "k", "v", "head"})
            QTest::newRow(signal) << QString(signal);
    }
    void theCutsOfAnEditAgreeWithTheWhole()
    {
        QFETCH(const QString, signal);
        const Differentiated d = separateCase({2, 2, 130, 21, 5, 7});
        Watching plain, cut;
        cut.replaced = signal.toStdString();
        const auto expected = watchedGradients(d, plain, true), found = watchedGradients(d, cut, true);
        QCOMPARE(
            expected.size(), std::size_t{9}); // q, k, v as inputs; q, k, v, scores, pattern, head as signals
        for (const auto& [name, gradient] : expected) {
            QVERIFY2(found.contains(name), name.c_str());
            QVERIFY2(relativeDifference(found.at(name), gradient) < 1e-5, name.c_str());
        }
    }

    /// dP = dz v^T, with nothing watched before it.
    void aPatternsGradientNeedsNothingElse()
    {
        const Sizes s{2, 2, 130, 21, 5, 7};
        const Differentiated d = separateCase(s);
        Watching probe;
        const auto found = watchedGradients(d, probe, false);
        const Tensor gradient = found.at("grad.pattern");
        const Tensor c = noise({s.batch, s.queries, s.heads * s.valueChannels}, "cotangent");
        Doubles expected;
        for (Index row = 0; row < s.rows(); ++row)
            for (Index j = 0; j < s.keys; ++j) {
                const Index head = row / s.queries, b = head / s.heads, i = row % s.queries;
                double sum = 0;
                for (Index e = 0; e < s.valueChannels; ++e)
                    sum += static_cast<double>(
                               c.data()[((b * s.queries + i) * s.heads + head % s.heads) * s.valueChannels
                                   + e])
                        * static_cast<double>(
                            d.inputs["v"].data()[(head * s.keys + j) * s.valueChannels + e]);
                expected.push_back(sum);
            }
        QVERIFY(relativeDifference(gradient.toDoubles(), expected) < 1e-6);
    }

    void threadsChangeNoBit()
    {
        Differentiated d = packedCase({3, 2, 250, 250, 16, 16});
        const EngineGradients alone = engineGradients(d);
        for (const int threads : {2, 3}) {
            d.threads = threads;
            QVERIFY(engineGradients(d).gradients["qkv"].identical(alone.gradients["qkv"]));
        }
    }

private:
    static constexpr Sizes sizes[] = {{1, 1, 1, 1, 1, 1}, {2, 3, 9, 9, 5, 5}, {1, 2, 13, 40, 8, 3},
        {2, 1, 40, 13, 33, 65}, {1, 1, 125, 9, 4, 4}, {1, 2, 3, 1, 6, 2}};
};

QTEST_APPLESS_MAIN(TestGradientAttention)
#include "tst_gradient_attention.moc"
