// Running again from a block: what an earlier run is good for, and what it is not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toy_runs.h"

using namespace fovea;
using test::toy, test::runToy, test::firstDifference, test::withEdit;

class TestExecuteAgain : public QObject {
    Q_OBJECT
private slots:
    void rerunsShareWhatComesBeforeTheEdit_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("edit");
        QTest::addColumn<QByteArray>("shared");
        QTest::addColumn<QByteArray>("redone");
        QTest::newRow("head") << QByteArray("toy_drop") << QByteArray("blocks.1.attn.head.0=off")
                              << QByteArray("stages.0.keep") << QByteArray("blocks.1.attn.pattern");
        QTest::newRow("dropped") << QByteArray("toy_drop") << QByteArray("blocks.2=off")
                                 << QByteArray("stages.1.keep") << QByteArray("blocks.2.out");
        QTest::newRow("grid state") << QByteArray("toy_windows") << QByteArray("stages.1.pattern.0.3=off")
                                    << QByteArray("merge.out") << QByteArray("stages.1.out");
        QTest::newRow("memory") << QByteArray("toy_filter") << QByteArray("memory.state=scale:3")
                                << QByteArray("blocks.1.out") << QByteArray("memory.gram");
        QTest::newRow("after all blocks") << QByteArray("toy_drop") << QByteArray("logits.0=set:2")
                                          << QByteArray("blocks.2.out") << QByteArray("logits");
    }

    void rerunsShareWhatComesBeforeTheEdit()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, edit);
        QFETCH(QByteArray, shared);
        QFETCH(QByteArray, redone);
        const Tensor input = toys::toyInput(toy(id));
        const TracePtr base = runToy(id, {}, input);
        ExecuteOptions options = withEdit(edit);
        const TracePtr full = runToy(id, options, input);
        options.base = base;
        const TracePtr quick = runToy(id, options, input);
        QCOMPARE(firstDifference(*quick, *full), std::string());
        QVERIFY(firstDifference(*quick, *base) != std::string());
        QCOMPARE(quick->find(shared.data()), base->find(shared.data())); // the very same record
        QVERIFY(quick->find(redone.data()) != base->find(redone.data()));
        QVERIFY(full->find(shared.data()) != base->find(shared.data()));
        QCOMPARE(quick->blocks.size(), full->blocks.size());
    }

    void aBaseOfAnotherInputIsNotShared()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions options = withEdit("blocks.2=off");
        options.base = runToy("toy_drop", {}, input);
        const TracePtr other = runToy("toy_drop", options, input.clone());
        QVERIFY(other->find("blocks.0.out") != options.base->find("blocks.0.out"));
    }

    void aBaseThatLacksRecordsRunsAgainFromThere()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions few;
        few.record = {"blocks.0.*", "stages.*"};
        ExecuteOptions options;
        options.base = runToy("toy_drop", few, input);
        const TracePtr all = runToy("toy_drop", options, input);
        QCOMPARE(firstDifference(*all, *runToy("toy_drop", {}, input)), std::string());
        QCOMPARE(all->find("stages.0.keep"), options.base->find("stages.0.keep"));
    }

    void aBlockRunsAlone()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions options = withEdit("blocks.0.attn.head.1=off");
        const TracePtr whole = runToy("toy_drop", options, input);
        options.record = {"logits"};
        const TracePtr base = runToy("toy_drop", options, input);
        const TracePtr block
            = executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), base, "blocks.1");
        QCOMPARE(block->steps.front()->all().size(), std::size_t{3});
        for (const RecordPtr& record : block->steps.front()->all())
            QVERIFY(record->value.identical(whole->find(record->path())->value));
        ExecuteOptions forgetful;
        forgetful.keepStates = false;
        const TracePtr empty = runToy("toy_drop", forgetful, input);
        FOVEA_THROWS(executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), empty, "blocks.1"),
            Error, "blocks.1");
        FOVEA_THROWS(executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), base, "blocks.9"),
            Error, "blocks.9");
    }
};

QTEST_APPLESS_MAIN(TestExecuteAgain)
#include "tst_execute_again.moc"
