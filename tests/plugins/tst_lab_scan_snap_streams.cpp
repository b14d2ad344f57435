// The official random streams against what Python's and PyTorch's generators themselves gave.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/layout.h"
#include "plugins/lab_scan_snap/official_streams.h"

#include "tests/plugins/scan_snap_room.h"

#include <random>

using namespace fovea;
using namespace fovea::test;
using namespace fovea::plugin::scan_snap;

namespace {

/// One draw: the index whose count it raises.
std::size_t drawOne(const Multinomial& from, Mersenne& stream)
{
    std::vector<std::uint32_t> words(2);
    stream.fill(words);
    std::vector<double> counts(from.size());
    from.count(words, counts);
    return static_cast<std::size_t>(std::ranges::find(counts, 1.0) - counts.begin());
}

/// [PyTorch's stream behind the weights of a model for that layout]
Mersenne afterWeights(std::uint32_t seed, const Layout& layout)
{
    Mersenne torch = Mersenne::fromWord(seed + 2);
    const auto m = static_cast<std::size_t>(layout.vocabulary);
    linearWeights(torch, m, m);
    linearWeights(torch, m, m);
    return torch;
}

}

class TestLabScanSnapStreams : public QObject {
    Q_OBJECT
private slots:
    void wordsAreThoseOfTheStandardLibrary()
    {
        for (const std::uint32_t seed : {0U, 1U, 4294967295U}) {
            std::mt19937 expected(seed);
            Mersenne found = Mersenne::fromWord(seed);
            for (int i = 0; i < 2000; ++i)
                QCOMPARE(found.next(), static_cast<std::uint32_t>(expected()));
            std::vector<std::uint32_t> many(1700);
            found.fill(many);
            for (const std::uint32_t word : many)
                QCOMPARE(word, static_cast<std::uint32_t>(expected()));
        }
    }

    void aStreamGoesOnFromItsState()
    {
        Mersenne stream = Mersenne::fromNumber(77);
        for (const std::size_t count : {0U, 1U, 623U, 1U, 624U, 100U}) {
            std::vector<std::uint32_t> some(count);
            stream.fill(some);
            Mersenne copy = Mersenne::fromState(stream.state());
            QVERIFY(copy.state().identical(stream.state()));
            Mersenne other = stream;
            for (int i = 0; i < 1300; ++i)
                QCOMPARE(copy.next(), other.next());
        }
        FOVEA_THROWS(Mersenne::fromState(Tensor::zeros({3}, DType::I32)), Error, "624", "[3]");
    }

    void choicesArePythons()
    {
        const QJsonObject seeds = fixture("scan_snap/streams.json")["choice"].toObject();
        QVERIFY(seeds.size() == 5);
        for (auto seed = seeds.begin(); seed != seeds.end(); ++seed)
            for (const QString& count : seed->toObject().keys()) {
                Mersenne python = Mersenne::fromNumber(seed.key().toULongLong());
                for (const double expected : numbersOf(seed->toObject()[count]))
                    QCOMPARE(chooseOne(python, count.toUInt()), static_cast<std::uint32_t>(expected));
            }
    }

    void weightsAndDrawsArePyTorchs()
    {
        Language language;
        language.common = 0;
        language.distinct = 13;
        const Layout layout(language);
        const QJsonObject seeds = fixture("scan_snap/streams.json")["torch"].toObject();
        QVERIFY(seeds.size() == 3);
        for (auto seed = seeds.begin(); seed != seeds.end(); ++seed) {
            Mersenne torch = Mersenne::fromWord(seed.key().toUInt());
            const std::vector<float> found = linearWeights(torch, 33, 33);
            const std::vector<double> first = numbersOf(seed->toObject()["first"]);
            for (std::size_t i = 0; i < first.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(found[i]) - first[i]) < 1e-8);
            const Multinomial tokens(layout.officialProbabilities);
            for (const double expected : numbersOf(seed->toObject()["drawn"]))
                QCOMPARE(drawOne(tokens, torch), static_cast<std::size_t>(expected));
        }
    }

    /// Every threshold of a distribution, from both sides, against a search from the front.
    void aDrawIsTheFirstWhoseSumReachesIt()
    {
        const std::vector<float> probabilities{.1F, .0003F, .0001F, .5F, 1e-7F, .2F, .1996F};
        const Multinomial tokens(probabilities);
        float sum = 0, whole = 0;
        for (const float p : probabilities)
            whole += p;
        std::vector<double> ends;
        for (const float p : probabilities)
            ends.push_back(static_cast<double>((sum += p) / whole));
        ends.back() = 1;
        for (const double end : ends)
            for (const int beside : {-2, -1, 0, 1, 2}) {
                const std::uint64_t draw = std::clamp<std::uint64_t>(
                    static_cast<std::uint64_t>(std::ldexp(end, 53)) + static_cast<std::uint64_t>(beside), 0,
                    (std::uint64_t{1} << 53) - 1);
                const double u = std::ldexp(static_cast<double>(draw), -53);
                const auto expected
                    = std::ranges::find_if(ends, [&](double e) { return e >= u; }) - ends.begin();
                std::vector<double> counts(ends.size());
                const std::vector<std::uint32_t> words{
                    static_cast<std::uint32_t>(draw >> 32) | 0xFFE00000U, static_cast<std::uint32_t>(draw)};
                tokens.count(words, counts);
                QCOMPARE(counts[static_cast<std::size_t>(expected)], 1.0);
            }
    }

    void theFirstBatchIsTheOfficialOne()
    {
        const QJsonObject golden = sharedReference()["rng_check_seed2"].toObject();
        const Layout layout{Language()};
        Mersenne start = Mersenne::fromWord(4);
        const auto m = static_cast<std::size_t>(layout.vocabulary);
        for (const char* name : {"K1_first8", "K2_first8"}) {
            const std::vector<float> found = linearWeights(start, m, m);
            const std::vector<double> expected = numbersOf(golden[name]);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(found[i]) - expected[i]) < 1e-8);
        }
        Mersenne torch = afterWeights(2, layout), python = Mersenne::fromNumber(2);
        const Multinomial tokens(layout.officialProbabilities);
        for (const QJsonValue sample : golden["batch0"].toArray()) {
            const SequenceClass& one = layout.classes[chooseOne(python, 2)];
            QCOMPARE(one.label, Index{sample["label"].toInt()});
            double sum = 0;
            const std::vector<double> first = numbersOf(sample["first24_support_index"]);
            for (std::size_t i = 0; i < 127; ++i) {
                const std::size_t index = drawOne(tokens, torch);
                sum += static_cast<double>(index);
                if (i < first.size())
                    QCOMPARE(index, static_cast<std::size_t>(first[i]));
            }
            QCOMPARE(sum, sample["sum_of_127"].toDouble());
        }
    }
};

QTEST_APPLESS_MAIN(TestLabScanSnapStreams)
#include "tst_lab_scan_snap_streams.moc"
