// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <set>

using namespace fovea;

class TestToys : public QObject {
    Q_OBJECT
private slots:
    void everyKindIsShown()
    {
        std::set<Kind> shown;
        for (const char* id : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"}) {
            const TracePtr trace = toys::toyTrace(id);
            for (const RecordPtr& record : trace->steps.front()->all())
                shown.insert(record->kind());
        }
        constexpr std::size_t kinds = static_cast<std::size_t>(Kind::Scalar) + 1; // the last
        QCOMPARE(shown.size(), kinds);
    }

    void tokensAreDroppedAndMerged()
    {
        const TracePtr trace = toys::toyTrace("toy_drop");
        QCOMPARE(test::text(trace->find("blocks.0.attn.pattern")->value.shape()), QString("[1, 2, 37, 37]"));
        QCOMPARE(test::text(trace->find("blocks.1.attn.pattern")->value.shape()), QString("[1, 2, 19, 19]"));
        QCOMPARE(test::text(trace->find("blocks.2.attn.pattern")->value.shape()), QString("[1, 2, 10, 10]"));
        const Tensor keep = trace->find("stages.0.keep")->value;
        const LayoutPtr left = trace->find("blocks.1.out")->queries;
        for (int token = 1, next = 1; token < keep.dim(0); ++token)
            if (keep.data()[2 * token + 1] > 0)
                QCOMPARE(left->cells(next++)[0], token - 1); // the kept tokens stand where they stood
        QCOMPARE(trace->find("blocks.2.out")->queries->cells(1).size(), std::size_t{2});
    }

    void unitFiltersChangeNothing()
    {
        const Architecture& filter = *toys::toys().architecture("toy_filter");
        Weights::Parts parts = toys::toyWeights(filter)->parts();
        Tensor ones = Tensor::zeros({2, 8, 5, 2});
        for (std::size_t i = 0; i < ones.writable().size(); i += 2)
            ones.writable()[i] = 1;
        parts.parameters.set("blocks.0.filter.complex_weight", ones);
        const Tensor input = toys::toyInput(filter);
        const TracePtr trace = execute(filter, Weights(parts), input);
        QVERIFY(test::relativeDifference(trace->find("blocks.0.out")->value, input.at(0)) < 1e-5);
    }

    void theLabFollowsItsTheory()
    {
        const TracePtr trace = toys::toyTrace("toy_lab");
        const Lab& lab = *toys::toys().lab("toy_lab");
        const Record theory = lab.theory(Config(lab.schema())).front();
        QCOMPARE(trace->steps.size(), std::size_t{12});
        for (std::size_t step = 0; step < trace->steps.size(); ++step)
            QCOMPARE(
                trace->find("loss", step)->value.values<double>()[0], theory.value.values<double>()[step]);
    }
};

QTEST_APPLESS_MAIN(TestToys)
#include "tst_toys.moc"
