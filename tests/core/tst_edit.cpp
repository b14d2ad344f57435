// How an edit is read: what its path names, which verbs suit it, which indices there are.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"

#include "tests/support/edit_plans.h"
#include "tests/support/test.h"

using namespace fovea;
using test::edited, test::Floats, test::plan, test::blocks;

class TestEdit : public QObject {
    Q_OBJECT
private slots:
    void editsAreParsedAndWritten()
    {
        QVERIFY((Edit::parse("a.b") == Edit{"a.b", "off", {}}));
        QVERIFY((Edit::parse("a.b=scale:0.5") == Edit{"a.b", "scale", {"0.5"}}));
        QVERIFY((Edit::parse("a=cut:renorm") == Edit{"a", "cut", {"renorm"}}));
        QVERIFY((Edit::parse("a=patch:x:y") == Edit{"a", "patch", {"x:y"}})); // a file name
        for (const char* text : {"a.b=off", "a.b=scale:0.5", "a=cut:renorm"})
            QCOMPARE(Edit::parse(text).text(), std::string(text));
        FOVEA_THROWS(Edit::parse("=off"), UsageError, "path=verb");
        FOVEA_THROWS(Edit::parse("a="), UsageError, "verb is missing");
        FOVEA_THROWS(Edit::parse("a=:1"), UsageError, "verb is missing");
    }

    void whatNamesNothingIsRefused()
    {
        FOVEA_THROWS(plan("blocks.7=off"), UsageError, "blocks.7", "names no block and no signal",
            "nearest: 'blocks.0', 'blocks.1'");
        FOVEA_THROWS(plan("embed.cls=off"), UsageError, "nearest: 'embed.out.cls', ");
        FOVEA_THROWS(plan("blocks.0.hed.1=off"), UsageError, "nearest: 'blocks.0.head.1'");
        FOVEA_THROWS(plan("blocks.0.gate.1=off"), UsageError, "names no block");
        FOVEA_THROWS(plan("blocks.0.head=frobnicate"), UsageError, "unknown verb 'frobnicate'",
            "off, mean, scale, set, patch, cut, mask");
        FOVEA_THROWS(plan("blocks.0.head=drop"), UsageError, "drop is for kept tokens");
        FOVEA_THROWS(plan("blocks.1.filter=lowpass:.3"), UsageError, "filters in the frequency domain");
        FOVEA_THROWS(plan("blocks.1.filter=lowpass"), UsageError, "expected lowpass:RADIUS");
        FOVEA_THROWS(plan("blocks.1.filter=lowpass:-1"), UsageError, "expected lowpass:RADIUS");
        FOVEA_THROWS(plan("blocks.0.out=mean:DATA"), UsageError, "'mean:DATA' is not there yet");
        FOVEA_THROWS(plan("blocks.0.head=scale"), UsageError, "expected scale:NUMBER", "found 'scale'");
        FOVEA_THROWS(plan("blocks.0.head=scale:much"), UsageError, "'scale:much'");
        for (const char* beyond : {"blocks.0.keep=threshold:0", "blocks.0.keep=threshold:1",
                 "blocks.0.keep=threshold:1.5", "blocks.0.keep=threshold:-.1", "blocks.0.keep=threshold:x"})
            FOVEA_THROWS(plan(beyond), UsageError, "expected threshold:SHARE, between 0 and 1, found");
        FOVEA_THROWS(plan("blocks.0.head=set:nan"), UsageError, "expected set:NUMBER");
        FOVEA_THROWS(plan("blocks.0.head=off:1"), UsageError, "expected off, found");
        FOVEA_THROWS(plan("blocks.0.head=cut"), UsageError, "cut is for attention after softmax");
        FOVEA_THROWS(plan("blocks.0.scores=cut"), UsageError, "cut is for attention after softmax");
        FOVEA_THROWS(
            plan("blocks.0.pattern=mask"), UsageError, "mask is for attention scores before softmax");
        FOVEA_THROWS(plan("blocks.0.keep=off"), UsageError, "off is for values");
        FOVEA_THROWS(plan("blocks.0.pattern=cut:all"), UsageError, "cut[:renorm]");
        FOVEA_THROWS(plan("blocks.1.filter=mean"), UsageError, "mean is for values that have tokens");
        FOVEA_THROWS(plan("blocks.0=set:1"), UsageError, "whole block", "blocks.0.out");
        FOVEA_THROWS(plan("logits=patch:B"), UsageError, "'B' is no trace");
    }

    void pathsAreRead()
    {
        QVERIFY(!plan("blocks.0=off").touches("blocks.0.out")); // the block, not the signal
        QVERIFY(plan("embed.out=off").touches("embed.out"));
        EditPlan withoutOut({Edit::parse("mlp.2=off")}, {{"mlp.out", Kind::Tokens, "", 0, "x"}}, {"x"});
        QVERIFY(withoutOut.touches("mlp.out"));
        EditPlan both({Edit::parse("mlp=off")},
            {{"mlp.out", Kind::Tokens, "", 0, "x"}, {"mlp", Kind::Tokens, "", 0, "x"}}, {});
        QVERIFY(both.touches("mlp") && !both.touches("mlp.out"));
        const EditPlan all = plan("blocks.*.out=off");
        QVERIFY(all.touches("blocks.0.out") && all.touches("blocks.1.out") && !all.touches("embed.out"));
        QCOMPARE(plan("blocks.1.out=off").firstBlock(blocks), std::string("blocks.1"));
        QCOMPARE(plan("logits=off").firstBlock(blocks), std::string());
    }

    void specialTokensGoByName()
    {
        const LayoutPtr layout = TokenLayout::image(1, 2, 2, 1, {"cls"});
        const Shown pattern{.path = "blocks.0.pattern", .queries = layout};
        const Floats rows{1, 2, 3, 4, 5, 6, 7, 8, 9};
        QCOMPARE(edited("blocks.0.pattern.0.*.cls=off", pattern, {1, 1, 1, 3, 3}, rows),
            (Floats{0, 2, 3, 0, 5, 6, 0, 8, 9}));
        QCOMPARE(edited("blocks.0.pattern.0.cls=off", pattern, {1, 1, 1, 3, 3}, rows),
            (Floats{0, 0, 0, 4, 5, 6, 7, 8, 9}));
        QCOMPARE(
            edited("blocks.0.out.cls=off", {.path = "blocks.0.out", .queries = layout}, {1, 3, 1}, {1, 2, 3}),
            (Floats{0, 2, 3}));
    }

    void windowsAreEditedByToken()
    {
        const LayoutPtr layout = TokenLayout::image(1, 4, 4, 1);
        const Shown pattern{.path = "blocks.0.pattern",
            .queries = layout,
            .queryIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{0, 1, 2, 3}),
            .keyIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{1, 2, 3, 1})};
        const Floats rows{1, 2, 3, 4, 5, 6, 7, 8};
        const Shape shape{1, 2, 1, 2, 2};
        QCOMPARE(edited("blocks.0.pattern.0.3=off", pattern, shape, rows), (Floats{1, 2, 3, 4, 5, 6, 0, 0}));
        QCOMPARE(
            edited("blocks.0.pattern.0.*.1=off", pattern, shape, rows), (Floats{0, 2, 0, 4, 5, 0, 7, 0}));
        QCOMPARE(
            edited("blocks.0.pattern.0.2.3=off", pattern, shape, rows), (Floats{1, 2, 3, 4, 0, 6, 7, 8}));
        FOVEA_THROWS(edited("blocks.0.pattern.0.0.3=off", pattern, shape, rows), UsageError, "in no group");
        FOVEA_THROWS(edited("blocks.0.pattern.0.4=off", pattern, shape, rows), UsageError, "0 to 3");
    }

    void indicesOutOfRangeAreRefused()
    {
        const Shown out{.path = "blocks.0.out"};
        for (const char* edit :
            {"blocks.0.out.3=off", "blocks.0.out.-1=off", "blocks.0.out.cls=off", "blocks.0.out.1x=off"})
            FOVEA_THROWS(edited(edit, out, {1, 3, 2}, Floats(6)), UsageError, "blocks.0.out", "0 to 2");
        FOVEA_THROWS(edited("blocks.0.out.0.0.0=off", out, {1, 3, 2}, Floats(6)), UsageError, "one too many");
    }
};

QTEST_APPLESS_MAIN(TestEdit)
#include "tst_edit.moc"
