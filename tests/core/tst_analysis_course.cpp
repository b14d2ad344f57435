// Curves over steps: gathered as a trace grows, smoothed, thinned, subtracted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/course.h"

#include "tests/support/test.h"

#include <algorithm>

using namespace fovea;

namespace {

RecordPtr recordOf(const std::string& path, std::vector<double> values)
{
    auto record = std::make_shared<Record>();
    record->info = {path, Kind::Vector, "role", -1, ""};
    record->value = Tensor::of<double>({static_cast<Index>(values.size())}, values);
    return record;
}

StepPtr stepOf(Index number, std::vector<double> values)
{
    auto step = std::make_shared<StepRecords>(number);
    step->add(recordOf("x", std::move(values)));
    return step;
}

/// A trace of a file.
TracePtr traceOf(const StepList& steps)
{
    auto trace = std::make_shared<Trace>();
    trace->steps = steps;
    return trace;
}

struct Run {
    std::shared_ptr<const void> identity = std::make_shared<const char>();
    TracePtr version(const StepList& steps) const
    {
        auto trace = std::make_shared<Trace>();
        trace->steps = steps;
        trace->run = identity;
        return trace;
    }
};

std::vector<double> valueAt(Index step) { return {std::sin(static_cast<double>(step))}; }

}

class TestAnalysisCourse : public QObject {
    Q_OBJECT

private slots:
    void aCourseGrowsWithItsRun()
    {
        StepList steps;
        const Run run;
        analysis::Course first("x"), second("x", 1), absent("y");
        for (Index i = 0; i < 20; ++i) {
            steps.push_back(stepOf(3 * i, {0.5 * static_cast<double>(i), -1}));
            for (analysis::Course* course : {&first, &second, &absent})
                course->follow(run.version(steps));
            QCOMPARE(first.values().size(), static_cast<std::size_t>(i + 1));
        }
        QCOMPARE(first.at(9), 1.5);
        QVERIFY(std::isnan(first.at(10)));
        QCOMPARE(second.at(57), -1.0);
        QVERIFY(absent.values().empty());
    }

    void anotherTraceIsReadFromItsBeginning()
    {
        StepList one, other, sparse;
        for (Index i = 0; i < 5; ++i) {
            one.push_back(stepOf(i, {1}));
            other.push_back(stepOf(i, {2}));
        }
        analysis::Course course("x");
        course.follow(traceOf(one));
        course.follow(traceOf(other));
        QCOMPARE(course.values(), std::vector<double>(5, 2));
        course.follow(traceOf(other.first(2)));
        QCOMPARE(course.values().size(), std::size_t{2});
        for (const Index i : {0, 2, 4, 6, 8})
            sparse.push_back(i == 0 ? other.front() : stepOf(i, {3}));
        course.follow(traceOf(sparse));
        QCOMPARE(course.steps(), (std::vector<double>{0, 2, 4, 6, 8}));
        course.follow(nullptr);
        QVERIFY(course.values().empty());
    }

    /// Memory is given out again, what a run is called is not.
    void aTraceThatIsGoneIsNoOther()
    {
        analysis::Course course("x");
        for (int i = 0; i < 100; ++i) {
            course.follow(traceOf({stepOf(0, {static_cast<double>(i)})}));
            QCOMPARE(course.values(), std::vector<double>{static_cast<double>(i)});
        }
    }

    /// Of 1000 steps every fourth stays, and of these every tenth has its record: it was read before.
    void aThinnedRunKeepsWhatItStillHas()
    {
        StepList all, thinner;
        for (Index i = 0; i < 1000; ++i)
            all.push_back(stepOf(i, valueAt(i)));
        for (Index i = 0; i < 1200; i += 4)
            thinner.push_back(i >= 1000 ? stepOf(i, valueAt(i))
                    : i % 40 == 0       ? all[static_cast<std::size_t>(i)]
                                        : std::make_shared<StepRecords>(i));
        const Run run;
        analysis::Course course("x");
        course.follow(run.version(all));
        course.follow(run.version(thinner));
        QCOMPARE(course.values().size(), std::size_t{300});
        for (Index i = 0; i < 1200; i += 4) {
            QCOMPARE(course.steps()[static_cast<std::size_t>(i / 4)], static_cast<double>(i));
            QCOMPARE(course.values()[static_cast<std::size_t>(i / 4)], valueAt(i).front());
        }
        course.follow(run.version(thinner)); // nothing is new
        QCOMPARE(course.values().size(), std::size_t{300});
    }

    /// However much it has of it: the first 100 steps, and then every second value, the last one too.
    void aBranchIsNoThinnerFormOfItsParent()
    {
        StepList all, branch;
        for (Index i = 0; i < 1000; ++i)
            all.push_back(stepOf(i, valueAt(i)));
        for (Index i = 0; i < 1000; i += 4)
            branch.push_back(i < 400 ? all[static_cast<std::size_t>(i)]
                                     : stepOf(i, i % 8 == 0 ? std::vector<double>{-2} : valueAt(i)));
        const Run parent, own;
        analysis::Course course("x"), fresh("x");
        course.follow(parent.version(all));
        course.follow(own.version(branch));
        fresh.follow(own.version(branch));
        QCOMPARE(course.values()[100], -2.0);
        QCOMPARE(course.steps(), fresh.steps());
        QCOMPARE(course.values(), fresh.values());
        course.follow(parent.version(all));
        QCOMPARE(course.values().size(), std::size_t{1000});
    }

    void smoothingIsTheCorrectedMean()
    {
        // by hand, w = 1/2: m = 1, 1.5 -> y = 2, 7/3 ...
        const auto y = analysis::smoothed({2, 2.5, NAN, 4}, 0.5);
        QCOMPARE(y[0], 2.0);
        QCOMPARE(y[1], (0.5 * 1 + 0.5 * 2.5) / 0.75);
        QVERIFY(std::isnan(y[2]));
        QCOMPARE(y[3], (0.5 * 1.75 + 0.5 * 4) / 0.875);
        QCOMPARE(analysis::smoothed({7, 7, 7}, 0.9), (std::vector<double>{7, 7, 7}));
        QCOMPARE(analysis::smoothed({3, 1}, 0), (std::vector<double>{3, 1}));
    }

    void differencesMeetAtTheStepsOfBoth()
    {
        StepList a, b;
        for (const Index i : {0, 1, 2, 4})
            a.push_back(stepOf(i, {static_cast<double>(10 * i)}));
        for (const Index i : {1, 2, 3, 4})
            b.push_back(stepOf(i, {static_cast<double>(i)}));
        analysis::Course left("x"), right("x");
        left.follow(traceOf(a));
        right.follow(traceOf(b));
        const auto points = analysis::difference(left, right);
        QCOMPARE(points.x, (std::vector<double>{1, 2, 4}));
        QCOMPARE(points.y, (std::vector<double>{9, 18, 36}));
    }

    void thinningKeepsEveryPeak()
    {
        std::vector<double> x(10000), y(10000, 1.0);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = static_cast<double>(i);
        y[1234] = 50;
        y[7777] = -50;
        const auto points = analysis::thinned(x, y, 100);
        QVERIFY(points.x.size() <= 404);
        QCOMPARE(std::ranges::max(points.y), 50.0);
        QCOMPARE(points.x[static_cast<std::size_t>(std::ranges::max_element(points.y) - points.y.begin())],
            1234.0);
        QCOMPARE(std::ranges::min(points.y), -50.0);
        QCOMPARE(points.x.front(), 0.0);
        QCOMPARE(points.x.back(), 9999.0);
        QVERIFY(std::ranges::is_sorted(points.x));
        QCOMPARE(analysis::thinned({1, 2}, {3, 4}, 100).y, (std::vector<double>{3, 4}));
    }

    void recordsAreSubtractedElementByElement()
    {
        const Record c = analysis::difference(*recordOf("x", {3, 4}), *recordOf("x", {1, 5}));
        QCOMPARE(c.value.toDoubles(), (std::vector<double>{2, -1}));
        QCOMPARE(c.kind(), Kind::Vector);
        QVERIFY(!analysis::difference(*recordOf("x", {3, 4}), *recordOf("x", {1})).value.defined());
    }
};

QTEST_APPLESS_MAIN(TestAnalysisCourse)
#include "tst_analysis_course.moc"
