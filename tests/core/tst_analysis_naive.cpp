// Statistics of heads and hidden special tokens on the toys' own patterns (windows, other keys than queries,
// dropped and merged tokens), against loops in double precision over the plain numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_stats.h"
#include "core/analysis/head_fusion.h"
#include "core/analysis/rollout.h"
#include "core/analysis/special_tokens.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <numeric>

using namespace fovea;
using namespace fovea::analysis;

namespace {

/// The weight, and the tokens it is between, by plain indexing.
struct Plain {
    explicit Plain(const RecordPtr& pattern)
        : record(pattern)
        , shape(pattern->value.shape())
    {
    }
    double at(Index g, Index h, Index i, Index j) const
    {
        return static_cast<double>(record->value.data()[((g * shape[1] + h) * shape[2] + i) * shape[3] + j]);
    }
    int query(Index g, Index i) const { return token(record->queryIndex, g * shape[2] + i, i); }
    int key(Index g, Index j) const { return token(record->keyIndex, g * shape[3] + j, j); }
    static int token(const Tensor& index, Index place, Index otherwise)
    {
        return index.defined() ? index.values<std::int32_t>()[static_cast<std::size_t>(place)]
                               : static_cast<int>(otherwise);
    }
    /// The mean of the centres of all cells of a token.
    static Place middle(const TokenLayout& layout, int token)
    {
        double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
        for (const int cell : layout.cells(token)) {
            const double w = layout.extent().width / layout.gridCols(),
                         h = layout.extent().height / layout.gridRows();
            const int row = cell / layout.gridCols(), col = cell % layout.gridCols();
            const double x = layout.extent().x + col * w, y = layout.extent().y + row * h;
            left = std::min(left, x);
            right = std::max(right, x + w);
            top = std::min(top, y);
            bottom = std::max(bottom, y + h);
        }
        return {(left + right) / 2, (top + bottom) / 2};
    }

    RecordPtr record;
    Shape shape;
};

HeadStats naive(const RecordPtr& record, Index head)
{
    const Plain p(record);
    HeadStats sum;
    double queries = 0, patches = 0;
    for (Index g = 0; g < p.shape[0]; ++g)
        for (Index i = 0; i < p.shape[2]; ++i) {
            double entropy = 0, special = 0, weight = 0, way = 0, plainWay = 0, keys = 0;
            for (Index j = 0; j < p.shape[3]; ++j) {
                const double a = p.at(g, head, i, j);
                if (a > 0)
                    entropy -= a * std::log(a);
                if (record->keys->isSpecial(p.key(g, j))) {
                    special += a;
                    continue;
                }
                if (record->queries->isSpecial(p.query(g, i)))
                    continue;
                const Place from = Plain::middle(*record->queries, p.query(g, i)),
                            to = Plain::middle(*record->keys, p.key(g, j));
                const double d = std::sqrt(std::pow(from.x - to.x, 2) + std::pow(from.y - to.y, 2));
                weight += a;
                way += a * d;
                plainWay += d;
                keys += 1;
            }
            sum.entropy += entropy / std::log(static_cast<double>(p.shape[3]));
            sum.specialShare += special;
            queries += 1;
            if (keys > 0) {
                sum.distance += way / weight;
                sum.uniformDistance += plainWay / keys;
                patches += 1;
            }
        }
    return {sum.entropy / queries, sum.distance / patches, sum.uniformDistance / patches,
        sum.specialShare / queries};
}

void addToyPatterns()
{
    QTest::addColumn<RecordPtr>("pattern");
    for (const char* toy : {"toy_windows", "toy_drop"})
        for (const RecordPtr& pattern : patternsOf(*toys::toyTrace(toy)))
            QTest::addRow("%s %s", toy, pattern->path().c_str()) << pattern;
}

bool near(double found, double expected)
{
    return std::abs(found - expected) < 2e-6 * (1 + std::abs(expected));
}

RecordPtr made(const Shape& shape, std::vector<float> values, const LayoutPtr& layout)
{
    auto record = std::make_shared<Record>();
    record->info = {"a.pattern", Kind::Attention, "", 0, "b"};
    record->value = Tensor::of<float>(shape, values);
    record->axes = defaultAxes(record->info, shape);
    record->queries = record->keys = layout;
    return record;
}

}

Q_DECLARE_METATYPE(fovea::RecordPtr)

class TestAnalysisNaive : public QObject {
    Q_OBJECT
private slots:
    void headStatistics_data() { addToyPatterns(); }
    void headStatistics()
    {
        QFETCH(RecordPtr, pattern);
        const auto stats = headStats(*pattern);
        QCOMPARE(static_cast<Index>(stats.size()), pattern->value.dim(1));
        for (Index head = 0; head < pattern->value.dim(1); ++head) {
            const HeadStats found = stats[static_cast<std::size_t>(head)], expected = naive(pattern, head);
            QVERIFY(near(found.entropy, expected.entropy));
            QVERIFY(near(found.distance, expected.distance));
            QVERIFY(near(found.uniformDistance, expected.uniformDistance));
            QVERIFY(near(found.specialShare, expected.specialShare));
        }
    }

    void factorsGiveTheSame_data() { addToyPatterns(); }
    void factorsGiveTheSame()
    {
        QFETCH(RecordPtr, pattern);
        ExecuteOptions options;
        options.budget = 0;
        for (const char* toy : {"toy_windows", "toy_drop"}) {
            const RecordPtr factors = toys::toyTrace(toy, options)->find(pattern->path());
            if (!factors || !factors->factors.defined())
                continue; // a toy without factors keeps the pattern whatever the budget
            const auto a = headStats(*factors), b = headStats(*pattern);
            for (std::size_t head = 0; head < a.size(); ++head)
                QVERIFY(std::abs(a[head].entropy - b[head].entropy) < 1e-5
                    && std::abs(a[head].distance - b[head].distance) < 1e-4
                    && std::abs(a[head].specialShare - b[head].specialShare) < 1e-5);
        }
    }

    void specialKeysAreLeftOutOfEveryRow_data() { addToyPatterns(); }
    void specialKeysAreLeftOutOfEveryRow()
    {
        QFETCH(RecordPtr, pattern);
        const RecordPtr few = withoutSpecialKeys(pattern);
        const Plain p(pattern), q(few);
        for (Index g = 0; g < p.shape[0]; ++g)
            for (Index h = 0; h < p.shape[1]; ++h)
                for (Index i = 0; i < p.shape[2]; ++i) {
                    double left = 0;
                    for (Index j = 0; j < p.shape[3]; ++j)
                        left += pattern->keys->isSpecial(p.key(g, j)) ? 0 : p.at(g, h, i, j);
                    Index to = 0;
                    for (Index j = 0; j < p.shape[3]; ++j) {
                        if (pattern->keys->isSpecial(p.key(g, j)))
                            continue;
                        QVERIFY(near(q.at(g, h, i, to), p.at(g, h, i, j) / left));
                        QVERIFY(Plain::middle(*few->keys, q.key(g, to))
                            == Plain::middle(*pattern->keys, p.key(g, j)));
                        ++to;
                    }
                    QCOMPARE(to, q.shape[3]);
                    QCOMPARE(q.query(g, i), p.query(g, i));
                }
    }

    void margins_data() { addToyPatterns(); }
    void margins()
    {
        QFETCH(RecordPtr, pattern);
        const Plain p(pattern);
        const auto received = receivedPerKey(attentionMap(*pattern, {0, 1}));
        for (Index j = 0; j < p.shape[3]; ++j) {
            double sum = 0;
            for (Index i = 0; i < p.shape[2]; ++i)
                sum += p.at(0, 1, i, j);
            QVERIFY(near(received[static_cast<std::size_t>(j)], sum / static_cast<double>(p.shape[2])));
        }
    }

    /// Whatever is asked of a pattern, a NaN in it is never taken for a number.
    void noNumberStaysNoNumber()
    {
        const LayoutPtr layout = TokenLayout::image(1, 2, 20, 10, {"cls"});
        const RecordPtr broken = made(
            {1, 2, 3, 3}, {0.2F, NAN, 0.4F, 0, 1, 0, 0, 0, 1, 0.5F, 0.25F, 0.25F, 0, 1, 0, 0, 0, 1}, layout);
        const auto entropy = entropyPerQuery(attentionMap(*broken, {0, 0}));
        QVERIFY(std::isnan(entropy[0]) && !std::isnan(entropy[1]));
        QVERIFY(std::isnan(headStats(*broken)[0].entropy) && !std::isnan(headStats(*broken)[1].entropy));
        const auto few = withoutSpecialKeys(broken)->value.toDoubles();
        QVERIFY(std::isnan(few[0]) && std::isnan(few[1]) && few[2] == 1);
        for (const Fusion fusion : {Fusion::Mean, Fusion::Min, Fusion::Max}) {
            const auto fused = fuseHeads(*broken, 0, fusion).toDoubles();
            QVERIFY(std::isnan(fused[1]) && !std::isnan(fused[0]) && !std::isnan(fused[4]));
        }
        const RecordPtr first = made({1, 1, 3, 3}, {0, 1, 0, 0, 1, 0, NAN, 0, 1}, layout);
        const auto rolled = rollout({first}).value.toDoubles();
        QVERIFY(std::isnan(rolled[6]) && std::isnan(rolled[7]) && rolled[4] == 1);
    }
};

QTEST_APPLESS_MAIN(TestAnalysisNaive)
#include "tst_analysis_naive.moc"
