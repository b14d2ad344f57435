// The closed forms and the reduced equations: the numbers of the reference sheet, and each formula against
// the equation it solves.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/geometry.h"
#include "plugins/lab_scan_snap/measures.h"
#include "plugins/lab_scan_snap/reduced.h"
#include "plugins/lab_scan_snap/theory.h"

#include "core/analysis/snap.h"

#include "tests/plugins/scan_snap_room.h"

using namespace fovea;
using namespace fovea::test;
using namespace fovea::plugin::scan_snap;

namespace {

/// As printed: half a unit of the last digit.
bool prints(double found, double printed, double unit) { return std::abs(found - printed) <= 0.51 * unit; }

/// The sheet's 7.9: three classes of one query, one common token, three distinct ones each, M = 200.
Config threeClasses(const char* gradient = "whitened")
{
    return configWith({{"simulator", "ode"}, {"num_last", "1"}, {"num_next_per_last", "3"},
        {"num_common", "1"}, {"common_weight", "0.25"}, {"num_unique_per_next", "3"}, {"unique_min", "0.15"},
        {"unique_max", "0.35"}, {"vocabulary", "200"}, {"y_gradient", gradient}});
}

/// Attention vectors that overlap unevenly.
struct Uneven {
    Uneven()
        : layout([] {
            Language language;
            language.queries = 2;
            language.labelsPerQuery = 3;
            language.common = 3;
            language.commonPerQuery = 2;
            language.distinct = 4;
            return language;
        }())
        , z(static_cast<std::size_t>(layout.queries * layout.vocabulary))
    {
        for (std::size_t i = 0; i < z.size(); ++i)
            z[i] = std::sin(static_cast<double>(3 * i + 1));
    }
    Layout layout;
    std::vector<double> z;
};

const Record& theoryRecord(const std::vector<Record>& all, const std::string& path)
{
    return *std::ranges::find_if(all, [&](const Record& one) { return one.path() == "theory." + path; });
}

double markOf(const std::vector<Record>& all, const std::string& label)
{
    const Record& marks = theoryRecord(all, "marks");
    const auto& labels = marks.axes[0].labels;
    return marks.value
        .toDoubles()[static_cast<std::size_t>(std::ranges::find_if(labels, [&](const std::string& one) {
            return one.starts_with(label);
        }) - labels.begin())];
}

}

class TestLabScanSnapTheory : public QObject {
    Q_OBJECT
private slots:
    void heightsToThePrintedDigits()
    {
        const auto check = [](double m, double rate, std::initializer_list<std::array<double, 3>> rows) {
            const std::vector<double> steps = heightSteps(rate, m, 81);
            for (const auto& [t, h, hStar] : rows) {
                QVERIFY(std::abs(heightAt(rate * t, m) - h) < 1e-7); // one of them is .16377244
                QVERIFY(prints(steps[static_cast<std::size_t>(t)], hStar, 1e-7));
            }
        };
        check(50, 2,
            {{1, .0384355, .04}, {10, .1304807, .1342811}, {40, .1637725, .1649845},
                {80, .1786215, .1793023}});
        check(1000, 4,
            {{1, .0039529, .004}, {10, .0102993, .0105307}, {40, .0119057, .0119761},
                {70, .0124969, .0125407}});
    }

    void theHeightSolvesItsEquation()
    {
        for (const double m : {3.0, 34.0, 1000.0, 1e5})
            for (const double u : {0.0, 1e-9, 1e-3, 1.0, 50.0, 1e6}) {
                const double h = heightAt(u, m);
                const double left = std::expm1(m * h) + (m - 1) * m * h;
                QVERIFY(std::abs(left - m * u) <= 1e-12 * (m * u));
            }
        // Lemma 7: 0 <= h* - h <= 2 eta_Y / M
        for (const double rate : {.1, 1.0, 2.0}) {
            const std::vector<double> steps = heightSteps(rate, 50, 500);
            for (std::size_t s = 0; s < steps.size(); ++s) {
                const double gap = steps[s] - heightAt(rate * static_cast<double>(s), 50);
                QVERIFY(gap >= -1e-12 && gap <= 2 * rate / 50);
            }
        }
    }

    /// Lemma 5 against the softmax regression that it solves: w <- w + eta (e_n - softmax(w)).
    void heightStepsSolveASoftmaxRegression()
    {
        constexpr std::size_t m = 12;
        const double rate = .7;
        const std::vector<double> heights = heightSteps(rate, m, 40);
        std::vector<double> w(m);
        for (const double h : heights) {
            for (std::size_t j = 0; j < m; ++j)
                QVERIFY(std::abs(w[j] - (j == 2 ? (m - 1) * h : -h)) < 1e-12);
            double sum = 0;
            for (const double value : w)
                sum += std::exp(value);
            const std::vector<double> before = w;
            for (std::size_t j = 0; j < m; ++j)
                w[j] += rate * ((j == 2 ? 1 : 0) - std::exp(before[j]) / sum);
        }
    }

    void omegaToThePrintedDigits()
    {
        for (const auto& [m, omega] : {std::pair(50.0, .436022), std::pair(100.0, .402964),
                 std::pair(1000.0, .319804), std::pair(10000.0, .266729)}) {
            QVERIFY(prints(omegaOf(m), omega, 1e-6));
            QVERIFY(std::abs(std::pow(m, omegaOf(m)) - (1 + omegaOf(m)) * (m - 1) / m * std::log(m)) < 1e-9);
        }
    }

    void speedAndTravelOfFigure3()
    {
        const Setting setting{1000, 10, .5, .5, 1};
        for (const auto& [t, x, gamma, travel] :
            std::initializer_list<std::array<double, 4>>{{50, 2.4914, 2.4592, 123.895},
                {100, 4.8749, 4.3056, 474.345}, {200, 7.7310, 2.3546, 1192.964},
                {400, 9.2808, .7897, 1719.205}, {700, 10.1222, .3902, 2045.074}}) {
            const double h = heightAt(.5 * t / 10, 1000);
            QVERIFY(prints(1000 * h, x, 1e-4));
            QVERIFY(prints(speedOf(h, 1000), gamma, 1e-4));
            QVERIFY(prints(4 * travelAt(setting, t), travel, 1e-3));
        }
        for (const auto& [rate, scan, snap, peak] :
            std::initializer_list<std::array<double, 4>>{{.5, 138.16, 364.68, 112.78},
                {1, 69.08, 182.34, 56.40}, {2, 34.54, 91.17, 28.19}, {5, 13.82, 36.47, 11.28}}) {
            QVERIFY(prints(scanEnd({1000, 10, rate, .5, 1}), scan, .01));
            QVERIFY(prints(snapBegin({1000, 10, rate, .5, 1}), snap, .01));
            double most = 0, at = 0;
            for (double t = 0; t < 200; t += .01)
                if (const double gamma = speedOf(heightAt(rate * t / 10, 1000), 1000); gamma > most) {
                    most = gamma;
                    at = t;
                }
            QVERIFY(prints(most, 4.4161, 1e-4));
            QVERIFY(std::abs(at - peak) < .03); // of a coarser grid: the first is 112.801
        }
        // rho_0 = .5, the correct B
        for (const auto& [rate, chi] :
            {std::pair(.5, 572), std::pair(1.0, 439), std::pair(2.0, 332), std::pair(5.0, 227)})
            QVERIFY(prints(growthBounds(growthAt({1000, 10, rate, .5, .00625}, 700), 1).high, chi, 1));
        for (const auto& [rate, chi] :
            {std::pair(.5, 45.2), std::pair(1.0, 34.7), std::pair(2.0, 26.3), std::pair(5.0, 18.0)})
            QVERIFY(prints(growthBounds(growthAt({1000, 10, rate, .5, 1}, 700), 1).high, chi, .1));
    }

    void growthOfFigure9()
    {
        const std::array<double, 5> rates{.5, 1, 2, 4, 8}, ends{2.5844, 1.2922, .6461, .3230, .1615},
            grown{.62016, .67068, .71252, .74933, .78279};
        for (std::size_t i = 0; i < rates.size(); ++i) {
            const Setting setting{100, 1, 10 * rates[i], rates[i], 1};
            QVERIFY(prints(snapBegin(setting), ends[i], 1e-4));
            QVERIFY(prints(growthAt(setting, snapBegin(setting)), .55561, 1e-5));
            QVERIFY(prints(growthAt(setting, 5), grown[i], 1e-5));
            QVERIFY(std::abs(growthAt(setting, 5, true) - growthAt(setting, 5)) < 1e-12); // C0 = 1
        }
        const Setting other{100, 4, 1, 1, 30};
        QCOMPARE(growthAt(other, 0), 0.0);
        QVERIFY(std::abs(growthAt(other, 9, true) - growthAt(other, 9) - std::log(30.0) / 4) < 1e-12);
    }

    /// Gamma and B against the sums of what they integrate.
    void integralsAreThoseOfTheirRates()
    {
        const Setting setting{300, 5, 2, .7, 12};
        double travel = 0, growth = 0;
        constexpr double dt = 1e-3;
        for (int i = 0; i < 60000; ++i) {
            const double t = (i + .5) * dt;
            travel += setting.rateZ * speedOf(heightAt(setting.rateY * t / setting.classes, 300), 300) * dt;
            growth += setting.rateZ * drawAt(setting, t) * dt;
        }
        QVERIFY(std::abs(travel / travelAt(setting, 60) - 1) < 1e-6);
        QVERIFY(std::abs(growth / growthAt(setting, 60) - 1) < 1e-6);
    }

    void whiteningIsAnInverse()
    {
        const Uneven uneven;
        const Geometry geometry(uneven.layout, uneven.z.data());
        const std::size_t k = geometry.classes;
        const std::vector<double> prime = whitening(geometry), values = eigenvaluesOf(geometry.overlap, k);
        for (std::size_t i = 0; i < k; ++i) {
            double along = 0;
            for (std::size_t j = 0; j < k; ++j) {
                double product = 0; // (1 + E) (1 - E')
                for (std::size_t l = 0; l < k; ++l)
                    product += ((i == l ? 1 : 0) + geometry.overlap[i * k + l])
                        * ((l == j ? 1 : 0) - prime[l * k + j]);
                QVERIFY(std::abs(product - (i == j ? 1 : 0)) < 1e-12);
                along += geometry.overlap[i * k + j] * prime[i * k + j];
            }
            QVERIFY(prime[i * k + i] <= 0); // Lemma 16
            QVERIFY(std::abs(along + prime[i * k + i]) < 1e-12); // xi_n = -gamma E'_nn
        }
        // E' has the eigenvalues lambda / (1 + lambda)
        std::vector<double> primed = eigenvaluesOf(prime, k);
        double trace = 0, square = 0, off = 0;
        for (std::size_t i = 0; i < k; ++i) {
            QVERIFY(std::abs(primed[i] - values[i] / (1 + values[i])) < 1e-12);
            trace += values[i];
            square += values[i] * values[i];
        }
        for (const double value : geometry.overlap)
            off += value * value;
        QVERIFY(std::abs(trace) < 1e-12 && std::abs(square - off) < 1e-12);
        QVERIFY(assumptionOf({-.3, .1, .9}, 600).largest == .9);
        QVERIFY(assumptionOf({-.3, .1, .9}, 600).smallest == .1);
        QVERIFY(std::abs(assumptionOf({-.3, .1, .9}, 600).leastSmallest - .1) < 1e-12);
    }

    void syntheticSmallOverlapsAsTheSheetSays()
    {
        const LabRunPtr run = walked(configWith({}), 2, 1);
        QVERIFY(prints(valuesAt(*run, 0, "E")[1], .72202, 1e-5));
        const std::vector<double> values = valuesAt(*run, 0, "E.eigenvalues");
        QVERIFY(std::abs(values[0] + 10 / 13.85) < 1e-6 && std::abs(values[1] - 10 / 13.85) < 1e-6);
    }

    void reducedEquationsToThePrintedDigits()
    {
        const LabRunPtr run = walked(threeClasses(), 0, 401);
        const auto check
            = [&](Index t, const std::array<double, 4>& z, double unit, double growth, double ratio) {
                  const std::vector<double> found = valuesAt(*run, t, "Z");
                  for (std::size_t i = 0; i < z.size(); ++i)
                      QVERIFY2(prints(found[i], z[i], unit),
                          qPrintable(QString("t %1: %2").arg(t).arg(found[i], 0, 'g', 9)));
                  QVERIFY(prints(valuesAt(*run, t, "B")[0], growth, 1e-5));
                  QVERIFY(prints(valuesAt(*run, t, "classes.0.r")[1], ratio, 1e-6));
              };
        check(20, {-.9769, .03143, .0927, .2015}, 1e-4, .36457, 1.436466);
        check(100, {-1.1796, .03700, .11041, .24579}, 1e-4, .43382, 1.569509);
        check(400, {-1.25784, .03907, .11708, .26313}, 1e-5, .46037, 1.624888);
        QVERIFY(prints(valuesAt(*run, 20, "xi")[0], .004430, 1e-6));
        QVERIFY(prints(valuesAt(*run, 0, "classes.0.r")[1], .96, 1e-6));
    }

    void theorem3HoldsInTheReducedEquations()
    {
        for (const char* gradient : {"whitened"}) {
            const LabRunPtr run = walked(threeClasses(gradient), 0, 200);
            for (Index t = 0; t < 200; ++t) {
                const double growth = valuesAt(*run, t, "B")[0], chi = valuesAt(*run, t, "classes.0.chi")[0];
                const std::vector<double> r = valuesAt(*run, t, "classes.0.r"),
                                          law = valuesAt(*run, t, "classes.0.r_law");
                for (std::size_t i = 0; i + 1 < r.size(); ++i)
                    QVERIFY(std::abs(r[i] / law[i] - 1) < 1e-6);
                QVERIFY(valuesAt(*run, t, "law_error")[0] < 1e-6);
                const double f = .35 / std::sqrt(.25 * .25 + .15 * .15 + .25 * .25 + .35 * .35);
                const Bounds bounds = growthBounds(growth, f);
                QVERIFY(chi >= bounds.low - 1e-9 && chi <= bounds.high + 1e-9);
            }
        }
    }

    /// Theorem 2: distinct tokens gain, the common one loses, at every step.
    void distinctTokensGainAndTheCommonOneLoses()
    {
        for (const char* gradient : {"whitened", "original"}) {
            const LabRunPtr run = walked(threeClasses(gradient), 0, 60);
            for (Index t = 2; t < 60; ++t) {
                const std::vector<double> z = valuesAt(*run, t, "Z"), before = valuesAt(*run, t - 1, "Z");
                QVERIFY(z[0] < before[0]);
                for (std::size_t l = 1; l < 10; ++l)
                    QVERIFY(z[l] > before[l]);
                QVERIFY(valuesAt(*run, t, "xi")[0] > 0);
            }
        }
    }

    /// With overlaps that vanish both gradients of Y are the same.
    void bothGradientsAgreeWhereClassesHardlyOverlap()
    {
        const auto course = [](const char* gradient) {
            Config config = threeClasses(gradient);
            config.set("common_weight", .01);
            return walked(config, 0, 40);
        };
        const LabRunPtr whitened = course("whitened"), original = course("original");
        for (const Index t : {5, 20, 39}) {
            QVERIFY(
                std::abs(valuesAt(*original, t, "alpha")[0] / valuesAt(*whitened, t, "alpha")[0] - 1) < 2e-2);
        }
    }

    /// Small rates and no momentum make of gradient descent the equation with the original gradient. There
    /// each class has 1 / K of the steps, in Equation 10 all of them.
    void smallStepsOfThePopulationAreTheReducedEquations()
    {
        Config fine = threeClasses("original");
        fine.set("simulator", std::string("population"));
        fine.set("momentum", 0.0);
        fine.set("eta_y", .01);
        fine.set("eta_z", .01);
        Config smooth = threeClasses("original");
        smooth.set("eta_z", 1 / 3.0);
        const LabRunPtr steps = walked(fine, 0, 2001, {"Z", "xi", "loss"}),
                        flow = walked(smooth, 0, 21, {"Z", "xi", "loss"});
        for (const Index t : {5, 20}) {
            const std::vector<double> found = valuesAt(*steps, 100 * t, "Z"),
                                      expected = valuesAt(*flow, t, "Z");
            for (std::size_t i = 0; i < 10; ++i)
                QVERIFY2(std::abs(found[i] - expected[i]) < 2e-3 * std::abs(expected[i]) + 1e-4,
                    qPrintable(QString("%1 %2").arg(found[i]).arg(expected[i])));
            QVERIFY(std::abs(valuesAt(*steps, 100 * t, "xi")[0] / valuesAt(*flow, t, "xi")[0] - 1) < 1e-2);
            QVERIFY(
                std::abs(valuesAt(*steps, 100 * t, "loss")[0] / valuesAt(*flow, t, "loss")[0] - 1) < 1e-2);
        }
    }

    /// r(0) chi is exact in the reduced equations alone; training deviates from it, and the meter says so.
    void theMeterTellsTheoryFromTraining()
    {
        const LabRunPtr run = walked(configWith({}), 2, 60);
        QCOMPARE(valuesAt(*run, 0, "law_error")[0], 0.0);
        QVERIFY(valuesAt(*run, 59, "law_error")[0] > .01);
    }

    void snapIsWhereGrowthFallsBelowAShare()
    {
        std::vector<double> growth; // rates 0, 1, .., 10, then 10 * .8^i
        double sum = 0;
        for (int i = 0; i < 60; ++i) {
            growth.push_back(sum);
            sum += i <= 10 ? i : 10 * std::pow(.8, i - 10);
        }
        QCOMPARE(snapStep(growth).value(), Index{10 + 11}); // .8^10 = .107, .8^11 = .086
        QCOMPARE(snapStep(growth, .2).value(), Index{10 + 8});
        QCOMPARE(snapStep(growth, .05).value(), Index{10 + 14});
        QVERIFY(!snapStep(std::span(growth).first(15)));
        QVERIFY(!snapStep(std::vector<double>{3, 2, 1}) && !snapStep({}));
    }

    void theoryComesWithTheTimeOfTheRun()
    {
        Config config = configWith({{"vocabulary", "1000"}, {"num_last", "1"}, {"num_next_per_last", "10"},
            {"num_common", "1"}, {"num_unique_per_next", "3"}, {"eta_y", "0.5"}, {"eta_z", "0.5"},
            {"momentum", "0"}, {"rho_0", "0.5"}, {"theory_steps", "700"}});
        const std::vector<Record> plain = scanSnap.theory(config);
        QVERIFY(prints(theoryRecord(plain, "chi_high").value.toDoubles()[700], 572, 1));
        QVERIFY(prints(theoryRecord(plain, "h").value.toDoubles()[400] * 1000, 9.2808, 1e-4));
        QVERIFY(prints(markOf(plain, "t0'"), 138.16, .01));
        QVERIFY(prints(markOf(plain, "t0,"), 364.68, .01));
        const double snap = markOf(plain, "snap, 10 %");
        QVERIFY(markOf(plain, "snap, 20 %") < snap && snap < markOf(plain, "snap, 5 %"));
        const Setting setting{1000, 10, .5, .5, .00625};
        double steepest = 0;
        for (double t = 0; t < 700; t += .05)
            steepest = std::max(steepest, drawAt(setting, t));
        QVERIFY(std::abs(drawAt(setting, snap) / steepest - .1) < 2e-3);

        config.set("momentum", .9); // a step counts for ten
        const std::vector<Record> fast = scanSnap.theory(config);
        QVERIFY(std::abs(theoryRecord(fast, "h").value.toDoubles()[40] * 1000 - 9.2808) < 1e-4);
        QVERIFY(std::abs(theoryRecord(fast, "time").value.toDoubles()[7] - 70) < 1e-9);
        QVERIFY(prints(markOf(fast, "t0'"), 13.816, .001));
        QVERIFY(std::abs(theoryRecord(fast, "h_star").value.toDoubles()[40] - heightSteps(.5, 1000, 41)[40])
            < 1e-15);
    }

    void conditionsSayWhichFails()
    {
        const auto holds
            = [](const std::vector<std::pair<std::string, std::string>>& fields, const std::string& label) {
                  const std::vector<Record> all = scanSnap.theory(configWith(fields));
                  const Record& found = theoryRecord(all, "conditions");
                  const auto& labels = found.axes[0].labels;
                  return found.value.toDoubles()[static_cast<std::size_t>(
                             std::ranges::find(labels, label) - labels.begin())]
                      == 1;
              };
        QVERIFY(!holds({}, "|lambda_1(E)| < 1 / K")); // Syn-Small: .722 > 1 / 2
        QVERIFY(holds({}, "|lambda_i(E)| >= sqrt(6 / M)"));
        QVERIFY(!holds({}, "one query") && holds({{"num_last", "1"}}, "one query"));
        QVERIFY(!holds({}, "M > 100") && holds({{"vocabulary", "101"}}, "M > 100"));
        QVERIFY(holds({}, "Y and Z begin at 0") && !holds({{"init", "random"}}, "Y and Z begin at 0"));
        QVERIFY(!holds({{"optimizer", "adam"}}, "gradient descent"));
        QVERIFY(holds({{"eta_y", "0.9"}}, "M^-.99 < eta_Y < 1")
            && !holds({{"eta_y", "0.01"}}, "M^-.99 < eta_Y < 1"));
    }
};

QTEST_APPLESS_MAIN(TestLabScanSnapTheory)
#include "tst_lab_scan_snap_theory.moc"
