// What is read from the names of a theory's records, and where a growth is over.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/snap.h"
#include "core/analysis/theory/theory.h"

#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::analysis;

namespace {

Record recordOf(const std::string& path, const std::vector<double>& values, const Axis& axis)
{
    Record record;
    record.info = {path, Kind::Vector, "role of " + path, -1, ""};
    record.value = Tensor::of<double>({static_cast<Index>(values.size())}, values);
    record.axes = {axis};
    return record;
}

Record byStep(const std::string& path, const std::vector<double>& values)
{
    return recordOf(path, values, {"step", "", {}, {}});
}

}

class TestTheory : public QObject {
    Q_OBJECT

private slots:
    void namesSayWhatStandsBesideWhat()
    {
        const Theory theory
            = readTheory({byStep("theory.time", {0, 4, 8}), byStep("theory.x_star", {1, 2, 3}),
                byStep("theory.x", {1, 2, 4}), byStep("theory.y_high", {5, 6, 7}),
                byStep("theory.y_low", {0, 0, 1}), byStep("loss", {9, 9, 9})});
        QCOMPARE(theory.timePerStep, 4.0);
        QCOMPARE(theory.time, std::string("role of theory.time"));
        QCOMPARE(theory.quantities.size(), std::size_t{2});
        const TheoryQuantity &x = theory.quantities[0], &y = theory.quantities[1];
        QCOMPARE(x.curves.size(), std::size_t{2});
        QVERIFY(x.speaksOf("x") && x.speaksOf("classes.3.x") && !x.speaksOf("max") && !x.speaksOf("x.c"));
        QVERIFY(y.curves.empty() && y.low && y.high && y.high->name == "theory.y_high");
        QCOMPARE(x.curves[1].at(1.5), 3.0);
        QVERIFY(std::isnan(x.curves[1].at(2.5)) && std::isnan(x.curves[1].at(-1)));
    }

    void marksOfOneNameAreOneWithABand()
    {
        const Theory theory = readTheory({recordOf("theory.marks", {3, NAN, 9, 12, 20},
            {"mark", "", {}, {"begin", "never, it seems", "end, early", "end, half", "end, late"}})});
        QCOMPARE(theory.marks.size(), std::size_t{2});
        QVERIFY(theory.marks[0].name == "begin" && theory.marks[0].step == 3);
        QVERIFY(std::isnan(theory.marks[0].low) && !theory.marks[0].isFound);
        const PhaseMark& end = theory.marks[1];
        QVERIFY(
            end.name == "end" && end.detail == "half" && end.step == 12 && end.low == 9 && end.high == 20);
    }

    void conditionsHaveNumbersWhereThereAreSome()
    {
        const Axis axis{"condition", "", {}, {"a", "b"}};
        const Theory theory = readTheory(
            {recordOf("theory.conditions", {1, 0}, axis), recordOf("theory.conditions_value", {NAN, 7}, axis),
                recordOf("theory.conditions_bound", {NAN, 5}, axis)});
        QCOMPARE(theory.conditions.size(), std::size_t{2});
        QVERIFY(theory.conditions[0].holds && std::isnan(theory.conditions[0].value));
        QVERIFY(theory.conditions[1].value == 7 && theory.conditions[1].bound == 5);
        QCOMPARE(theory.failing(), std::vector<std::string>{"b"});
    }

    void growthIsCountedPerStep()
    {
        // 1 - 2^-s: a step from 0 to 1 is .5, from 2 to 4 (.25 - .0625) / 2 = .094, from 4 to 8 .015
        std::vector<double> steps{0, 1, 2, 4, 8, 16}, growth;
        for (const double s : steps)
            growth.push_back(1 - std::exp2(-s));
        QCOMPARE(snapStep(steps, growth, .1).value(), Index{4});
        QCOMPARE(snapStep(steps, growth, .2).value(), Index{2}); // .09375 < .1
        QVERIFY(!snapStep(std::span(steps).first(4), std::span(growth).first(4), .1));
    }
};

QTEST_APPLESS_MAIN(TestTheory)
#include "tst_theory.moc"
