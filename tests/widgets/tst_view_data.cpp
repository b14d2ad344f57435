// What each view of a pattern says it shows, against the plain numbers of the record: all four toys, every
// place that can be selected.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rollout.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <cmath>
#include <numeric>

using namespace fovea;

namespace {

/// The weight of a pattern between two tokens, by plain indexing; NaN when no group holds both.
double weight(const Record& record, Index head, int query, int key)
{
    const Shape s = record.value.shape();
    const auto token = [](const Tensor& index, Index place, Index otherwise) {
        return index.defined() ? index.values<std::int32_t>()[static_cast<std::size_t>(place)]
                               : static_cast<int>(otherwise);
    };
    for (Index g = 0; g < s[0]; ++g)
        for (Index i = 0; i < s[2]; ++i)
            for (Index j = 0; j < s[3]; ++j)
                if (token(record.queryIndex, g * s[2] + i, i) == query
                    && token(record.keyIndex, g * s[3] + j, j) == key)
                    return static_cast<double>(
                        record.value.data()[((g * s[1] + head) * s[2] + i) * s[3] + j]);
    return NAN;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

Spot spotOfToken(const TokenLayout& layout, int token)
{
    return layout.isSpecial(token) ? Spot{layout.name(token), {}} : Spot{{}, layout.centre(token)};
}

std::vector<RecordPtr> patternsOf(const QString& toy)
{
    return analysis::patternsOf(*toys::toyTrace(toy.toStdString()));
}

}

class TestViewData : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void overlayIsTheRowOrTheColumn_data() { addToyRows(); }
    void overlayIsTheRowOrTheColumn()
    {
        QFETCH(QString, toy);
        Room shown(slotOf(toys::toyTrace(toy.toStdString())));
        int layer = 0;
        for (const RecordPtr& pattern : patternsOf(toy)) {
            for (const Direction direction : {Direction::QueryRow, Direction::KeyColumn}) {
                const bool isRow = direction == Direction::QueryRow;
                const TokenLayout& near = isRow ? *pattern->queries : *pattern->keys;
                const TokenLayout& far = isRow ? *pattern->keys : *pattern->queries;
                for (int anchor = 0; anchor < near.tokens(); anchor += 3) {
                    Selection s;
                    s.layer = layer;
                    s.head = 1;
                    s.direction = direction;
                    (isRow ? s.pin.query : s.pin.key) = spotOfToken(near, anchor);
                    shown.session.setSelection(s);
                    const auto numbers = shown.numbers("overlay");
                    QCOMPARE(static_cast<int>(numbers.size()), far.tokens());
                    for (int other = 0; other < far.tokens(); ++other)
                        QVERIFY(same(numbers[static_cast<std::size_t>(other)],
                            isRow ? weight(*pattern, 1, anchor, other) : weight(*pattern, 1, other, anchor)));
                }
            }
            ++layer;
        }
    }

    void headGridIsTheRowOfEveryHead_data() { addToyRows(); }
    void headGridIsTheRowOfEveryHead()
    {
        QFETCH(QString, toy);
        Room shown(slotOf(toys::toyTrace(toy.toStdString())));
        const auto patterns = patternsOf(toy);
        Selection s;
        s.pin.query = Spot{{}, {5, 7}};
        shown.session.setSelection(s);
        const auto records = shown.view("head-grid").data();
        QCOMPARE(records.size(), patterns.size());
        for (std::size_t layer = 0; layer < patterns.size(); ++layer) {
            const Record& pattern = *patterns[layer];
            const int query = pattern.queries->tokenAt({5, 7});
            const auto numbers = records[layer].value.toDoubles();
            const int keys = pattern.keys->tokens();
            QCOMPARE(static_cast<Index>(numbers.size()), pattern.value.dim(1) * keys);
            for (int head = 0; head < pattern.value.dim(1); ++head)
                for (int key = 0; key < keys; ++key)
                    QVERIFY(same(numbers[static_cast<std::size_t>(head * keys + key)],
                        weight(pattern, head, query, key)));
        }
    }

    void matrixIsOneHeadOfOneGroup_data() { addToyRows(); }
    void matrixIsOneHeadOfOneGroup()
    {
        QFETCH(QString, toy);
        Room shown(slotOf(toys::toyTrace(toy.toStdString())));
        int layer = 0;
        for (const RecordPtr& pattern : patternsOf(toy)) {
            const Shape shape = pattern->value.shape();
            for (Index group = 0; group < shape[0]; ++group)
                for (const HeadReading reading : {HeadReading::One, HeadReading::Mean, HeadReading::Max}) {
                    Selection s;
                    s.layer = layer;
                    s.group = static_cast<int>(group);
                    s.head = 1;
                    s.reading = reading;
                    shown.session.setSelection(s);
                    const auto numbers = shown.numbers("matrix");
                    QCOMPARE(static_cast<Index>(numbers.size()), shape[2] * shape[3]);
                    for (Index i = 0; i < shape[2] * shape[3]; ++i) {
                        const auto of = [&](Index head) {
                            return pattern->value.data()[(group * shape[1] + head) * shape[2] * shape[3] + i];
                        };
                        const float expected = reading == HeadReading::One ? of(1)
                            : reading == HeadReading::Mean                 ? (of(0) + of(1)) / 2
                                                                           : std::max(of(0), of(1));
                        QCOMPARE(numbers[static_cast<std::size_t>(i)], static_cast<double>(expected));
                    }
                }
            ++layer;
        }
    }

    void rolloutIsTheProduct()
    {
        const auto layout = TokenLayout::image(2, 2, 8, 8, {"cls"});
        auto step = std::make_shared<StepRecords>();
        std::vector<double> expected(25, 0.0);
        for (int i = 0; i < 5; ++i)
            expected[static_cast<std::size_t>(6 * i)] = 1;
        for (int layer = 0; layer < 3; ++layer) {
            auto record = std::make_shared<Record>();
            record->info = {"blocks." + std::to_string(layer) + ".pattern", Kind::Attention, "", layer, ""};
            record->value = Tensor({1, 1, 5, 5});
            const auto a = record->value.writable();
            for (std::size_t i = 0; i < 25; ++i)
                a[i] = static_cast<float>((i * 7 + static_cast<std::size_t>(layer) * 3) % 5)
                    / 10.0F; // rows sum to 1
            record->queries = record->keys = layout;
            record->axes = defaultAxes(record->info, record->value.shape());
            std::vector<double> next(25, 0.0);
            for (std::size_t i = 0; i < 5; ++i)
                for (std::size_t k = 0; k < 5; ++k)
                    for (std::size_t j = 0; j < 5; ++j)
                        next[i * 5 + j] += (0.5 * static_cast<double>(a[i * 5 + k]) + (i == k ? 0.5 : 0))
                            * expected[k * 5 + j];
            expected = next;
            step->add(record);
        }
        Trace trace;
        trace.steps.push_back(step);
        Room shown(slotOf(std::make_shared<const Trace>(trace)));
        View& view = shown.view("rollout");
        QTRY_VERIFY(view.isReady());
        QVERIFY(test::relativeDifference(view.data().front().value.toDoubles(), expected) < 1e-6);
        Selection s;
        s.pin.query = Spot{{}, {2, 2}}; // token 1
        shown.session.setSelection(s);
        for (int key = 0; key < 5; ++key) {
            const QPoint cell = key == 0 ? QPoint(0, 0) : QPoint((key - 1) % 2, 1 + (key - 1) / 2);
            const QString told = view.cellTable()->cellText(cell);
            const double number = told.split(", ")[2].toDouble(),
                         exact = expected[static_cast<std::size_t>(5 + key)];
            QVERIFY2(std::abs(number - exact) <= 0.006 * exact, qPrintable(told)); // three digits are told
        }
    }

    void entropyBesideAMaximumIsThatOfShares()
    {
        Room shown(slotOf(toys::toyTrace("toy_drop")));
        View& view = shown.view("matrix");
        Selection s = shown.session.selection();
        s.reading = HeadReading::Max;
        shown.session.setSelection(s);
        const auto records = view.data();
        const Tensor& map = records[0].value;
        for (Index i = 0; i < map.dim(0); ++i) {
            const auto row = map.at(i).toDoubles();
            const double sum = std::accumulate(row.begin(), row.end(), 0.0);
            double entropy = 0;
            for (const double a : row)
                entropy -= a > 0 ? a / sum * std::log(a / sum) : 0;
            entropy /= std::log(static_cast<double>(row.size()));
            QVERIFY(sum > 1.01); // not a share already
            QVERIFY(
                std::abs(records[2].value.values<double>()[static_cast<std::size_t>(i)] - entropy) < 1e-6);
        }
        QVERIFY(view.badges().join(' ').contains("divided by their sum"));
    }

    void scatterIsTheStatistics_data() { addToyRows(); }
    void scatterIsTheStatistics()
    {
        QFETCH(QString, toy);
        Room shown(slotOf(toys::toyTrace(toy.toStdString())));
        View& view = shown.view("head-scatter");
        QTRY_VERIFY(view.isReady());
        const auto patterns = patternsOf(toy);
        const auto records = view.data();
        QCOMPARE(records.size(), patterns.size());
        for (std::size_t layer = 0; layer < records.size(); ++layer) {
            const Record& pattern = *patterns[layer];
            const Shape s = pattern.value.shape();
            for (Index head = 0; head < s[1]; ++head) {
                double entropy = 0;
                for (Index g = 0; g < s[0]; ++g)
                    for (Index i = 0; i < s[2] * s[3]; ++i)
                        if (const double a
                            = static_cast<double>(pattern.value.data()[(g * s[1] + head) * s[2] * s[3] + i]);
                            a > 0)
                            entropy -= a * std::log(a);
                entropy /= static_cast<double>(s[0] * s[2]) * std::log(static_cast<double>(s[3]));
                QVERIFY(
                    std::abs(static_cast<double>(records[layer].value.at(head).data()[0]) - entropy) < 1e-6);
            }
        }
    }

    /// As many as the largest number says would take forever.
    void aGraphDrawsTheNodesThatItsEdgesName()
    {
        auto record = std::make_shared<Record>();
        record->info = {"routes", Kind::Graph, "", -1, ""};
        record->value = Tensor::of<double>({1, 3}, std::array{0.0, 1e15, 1.0});
        record->axes = defaultAxes(record->info, record->value.shape());
        auto step = std::make_shared<StepRecords>();
        step->add(record);
        Trace trace;
        trace.steps.push_back(step);
        Room shown(slotOf(std::make_shared<const Trace>(trace)));
        Selection s;
        s.record = "routes";
        shown.session.setSelection(s);
        View& view = shown.view("record");
        view.resize(200, 200);
        QVERIFY(!view.grab().isNull());
    }
};

QTEST_MAIN(TestViewData)
#include "tst_view_data.moc"
