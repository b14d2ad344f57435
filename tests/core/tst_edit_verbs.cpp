// What each verb does to numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"

#include "tests/support/edit_plans.h"
#include "tests/support/test.h"

using namespace fovea;
using test::edited, test::Floats, test::plan, test::blocks, test::infos;

class TestEditVerbs : public QObject {
    Q_OBJECT
private slots:
    void offScaleAndSetWork()
    {
        const Shown head{.path = "blocks.0.head"}; // [B, head, token, channel]
        const Floats numbers{1, 2, 3, 4, 5, 6, 7, 8};
        QCOMPARE(
            edited("blocks.0.head.1=off", head, {1, 2, 2, 2}, numbers), (Floats{1, 2, 3, 4, 0, 0, 0, 0}));
        QCOMPARE(edited("blocks.0.head.0.1=scale:10", head, {1, 2, 2, 2}, numbers),
            (Floats{1, 2, 30, 40, 5, 6, 7, 8}));
        QCOMPARE(edited("blocks.0.head.*.0.1=set:9", head, {1, 2, 2, 2}, numbers),
            (Floats{1, 9, 3, 4, 5, 9, 7, 8}));
        QCOMPARE(edited("blocks.0.head.1=off", head, {2, 2, 1, 2}, numbers),
            (Floats{1, 2, 0, 0, 5, 6, 0, 0})); // batch 2
        QCOMPARE(edited("blocks.0.head=off", head, {1, 1, 1, 2}, {NAN, INFINITY}), (Floats{0, 0}));
    }

    void meanIsOverTokens()
    {
        const Floats numbers{1, 2, 3, 4, 5, 9};
        QCOMPARE(edited("blocks.0.out=mean", {.path = "blocks.0.out"}, {1, 3, 2}, numbers),
            (Floats{3, 5, 3, 5, 3, 5}));
        QCOMPARE(edited("blocks.0.out.1=mean", {.path = "blocks.0.out"}, {1, 3, 2}, numbers),
            (Floats{1, 2, 3, 5, 5, 9}));
        QCOMPARE(edited("blocks.0.out=mean", {.path = "blocks.0.out"}, {2, 1, 3}, numbers), numbers);
    }

    void meanOfAGridIsOverItsPixels()
    {
        QCOMPARE(
            edited("blocks.0.grid=mean", {.path = "blocks.0.grid"}, {1, 2, 2, 2}, {1, 2, 3, 6, 0, 4, 4, 4}),
            (Floats{3, 3, 3, 3, 3, 3, 3, 3}));
        QCOMPARE(edited("blocks.0.grid.1.0=mean", {.path = "blocks.0.grid"}, {1, 2, 2, 2},
                     {1, 2, 3, 6, 0, 4, 4, 4}),
            (Floats{1, 2, 3, 6, 3, 3, 4, 4}));
    }

    void maskedScoresAreNeverChosen()
    {
        const Shown scores{.path = "blocks.0.scores"};
        QCOMPARE(edited("blocks.0.scores.0.1.0=mask", scores, {1, 1, 1, 2, 2}, {1, 2, 3, 4}),
            (Floats{1, 2, -INFINITY, 4}));
        FOVEA_THROWS(edited("blocks.0.scores.0.1=mask", scores, {1, 1, 1, 2, 2}, {1, 2, 3, 4}), UsageError,
            "no key left");
    }

    void blocksAreEditedInWhatTheyAdd()
    {
        const auto handedOn = [](const char* edit, const Shape& shape, const Floats& before,
                                  const Floats& after) {
            EditPlan made = plan(edit);
            const Tensor x = made.applyToBlock("blocks.1", {Tensor::of<float>(shape, before), nullptr, {}},
                                     {Tensor::of<float>(shape, after), nullptr, {}})
                                 .x;
            const bool saysIdle = !made.withoutEffect().empty();
            return std::pair(Floats(x.values<float>().begin(), x.values<float>().end()), saysIdle);
        };
        const Floats before{1, 2, 3, 4}, after{2, 4, 6, 8}; // adds 1, 2, 3, 4 to two tokens of two channels
        QCOMPARE(handedOn("blocks.1=off", {1, 2, 2}, before, after), std::pair(before, false));
        QCOMPARE(
            handedOn("blocks.1=scale:2", {1, 2, 2}, before, after), std::pair(Floats{3, 6, 9, 12}, false));
        QCOMPARE(handedOn("blocks.1=mean", {1, 2, 2}, before, after), std::pair(Floats{3, 5, 5, 7}, false));
        QCOMPARE(handedOn("blocks.1=mean", {1, 1, 2, 2}, before, after),
            std::pair(Floats{3.5F, 4.5F, 5.5F, 6.5F}, false)); // pixels
        QCOMPARE(handedOn("blocks.1=scale:1", {1, 2, 2}, before, after), std::pair(after, true));
        QCOMPARE(handedOn("blocks.1=off", {1, 2, 2}, before, before), std::pair(before, true));
        QCOMPARE(
            handedOn("blocks.1=mean", {1, 2, 2}, before, {2, 4, 4, 6}), std::pair(Floats{2, 4, 4, 6}, true));
        QCOMPARE(handedOn("blocks.0=off", {1, 2, 2}, before, after), std::pair(after, true)); // not this one
    }

    void everyVerbSaysWhenItChangedNothing_data()
    {
        QTest::addColumn<QString>("edit");
        QTest::addColumn<bool>("changes");
        const auto row
            = [](const char* edit, bool changes) { QTest::newRow(edit) << QString(edit) << changes; };
        row("blocks.0.pattern.0.0.1=off", false); // it is 0 already
        row("blocks.0.pattern.0.0.0=off", true);
        row("blocks.0.pattern.0.*.1=mean", false); // 0 for both queries
        row("blocks.0.pattern.0.*.0=mean", true);
        row("blocks.0.pattern=scale:1", false);
        row("blocks.0.pattern=scale:2", true);
        row("blocks.0.pattern.0.0.0=set:1", false);
        row("blocks.0.pattern.0.0.0=set:2", true);
        row("blocks.0.pattern.0.*.1=cut", false);
        row("blocks.0.pattern.0.*.1=cut:renorm", true); // the second row sums to 0.5
        row("blocks.0.pattern.0.0.1=cut:renorm", false);
        row("blocks.0.pattern=patch:same", false);
        row("blocks.0.pattern=patch:other", true);
        row("blocks.0.scores.0.0.1=mask", true);
        row("blocks.0.scores.0.1.2=mask", false); // -inf already
    }

    void everyVerbSaysWhenItChangedNothing()
    {
        QFETCH(QString, edit);
        QFETCH(bool, changes);
        const Shape shape{1, 1, 1, 2, 3};
        const bool isScores = edit.contains("scores");
        const Floats values = isScores ? Floats{1, 2, 3, 4, 5, -INFINITY} : Floats{1, 0, 0, 0.5F, 0, 0};
        const auto traceOf = [&](float first) {
            auto record = std::make_shared<Record>();
            record->info = infos[1];
            record->value = Tensor::of<float>(shape.tail(), values);
            record->value.writable()[0] = first;
            auto step = std::make_shared<StepRecords>();
            step->add(record);
            auto trace = std::make_shared<Trace>();
            trace->steps = {step};
            return trace;
        };
        EditPlan made = plan(
            qPrintable(edit), [&](const std::string& file) { return traceOf(file == "same" ? 1 : 7); });
        const std::string path = isScores ? "blocks.0.scores" : "blocks.0.pattern";
        made.apply({.path = path}, Tensor::of<float>(shape, values));
        QCOMPARE(
            made.withoutEffect(), changes ? std::vector<std::string>() : std::vector{edit.toStdString()});
    }

    void cutEdgesStayUnnormalisedUnlessAsked()
    {
        const Shown pattern{.path = "blocks.0.pattern"}; // [B, group, head, query, key]
        const Floats rows{0.5F, 0.25F, 0.25F, 0.5F, 0.5F, 0};
        QCOMPARE(edited("blocks.0.pattern.0.0.0=cut", pattern, {1, 1, 1, 2, 3}, rows),
            (Floats{0, 0.25F, 0.25F, 0.5F, 0.5F, 0}));
        QCOMPARE(edited("blocks.0.pattern.0.0.0=cut:renorm", pattern, {1, 1, 1, 2, 3}, rows),
            (Floats{0, 0.5F, 0.5F, 0.5F, 0.5F, 0}));
        QCOMPARE(
            edited("blocks.0.pattern.*.*.1=cut:renorm", pattern, {1, 1, 1, 2, 3}, {0.5F, 0.5F, 0, 0, 1, 0}),
            (Floats{1, 0, 0, 0, 0, 0}));
    }

    void patchTakesFromAnotherTrace()
    {
        auto trace = std::make_shared<Trace>();
        auto step = std::make_shared<StepRecords>();
        auto record = std::make_shared<Record>();
        record->info = *std::ranges::find(infos, "blocks.0.out", &SignalInfo::path);
        record->value = Tensor::of<float>({2, 2}, Floats{10, 20, 30, 40});
        step->add(record);
        trace->steps = {step};
        const auto source = [&](const std::string& name) { return name == "B" ? TracePtr(trace) : nullptr; };
        EditPlan one = plan("blocks.0.out.1=patch:B", source);
        const Tensor mine = Tensor::of<float>({2, 2, 2}, Floats{1, 2, 3, 4, 5, 6, 7, 8});
        const Tensor result = one.apply({.path = "blocks.0.out"}, mine);
        QCOMPARE(Floats(result.values<float>().begin(), result.values<float>().end()),
            (Floats{1, 2, 30, 40, 5, 6, 30, 40}));
        EditPlan other = plan("blocks.1.out=patch:B", source);
        FOVEA_THROWS(other.apply({.path = "blocks.1.out"}, mine), Error, "did not record");
        FOVEA_THROWS(
            one.apply({.path = "blocks.0.out"}, Tensor::zeros({1, 3, 2})), Error, "[3, 2]", "[2, 2]");
    }

    void complexValuesAreEditedWhole()
    {
        EditPlan off = plan("blocks.1.filter.0=scale:2");
        const std::complex<float> values[] = {{1, 2}, {3, 4}};
        const Tensor result
            = off.apply({.path = "blocks.1.filter"}, Tensor::of<std::complex<float>>({1, 2, 1, 1}, values));
        QCOMPARE(result.values<std::complex<float>>()[0], (std::complex<float>{2, 4}));
        QCOMPARE(result.values<std::complex<float>>()[1], (std::complex<float>{3, 4}));
        FOVEA_THROWS(off.apply({.path = "blocks.1.filter"}, Tensor::zeros({1, 1, 1, 1}, DType::F64)),
            UsageError, "f64");
    }

    void editsWithoutEffectAreListed()
    {
        EditPlan two({Edit::parse("blocks.0.out.1=off"), Edit::parse("blocks.1.out=off"),
                         Edit::parse("blocks.1=scale:1")},
            infos, blocks);
        const Tensor values = Tensor::of<float>({1, 2, 1}, Floats{1, 0});
        const Tensor same = two.apply({.path = "embed.out"}, values);
        QVERIFY(same.same(values)); // nothing applies: the very same handle
        two.apply({.path = "blocks.0.out"}, values);
        two.apply({.path = "blocks.1.out"}, values);
        two.applyToBlock(
            "blocks.1", {values, nullptr, {}}, {Tensor::of<float>({1, 2, 1}, Floats{2, 5}), nullptr, {}});
        QCOMPARE(two.withoutEffect(), (std::vector<std::string>{"blocks.0.out.1=off", "blocks.1=scale:1"}));
    }

    void editsApplyInTheOrderGiven()
    {
        EditPlan two(
            {Edit::parse("blocks.0.out=set:3"), Edit::parse("blocks.0.out.0=scale:2")}, infos, blocks);
        const Tensor result = two.apply({.path = "blocks.0.out"}, Tensor::zeros({1, 2, 1}));
        QCOMPARE(Floats(result.values<float>().begin(), result.values<float>().end()), (Floats{6, 3}));
    }
};

QTEST_APPLESS_MAIN(TestEditVerbs)
#include "tst_edit_verbs.moc"
