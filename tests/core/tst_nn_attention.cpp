// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention.h"
#include "core/nn/softmax.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

#include <map>

using namespace fovea;
using namespace fovea::test;

namespace {

const Weights none = weightsOf({});

/// Keeps every signal; wants patterns as told; puts replacements in the place of signals.
struct Watcher final : Probe {
    Want patterns = Want::Value;
    std::map<std::string, Tensor, std::less<>> seen, replacements;
    AttentionFactors factors;

    Want wants(std::string_view path, std::size_t) override
    {
        return path == "pattern" ? patterns : Want::Value;
    }
    Tensor show(const Shown& shown, const Tensor& value) override
    {
        seen[std::string(shown.path)] = value;
        const auto found = replacements.find(shown.path);
        return found == replacements.end() ? value : found->second;
    }
    void showFactors(const Shown&, const AttentionFactors& f) override { factors = f; }
};

struct Sizes {
    int batch, heads, queries, keys, channels, valueChannels;
};
constexpr Sizes sizes[] = {{1, 1, 1, 1, 1, 1}, {2, 3, 5, 7, 4, 6}, {1, 2, 13, 33, 17, 31},
    {2, 1, 130, 64, 8, 40}, {1, 3, 197, 197, 64, 64}};

struct Inputs {
    Tensor q, k, v;
    explicit Inputs(const Sizes& s)
        : q(noise({s.batch, s.heads, s.queries, s.channels}, "q"))
        , k(noise({s.batch, s.heads, s.keys, s.channels}, "k"))
        , v(noise({s.batch, s.heads, s.keys, s.valueChannels}, "v"))
    {
    }
    Tensor attend(Probe* probe = nullptr, int threads = 1) const
    {
        RunOptions options;
        options.probe = probe;
        options.pool = std::make_shared<Pool>(threads);
        Run run(none, options);
        return nn::attention(run, nn::headsOf(q), nn::headsOf(k), nn::headsOf(v), {0.3F, {}, {}});
    }
};

/// Scores [B, head, query, key] of the naive loop.
Doubles naiveScores(const Inputs& in, double scale)
{
    Doubles scores;
    const Index queries = in.q.dim(2), keys = in.k.dim(2), channels = in.q.dim(3);
    for (Index head = 0; head < in.q.dim(0) * in.q.dim(1); ++head)
        for (Index i = 0; i < queries; ++i)
            for (Index j = 0; j < keys; ++j) {
                double sum = 0;
                for (Index c = 0; c < channels; ++c)
                    sum += static_cast<double>(in.q.data()[(head * queries + i) * channels + c])
                        * static_cast<double>(in.k.data()[(head * keys + j) * channels + c]);
                scores.push_back(scale * sum);
            }
    return scores;
}

/// Patterns times values, merged over heads: [B, query, head * channel].
Doubles naiveOutput(const Inputs& in, const Doubles& pattern)
{
    const Index heads = in.q.dim(1), queries = in.q.dim(2), keys = in.k.dim(2), channels = in.v.dim(3);
    Doubles z(static_cast<std::size_t>(in.q.dim(0) * queries * heads * channels));
    for (Index b = 0; b < in.q.dim(0); ++b)
        for (Index h = 0; h < heads; ++h)
            for (Index i = 0; i < queries; ++i)
                for (Index j = 0; j < keys; ++j)
                    for (Index c = 0; c < channels; ++c)
                        z[static_cast<std::size_t>(((b * queries + i) * heads + h) * channels + c)]
                            += pattern[static_cast<std::size_t>(((b * heads + h) * queries + i) * keys + j)]
                            * static_cast<double>(in.v.data()[((b * heads + h) * keys + j) * channels + c]);
    return z;
}

}

class TestNnAttention : public QObject {
    Q_OBJECT
private slots:
    void equalsTheNaiveLoop()
    {
        for (const Sizes& s : sizes) {
            const Inputs in(s);
            const Doubles scores = naiveScores(in, 0.3F),
                          pattern = naiveSoftmax(scores, static_cast<std::size_t>(s.keys));
            Watcher watcher;
            const Tensor z = in.attend(&watcher);
            QCOMPARE(z.shape(), (Shape{s.batch, s.queries, s.heads * s.valueChannels}));
            QCOMPARE(watcher.seen["pattern"].shape(), (Shape{s.batch, 1, s.heads, s.queries, s.keys}));
            QVERIFY(relativeDifference(watcher.seen["scores"].toDoubles(), scores) < 5e-6);
            QVERIFY(relativeDifference(watcher.seen["pattern"].toDoubles(), pattern) < 2e-5);
            QVERIFY(relativeDifference(z.toDoubles(), naiveOutput(in, pattern)) < 5e-6);
            QVERIFY(watcher.seen["q"].identical(in.q) && watcher.seen["v"].identical(in.v));
        }
    }

    void watchingAndThreadsChangeNoBit()
    {
        for (const Sizes& s : sizes) {
            const Inputs in(s);
            Watcher all, factors;
            factors.patterns = Want::Factors;
            const Tensor plain = in.attend();
            QVERIFY(in.attend(&all).identical(plain));
            QVERIFY(in.attend(&factors).identical(plain));
            QVERIFY(in.attend(nullptr, 3).identical(plain));
        }
    }

    // pattern = exp(scale q . k - logSum), as AttentionFactors says.
    void factorsGiveThePattern()
    {
        const Inputs in(sizes[2]);
        Watcher all, some;
        some.patterns = Want::Factors;
        in.attend(&all);
        in.attend(&some);
        QVERIFY(!some.seen.contains("pattern"));
        const AttentionFactors& f = some.factors;
        QCOMPARE(f.q.shape(), (Shape{1, 1, 2, 13, 17}));
        Doubles pattern = naiveScores(in, static_cast<double>(f.scale));
        for (std::size_t i = 0; i < pattern.size(); ++i)
            pattern[i] = std::exp(pattern[i] - static_cast<double>(f.logSum.data()[i / 33]));
        QVERIFY(relativeDifference(all.seen["pattern"].toDoubles(), pattern) < 5e-6);
    }

    void replacedPatternMakesTheOutput()
    {
        const Inputs in(sizes[1]);
        Watcher watcher;
        watcher.replacements["pattern"] = noise({2, 1, 3, 5, 7}, "other");
        const Doubles expected = naiveOutput(in, watcher.replacements["pattern"].toDoubles());
        QVERIFY(relativeDifference(in.attend(&watcher).toDoubles(), expected) < 5e-6);
    }

    void equalPatternGivesEqualBits()
    {
        const Inputs in(sizes[2]);
        Watcher watcher;
        const Tensor z = in.attend(&watcher);
        watcher.replacements["pattern"] = watcher.seen["pattern"].clone();
        QVERIFY(in.attend(&watcher).identical(z));
    }

    void replacedScoresMakeThePatternAndTheOutput()
    {
        const Inputs in(sizes[1]);
        Watcher watcher;
        watcher.replacements["scores"] = noise({2, 1, 3, 5, 7}, "other", 3);
        const Doubles pattern = naiveSoftmax(watcher.replacements["scores"].toDoubles(), 7);
        QVERIFY(relativeDifference(in.attend(&watcher).toDoubles(), naiveOutput(in, pattern)) < 5e-6);
        QVERIFY(relativeDifference(watcher.seen["pattern"].toDoubles(), pattern) < 2e-5);
    }

    void replacedHeadIsTheOutput()
    {
        const Inputs in(sizes[1]);
        Watcher watcher;
        const Tensor z = in.attend(&watcher);
        Tensor head = watcher.seen["head"].clone();
        QCOMPARE(head.shape(), (Shape{2, 3, 5, 6}));
        std::fill_n(head.writable().begin() + 5 * 6, 5 * 6, 0.0F); // sample 0, head 1
        watcher.replacements["head"] = head;
        const Tensor edited = in.attend(&watcher);
        for (Index i = 0; i < z.count(); ++i) {
            const bool off = i / (5 * 18) == 0 && i % 18 / 6 == 1;
            QCOMPARE(edited.data()[i], off ? 0.0F : z.data()[i]);
        }
    }

    void packedProjectionIsReadInPlace()
    {
        const Tensor packed = noise({2, 5, 3 * 2 * 4}, "packed");
        Run run(none);
        for (int which = 0; which < 3; ++which) {
            const Tensor part = nn::gathered(run, nn::unpacked(packed, which, 3, 2)); // [2, 2, 5, 4]
            for (Index i = 0; i < part.count(); ++i) {
                const Index c = i % 4, t = i / 4 % 5, h = i / 20 % 2, b = i / 40;
                QCOMPARE(part.data()[i], packed.data()[(b * 5 + t) * 24 + (which * 2 + h) * 4 + c]);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestNnAttention)
#include "tst_nn_attention.moc"
