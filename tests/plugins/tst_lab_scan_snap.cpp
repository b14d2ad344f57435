// Scan and Snap as a lab: gradients, invariants, going back, and what it refuses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/layout.h"
#include "plugins/lab_scan_snap/model.h"
#include "plugins/lab_scan_snap/vectors.h"

#include "tests/plugins/scan_snap_room.h"

using namespace fovea;
using namespace fovea::test;
using namespace fovea::plugin::scan_snap;

namespace {

using Doubles = std::vector<double>;
using Fields = std::vector<std::pair<std::string, std::string>>;

Language twoQueries()
{
    Language language;
    language.labelsPerQuery = 2;
    language.common = 3;
    language.commonPerQuery = 1;
    language.distinct = 2;
    return language;
}

/// The loss of sequences, told token by token as the official model is: attention over positions, one-hot
/// sums.
double naiveLoss(
    const Layout& layout, const Form& form, const Doubles& y, const Doubles& z, const Sequences& all)
{
    const auto m = static_cast<std::size_t>(layout.vocabulary);
    double loss = 0;
    for (std::size_t n = 0; n < layout.classes.size(); ++n)
        for (std::size_t row = 0; row < all.rows[n]; ++row) {
            const SequenceClass& one = layout.classes[n];
            std::vector<std::size_t> positions;
            for (std::size_t i = 0; i < one.tokens.size(); ++i)
                positions.insert(positions.end(),
                    static_cast<std::size_t>(all.counts[n][row * one.tokens.size() + i]),
                    static_cast<std::size_t>(one.tokens[i]));
            double whole = 0;
            for (const std::size_t token : positions)
                whole += std::exp(z[static_cast<std::size_t>(one.query) * m + token]);
            Doubles combined(m);
            for (const std::size_t token : positions)
                combined[token] += std::exp(z[static_cast<std::size_t>(one.query) * m + token]) / whole;
            if (form.hasResidual)
                combined[static_cast<std::size_t>(one.tokens.back())] += 1;
            double square = 0, sum = 0;
            for (const double c : combined)
                square += c * c;
            Doubles logits(m);
            for (std::size_t j = 0; j < m; ++j) {
                for (std::size_t l = 0; l < m; ++l)
                    logits[j] += y[l * m + j] * combined[l] / (form.isNormalised ? std::sqrt(square) : 1);
                sum += std::exp(logits[j]);
            }
            loss += all.weight * (std::log(sum) - logits[static_cast<std::size_t>(one.label)]);
        }
    return loss;
}

bool identical(const NamedTensors& a, const NamedTensors& b)
{
    return std::ranges::equal(a, b,
        [](const auto& x, const auto& y) { return x.first == y.first && x.second.identical(y.second); });
}

double largestRowSum(const Doubles& matrix, std::size_t columns)
{
    double worst = 0;
    for (std::size_t row = 0; row < matrix.size() / columns; ++row) {
        double sum = 0;
        for (std::size_t j = 0; j < columns; ++j)
            sum += matrix[row * columns + j];
        worst = std::max(worst, std::abs(sum));
    }
    return worst;
}

}

class TestLabScanSnap : public QObject {
    Q_OBJECT
private slots:
    void expIsExact()
    {
        for (double x = 0; x > -745; x -= .37) {
            const double expected = std::exp(std::max(x, -700.0));
            QVERIFY(std::abs(expOfNegative(x) - expected) <= 5e-16 * expected);
        }
        QCOMPARE(expOfNegative(0), 1.0);
        QVERIFY(std::isnan(expOfNegative(NAN)));
    }

    void tokensLieAsInTheOfficialDataSet()
    {
        const Layout layout(twoQueries()); // 0-2 common, 3 and 4 of a query, 5-12 distinct, 13 and 14 queries
        QCOMPARE(layout.vocabulary, Index{19});
        QCOMPARE(layout.moving(), Index{15});
        const SequenceClass& third = layout.classes[2];
        QVERIFY(third.tokens == (std::vector<Index>{0, 1, 2, 4, 9, 10, 14}));
        QCOMPARE(third.label, Index{17});
        QCOMPARE(third.distinct, std::size_t{4});
        const Doubles expected{1 / 5.1, 1 / 5.1, 1 / 5.1, 1 / 5.1, .1 / 5.1, 1 / 5.1};
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(std::abs(third.probabilities[i] - expected[i]) < 1e-15);
    }

    void gradientsAreThoseOfTheOfficialForm_data()
    {
        QTest::addColumn<bool>("isNormalised");
        QTest::addColumn<bool>("hasResidual");
        QTest::addColumn<bool>("includesQuery");
        for (const int which : {0, 1, 2, 3, 4, 5, 6, 7})
            QTest::addRow("%d", which) << ((which & 1) == 0) << ((which & 2) != 0) << ((which & 4) != 0);
    }
    void gradientsAreThoseOfTheOfficialForm()
    {
        QFETCH(const bool, isNormalised);
        QFETCH(const bool, hasResidual);
        QFETCH(const bool, includesQuery);
        const Form form{isNormalised, hasResidual, includesQuery};
        const Layout layout(twoQueries());
        const auto m = static_cast<std::size_t>(layout.vocabulary);
        Doubles y(m * m), z(2 * m);
        for (std::size_t i = 0; i < y.size(); ++i)
            y[i] = std::sin(1.3 * static_cast<double>(i));
        for (std::size_t i = 0; i < z.size(); ++i)
            z[i] = std::cos(2.1 * static_cast<double>(i));
        Sequences sequences(layout);
        sequences.weight = .2;
        sequences.rows = {2, 0, 1, 2};
        for (std::size_t n = 0; n < 4; ++n)
            for (std::size_t i = 0; i < 7 * sequences.rows[n]; ++i)
                sequences.counts[n].push_back(
                    i % 7 == 6 ? includesQuery : static_cast<double>((3 * i + n) % 4));
        const Gradients found = gradientsOf(layout, form, {y.data(), z.data()}, sequences);
        QVERIFY(std::abs(found.loss - naiveLoss(layout, form, y, z, sequences)) < 1e-12);
        const auto check = [&](Doubles& weights, const Doubles& gradient) {
            for (std::size_t i = 0; i < weights.size(); ++i) {
                constexpr double h = 1e-5;
                const double kept = weights[i];
                weights[i] = kept + h;
                const double up = naiveLoss(layout, form, y, z, sequences);
                weights[i] = kept - h;
                const double down = naiveLoss(layout, form, y, z, sequences);
                weights[i] = kept;
                const double expected = (up - down) / (2 * h), value = i < gradient.size() ? gradient[i] : 0;
                QVERIFY2(std::abs(value - expected) < 1e-9, qPrintable(QString("%1: %2").arg(i).arg(value)));
            }
        };
        check(y, found.y);
        check(z, found.z);
    }

    /// Lemma 1: what begins at 0 has rows that sum to 0 forever.
    void rowsSumToZeroForever_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::newRow("sgd") << Fields{{"eta_y", "10"}};
        QTest::newRow("sgd, five queries") << Fields{{"num_last", "5"}, {"num_next_per_last", "2"}};
        QTest::newRow("population") << Fields{{"simulator", "population"}};
        QTest::newRow("reduced") << Fields{
            {"simulator", "ode"}, {"num_next_per_last", "2"}, {"y_gradient", "original"}};
    }
    void rowsSumToZeroForever()
    {
        QFETCH(const Fields, fields);
        const LabRunPtr run = walked(test::configWith(fields), 3, 150, {"Z"});
        const auto m = static_cast<std::size_t>((*run->state)["Z"].dim(1));
        QVERIFY(largestRowSum((*run->state)["Z"].toDoubles(), m) < 1e-10);
        QVERIFY((*run->state)["Z"].toDoubles()[3] != 0);
        if ((*run->state).find("Y"))
            QVERIFY(largestRowSum((*run->state)["Y"].toDoubles(), m) < 1e-10);
    }

    /// What no sequence holds has no gradient, and neither optimiser moves it.
    void unseenTokensStay()
    {
        for (const char* optimizer : {"sgd", "adam"}) {
            const Config config
                = test::configWith({{"init", "random"}, {"vocabulary", "50"}, {"optimizer", optimizer}});
            const NamedTensors start = scanSnap.start(config, 4);
            const LabRunPtr run = walked(config, 4, 20, {"loss"});
            const Doubles y = start["Y"].toDoubles(), later = (*run->state)["Y"].toDoubles();
            QVERIFY(
                std::equal(y.begin() + 34 * 50, y.end(), later.begin() + 34 * 50)); // rows of unseen tokens
            QVERIFY(!std::equal(y.begin(), y.begin() + 50, later.begin()));
            const Doubles z = start["Z"].toDoubles(), laterZ = (*run->state)["Z"].toDoubles();
            QVERIFY(std::equal(z.begin() + 30, z.begin() + 50, laterZ.begin() + 30));
        }
    }

    void everyStepIsReachedInBothDirectionsBitForBit_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::newRow("sgd") << Fields{{"init", "random"}};
        QTest::newRow("adam") << Fields{{"optimizer", "adam"}, {"eta_y", "0.1"}, {"eta_z", "0.1"}};
        QTest::newRow("population") << Fields{{"simulator", "population"}};
        QTest::newRow("reduced") << Fields{{"simulator", "ode"}};
        QTest::newRow("reduced, original") << Fields{{"simulator", "ode"}, {"y_gradient", "original"}};
    }
    void everyStepIsReachedInBothDirectionsBitForBit()
    {
        QFETCH(const Fields, fields);
        const LabRunPtr run = walked(test::configWith(fields), 9, 40);
        for (const Index step : {39, 17, 16, 1, 0}) {
            const StepPtr again = remadeStep(*run, step);
            const StepPtr& kept = run->trace->steps[static_cast<std::size_t>(step)];
            QVERIFY(kept->all().size() > 15);
            for (const RecordPtr& record : kept->all())
                QVERIFY(record->value.identical(again->find(record->path())->value));
        }
        QVERIFY(identical(stateBefore(*run, 25), *walked(test::configWith(fields), 9, 25)->state));
    }

    void aBranchTakesOtherRatesAndTheSameSequences()
    {
        const Config slow = test::configWith({}),
                     fast = test::configWith({{"eta_z", "3"}, {"momentum", "0"}});
        const LabRunPtr run = walked(slow, 2, 20);
        LabWalk walk(branchOf(run, 10, fast), {});
        while (walk.done() < 20)
            walk.step();
        const LabRunPtr branch = walk.run();
        QCOMPARE(valuesAt(*branch, 10, "loss"), valuesAt(*run, 10, "loss")); // before it can act
        QVERIFY(valuesAt(*branch, 12, "loss") != valuesAt(*run, 12, "loss"));
        QVERIFY((*branch->state)["torch"].identical((*run->state)["torch"]));
        FOVEA_THROWS(branchOf(run, 10, test::configWith({{"num_last", "3"}})), UsageError, "num_last");
    }

    void aRunKnowsItsOfficialRecords()
    {
        const LabRunPtr run = walked(test::configWith({}), 2, 3);
        const StepPtr& last = run->trace->steps.back();
        QCOMPARE(last->find("loss")->kind(), Kind::Scalar);
        QCOMPARE(last->find("classes.0.c")->kind(), Kind::Vector);
        QCOMPARE(last->find("classes.1.c")->value.dim(0), Index{34});
        QVERIFY(!last->find("classes.2.c"));
        double sum = 0;
        for (const double c : valuesAt(*run, 2, "classes.1.c"))
            sum += c;
        QVERIFY(std::abs(sum - 1) < 1e-12);
        QVERIFY(last->find("Y")->kind() == Kind::Matrix && last->find("Z")->kind() == Kind::Matrix);
    }

    void divergenceStopsAndSaysWhenAndWhat()
    {
        const auto diverge = [](const Fields& fields) { walked(test::configWith(fields), 2, 500, {"loss"}); };
        // one sequence a step: what it teaches is wrong for the next
        FOVEA_THROWS(diverge({{"batch", "1"}, {"eta_y", "1e7"}, {"eta_z", "2"}}), Error, "step ",
            "the run diverges", "10,000 times that of a guess", "eta_y is 10000000.0", "eta_z 2.0",
            "momentum 0.9");
        FOVEA_THROWS(
            diverge({{"batch", "1"}, {"eta_y", "1e300"}, {"momentum", "0.999"}}), Error, "step ", "diverges");
        const LabRunPtr far
            = walked(test::configWith({{"eta_y", "80"}}), 2, 100, {"loss"}); // the paper's largest
        QVERIFY(courseOf(*far, "loss").back() < 1e-3);
        RecordingOptions options;
        LabWalk walk(
            startRun(scanSnap, test::configWith({{"batch", "1"}, {"eta_y", "1e7"}}), 2, options), options);
        QString said;
        try {
            while (walk.done() < 500)
                walk.step();
        } catch (const Error& error) {
            said = error.what();
        }
        QVERIFY2(said.startsWith(QString("step %1: the run diverges").arg(walk.done())), qPrintable(said));
        QVERIFY(
            identical(*walk.run()->state, stateBefore(*walk.run(), walk.done()))); // it stands where it stood
    }

    void attentionMayBeAsSharpAsItLikes()
    {
        // all but one token of a class thousands below it, and that one not drawn: no 0 / 0
        Language language = twoQueries();
        const Layout layout(language);
        const auto m = static_cast<std::size_t>(layout.vocabulary);
        Doubles y(m * m), z(2 * m);
        z[0] = 5000;
        Sequences sequences(layout);
        sequences.rows = {1, 0, 0, 0};
        sequences.counts[0] = {0, 2, 1, 0, 1, 0, 0};
        const Gradients found = gradientsOf(layout, {}, {y.data(), z.data()}, sequences);
        QVERIFY(std::abs(found.loss - std::log(19.0)) < 1e-12);
        QVERIFY(std::abs(found.y[1 * m] - 2 / std::sqrt(6.0) / 19) < 1e-12);
    }

    void impossibleLayoutsAreRefusedByField()
    {
        const auto start = [](const Fields& fields) { scanSnap.start(test::configWith(fields), 0); };
        FOVEA_THROWS(start({{"num_next_per_last", "0"}}), Error, "num_next_per_last", "found 0");
        FOVEA_THROWS(start({{"length", "1"}}), Error, "length", "2 to", "found 1");
        FOVEA_THROWS(start({{"num_last", "5"}, {"num_next_per_last", "2"}, {"vocabulary", "9"}}), Error,
            "vocabulary", "10 next tokens (K <= M)", "found 9");
        FOVEA_THROWS(start({{"vocabulary", "33"}}), Error, "vocabulary", "34 tokens", "found 33");
        FOVEA_THROWS(
            start({{"num_last", "1000"}, {"num_next_per_last", "1000"}}), Error, "num_last", "20000");
        FOVEA_THROWS(start({{"vocabulary", "30000"}}), Error, "vocabulary", "20000");
        FOVEA_THROWS(start({{"num_unique_per_next", "0"}}), Error, "num_unique_per_next");
        FOVEA_THROWS(
            start({{"simulator", "ode"}, {"optimizer", "adam"}}), Error, "optimizer", "reduced equations");
        FOVEA_THROWS(start({{"simulator", "ode"}, {"residual", "yes"}}), Error, "residual");
        FOVEA_THROWS(start({{"simulator", "gd"}}), Error, "simulator", "population");
        Language none;
        none.labelsPerQuery = 0;
        FOVEA_THROWS(Layout{none}, Error, "num_next_per_last", "a query must have a class");
    }

    /// The file itself is refused by its attribute `version` (tst_io_trace_broken).
    void configsOfAnotherVersionAreRefusedByField()
    {
        FOVEA_THROWS(Config::fromJson(scanSnap.schema(), "{\"eta_x\": 1}"), Error, "eta_x");
        FOVEA_THROWS(
            Config::fromJson(scanSnap.schema(), "{\"simulator\": \"official\"}"), Error, "simulator");
        const Config config = test::configWith({{"eta_y", "3"}});
        QVERIFY(Config::fromJson(scanSnap.schema(), config.json()) == config);
    }
};

QTEST_APPLESS_MAIN(TestLabScanSnap)
#include "tst_lab_scan_snap.moc"
