// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/attention.h"
#include "core/trace/trace.h"

#include "tests/support/test.h"

using namespace fovea;

namespace {

/// Two windows of two queries; both see keys 1 and 2, each one of its own.
Record windows()
{
    Record record;
    record.info = {"w.pattern", Kind::Attention, "", 0, ""};
    record.value = Tensor::of<float>({2, 1, 2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    record.queryIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{0, 1, 2, 3});
    record.keyIndex = Tensor::of<std::int32_t>({2, 3}, std::vector<std::int32_t>{0, 1, 2, 1, 2, 3});
    return record;
}

}

class TestTrace : public QObject {
    Q_OBJECT
private slots:
    void patternsMatch_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("expected");
        QTest::newRow("equal") << "blocks.1.out"
                               << "blocks.1.out" << true;
        QTest::newRow("prefix only") << "blocks.1"
                                     << "blocks.1.out" << false;
        QTest::newRow("longer") << "blocks.1.out.x"
                                << "blocks.1.out" << false;
        QTest::newRow("all") << "*"
                             << "blocks.1.out" << true;
        QTest::newRow("star swallows dots") << "blocks.*.pattern"
                                            << "blocks.3.attn.pattern" << true;
        QTest::newRow("star swallows nothing") << "a*b"
                                               << "ab" << true;
        QTest::newRow("star goes back") << "*.out"
                                        << "a.out.b.out" << true;
        QTest::newRow("many stars") << "*a*b*"
                                    << "xxaybz" << true;
        QTest::newRow("wrong order") << "*b*a*"
                                     << "xxaybz" << false;
        QTest::newRow("dot is a dot") << "blocks.1"
                                      << "blocks_1" << false;
        QTest::newRow("empty pattern") << ""
                                       << "a" << false;
        QTest::newRow("both empty") << ""
                                    << "" << true;
        QTest::newRow("stars alone match nothing") << "**"
                                                   << "" << true;
    }
    void patternsMatch()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, path);
        QTEST(matches(pattern.toStdString(), path.toStdString()), "expected");
    }

    void placesNameTokensAndBack()
    {
        const LayoutPtr layout = TokenLayout::image(2, 3, 30, 20, {"cls", "dist"});
        QCOMPARE(layout->tokens(), 8);
        QCOMPARE(layout->specialCount(), 2);
        QCOMPARE(layout->specialNamed("dist"), 1);
        QCOMPARE(layout->specialNamed("register"), -1);
        QCOMPARE(layout->tokenAt({0, 0}), 2);
        QCOMPARE(layout->tokenAt({29.9, 19.9}), 7);
        QCOMPARE(layout->tokenAt({10, 9.99}), 3); // a border belongs to the right
        QCOMPARE(layout->tokenAt({30, 5}), -1);
        QCOMPARE(layout->tokenAt({-0.1, 5}), -1);
        for (int token = 2; token < layout->tokens(); ++token)
            QCOMPARE(layout->tokenAt(layout->centre(token)), token);
        QCOMPARE(layout->name(0), std::string("cls"));
        QCOMPARE(layout->name(6), std::string("(1,1)"));
        QVERIFY((layout->cellArea(4) == Area{10, 10, 10, 10}));
    }

    void textAndSeriesHaveTheirNames()
    {
        const LayoutPtr text = TokenLayout::text({"the", "cat"});
        QCOMPARE(text->name(1), std::string("cat"));
        QCOMPARE(text->tokenAt({1, 0}), 1);
        const LayoutPtr series = TokenLayout::series(4, 8);
        QCOMPARE(series->tokenAt({17, 0}), 2);
        QCOMPARE(series->tokenAt({32, 0}), -1);
    }

    void droppedTokensCoverNothing()
    {
        const LayoutPtr whole = TokenLayout::image(2, 2, 20, 20, {"cls"});
        const int kept[] = {0, 4, 2};
        const LayoutPtr few = whole->selected(kept);
        QCOMPARE(few->tokens(), 3);
        QVERIFY(few->isSpecial(0));
        QCOMPARE(few->tokenAt({15, 15}), 1);
        QCOMPARE(few->tokenAt({15, 5}), 2);
        QCOMPARE(few->tokenAt({5, 5}), -1);
        QCOMPARE(few->name(1), std::string("(1,1)"));
    }

    void mergedTokensCoverAllTheirCells()
    {
        const LayoutPtr whole = TokenLayout::image(2, 2, 20, 20, {"cls"});
        const LayoutPtr merged = whole->merged({{0, 3}, {1, 4}, {2}});
        QCOMPARE(merged->tokens(), 3);
        QCOMPARE(merged->cells(0).size(), std::size_t{0}); // what joins a special token stands nowhere
        QCOMPARE(merged->cells(1).size(), std::size_t{2});
        QVERIFY((merged->centre(1) == Place{10, 10}));
        QCOMPARE(merged->tokenAt({15, 15}), 1);
        QCOMPARE(merged->tokenAt({5, 15}), -1);
        const LayoutPtr again = merged->merged({{1, 2}});
        QCOMPARE(again->cells(0).size(), std::size_t{3});
    }

    void plainFormGoesRound()
    {
        const LayoutPtr whole = TokenLayout::image(2, 2, 20, 20, {"cls"});
        const LayoutPtr merged = whole->merged({{0}, {1, 4}, {2}});
        QVERIFY(*TokenLayout::fromPlain(merged->plain()) == *merged);
        QVERIFY(*merged != *whole);
    }

    void aGridMayBeginAnywhere()
    {
        TokenLayout::Plain plain = TokenLayout::image(2, 3, 30, 20, {"cls"})->plain();
        plain.extent.x = 100;
        plain.extent.y = 50;
        const LayoutPtr layout = TokenLayout::fromPlain(plain);
        QCOMPARE(layout->tokenAt({100, 50}), 1);
        QCOMPARE(layout->tokenAt({129, 69}), 6);
        QCOMPARE(layout->tokenAt({99, 55}), -1);
        QCOMPARE(layout->tokenAt({5, 5}), -1);
        QCOMPARE(QString::fromStdString(layout->name(6)), QString("(1,2)"));
        for (int token = 1; token < layout->tokens(); ++token)
            QCOMPARE(layout->tokenAt(layout->centre(token)), token);
    }

    void nonsenseLayoutsAreRefused()
    {
        const auto refused = [](auto spoil, const char* message) {
            TokenLayout::Plain plain = TokenLayout::image(2, 2, 20, 20, {"cls"})->plain();
            spoil(plain);
            FOVEA_THROWS(TokenLayout::fromPlain(plain), Error, message);
        };
        using Plain = TokenLayout::Plain;
        refused([](Plain& p) { p.cells[0] = 4; }, "outside the grid");
        refused([](Plain& p) { p.cells[0] = -1; }, "outside the grid");
        refused([](Plain& p) { p.special[1] = 1; }, "without a name");
        refused([](Plain& p) { p.special[1] = 0; }, "special token 1 covers cells");
        refused([](Plain& p) { p.offsets.pop_back(); }, "offsets");
        refused([](Plain& p) { p.offsets.back() = 5; }, "offsets");
        refused([](Plain& p) { p.offsets[1] = 3; }, "offsets");
        refused([](Plain& p) { p.offsets.clear(); }, "offsets");
        refused([](Plain& p) { p.rows = -2; }, "-2 x 2");
        refused([](Plain& p) { p.rows = p.cols = 1 << 30; }, "1073741824 x 1073741824");
        refused([](Plain& p) { p.extent.width = NAN; }, "extent");
        refused([](Plain& p) { p.extent.height = -1; }, "extent");
    }

    void windowsAreReadByToken()
    {
        const Record record = windows();
        const TokenPosition second = findQuery(record, 2);
        QCOMPARE(second.group, 1);
        QCOMPARE(second.position, 0);
        QCOMPARE(findQuery(record, 9).group, -1);
        QCOMPARE(findKey(record, 0, 2), 2);
        QCOMPARE(findKey(record, 1, 2), 1);
        QCOMPARE(findKey(record, 1, 0), -1);
        QCOMPARE(keyToken(record, 1, 2), 3);
        QCOMPARE(attentionRow(record, {1, 0}, 0), (std::vector<float>{7, 8, 9}));
        QCOMPARE(attentionColumn(record, {0, 0}, 2), (std::vector<float>{3, 6}));
    }

    void factorsGiveTheSamePattern()
    {
        // one head, q = (0, ln 2), k = (0, 1): the rows are softmax(0, 0) and softmax(0, ln 2)
        Record record;
        record.info.kind = Kind::Attention;
        const float log2 = std::log(2.0F);
        record.factors.q = Tensor::of<float>({1, 1, 2, 1}, std::vector<float>{0, log2});
        record.factors.k = Tensor::of<float>({1, 1, 2, 1}, std::vector<float>{0, 1});
        record.factors.logSum = Tensor::of<float>({1, 1, 2}, std::vector<float>{log2, std::log(3.0F)});
        QCOMPARE(test::text(shapeOf(record)), QString("[1, 1, 2, 2]"));
        const Tensor expected = Tensor::of<float>({2, 2}, std::vector<float>{0.5F, 0.5F, 1.0F / 3, 2.0F / 3});
        QVERIFY(test::relativeDifference(attentionMap(record, {}), expected) < 1e-6);
        QCOMPARE(attentionRow(record, {}, 1)[1], attentionColumn(record, {}, 1)[1]);
    }

    void laterRecordsReplaceEarlierOnes()
    {
        StepRecords step(3);
        for (const float value : {1.0F, 2.0F}) {
            auto record = std::make_shared<Record>();
            record->info.path = "a";
            record->value = Tensor::full({1}, value);
            step.add(record);
        }
        QCOMPARE(step.all().size(), std::size_t{1});
        QCOMPARE(step.find("a")->value.data()[0], 2.0F);
        QCOMPARE(step.find("b"), nullptr);
    }
};

QTEST_APPLESS_MAIN(TestTrace)
#include "tst_trace.moc"
