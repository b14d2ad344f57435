// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/geometry.h"
#include "plugins/lab_scan_snap/records.h"
#include "plugins/lab_scan_snap/theory.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace fovea::plugin::scan_snap {

namespace {

using Doubles = std::vector<double>;

double square(double x) { return x * x; }

/// The theory for a run's layout and rates, its time counted in steps of the run.
class Theory {
public:
    Theory(const Settings& settings, const Layout& layout)
        : settings_(settings)
        , layout_(layout)
        , pace_(settings.simulator == Simulator::Ode || settings.optimiser.isAdam
                  ? 1
                  : 1 / (1 - settings.optimiser.momentum))
    {
        const SequenceClass& one = layout.classes.front();
        double norm = 0;
        for (const double p : one.probabilities)
            norm += square(p);
        norm = std::sqrt(norm);
        for (std::size_t i = one.distinct; i < one.contextual(); ++i)
            dominant_ = std::max(dominant_, one.probabilities[i] / norm);
        const double common = one.distinct > 0 ? one.probabilities.front() : norm;
        const double frozen = settings.frozenNorm > 0 ? settings.frozenNorm : norm / common;
        setting_ = {static_cast<double>(layout.vocabulary), static_cast<double>(layout.count()),
            settings.optimiser.rateY, settings.optimiser.rateZ,
            square(square(frozen)) / static_cast<double>(layout.count())};
    }

    std::vector<Record> records() const
    {
        std::vector<Record> all;
        std::vector<Quantity> known;
        const double m = setting_.vocabulary;
        const auto height = [&](double t) { return heightAt(setting_.rateY * t / setting_.classes, m); };
        const auto growth = [&](double t) { return growthAt(setting_, t, settings_.isAsPrinted); };
        const auto add = [&](const char* name, const char* role, const std::function<double(double)>& of) {
            all.push_back(curve(name, role, of));
            known.push_back({name, of});
        };
        add("time", timeMap(), [](double t) { return t; });
        add("h", "height of the decoder's solution, h(t / K)", height);
        all.push_back(heightsByStep());
        add("gamma", "speed of the gradient that reaches the attention",
            [&](double t) { return speedOf(height(t), m); });
        add("Gamma", "integral of eta_Z gamma", [&](double t) { return travelAt(setting_, t); });
        add("xi", "draw of the distinct tokens", [&](double t) { return drawAt(setting_, t); });
        add("B",
            settings_.isAsPrinted ? "log growth of the dominant distinct token, as Equation 14 prints it"
                                  : "log growth of the dominant distinct token",
            growth);
        add("chi_high", "growth of the dominant distinct token, at most (Theorem 3)",
            [&](double t) { return growthBounds(growth(t), dominant_).high; });
        add("chi_low", "growth of the dominant distinct token, at least (Theorem 3)",
            [&](double t) { return growthBounds(growth(t), dominant_).low; });
        add("growth_high", "growth of attention ln(chi) / 2, at most: B", growth);
        add("growth_low", "growth of attention ln(chi) / 2, at least: f^2 B",
            [&](double t) { return square(dominant_) * growth(t); });
        all.push_back(marks());
        all.push_back(atMarks(all.back(), known));
        for (Record& record : conditions())
            all.push_back(std::move(record));
        return all;
    }

private:
    struct Quantity {
        const char* name;
        std::function<double(double)> of; ///< time
    };

    const char* timeMap() const
    {
        return settings_.simulator == Simulator::Ode ? "t = steps, each a unit of time"
            : settings_.optimiser.isAdam             ? "t = steps, though Adam has another time"
                                                     : "t = steps / (1 - momentum)";
    }

    Record vector(const char* name, const char* role, const Doubles& values, Axis axis) const
    {
        Record made;
        made.info = {std::string("theory.") + name, Kind::Vector, role, -1, ""};
        made.value = Tensor::of<double>({static_cast<Index>(values.size())}, values);
        made.axes = {std::move(axis)};
        return made;
    }

    Record byStep(const char* name, const char* role, const Doubles& values) const
    {
        Axis steps{"step", "", {}, {}};
        for (int i = 0; settings_.theoryPoints > 1 && i < points(); ++i)
            steps.values.push_back(stepAt(i));
        return vector(name, role, values, std::move(steps));
    }

    int points() const { return settings_.theorySteps * settings_.theoryPoints + 1; }
    /// In steps of the run.
    double stepAt(int point) const { return static_cast<double>(point) / settings_.theoryPoints; }

    Record curve(const char* name, const char* role, const std::function<double(double)>& of) const
    {
        Doubles values;
        for (int i = 0; i < points(); ++i)
            values.push_back(of(stepAt(i) * pace_));
        return byStep(name, role, values);
    }

    /// Lemma 5: the decoder's solution in whole steps of a class, at the last one that is over.
    Record heightsByStep() const
    {
        const auto stepsAt
            = [&](double step) { return static_cast<int>(step * pace_ / setting_.classes + 1e-9); };
        const Doubles heights
            = heightSteps(setting_.rateY, setting_.vocabulary, stepsAt(settings_.theorySteps) + 1);
        Doubles values;
        for (int i = 0; i < points(); ++i)
            values.push_back(heights[static_cast<std::size_t>(stepsAt(stepAt(i)))]);
        return byStep("h_star", "the same in steps of one sequence, h*", values);
    }

    /// Steps of the run; NaN where rates of 0 leave none.
    Record marks() const
    {
        constexpr int points = 20000;
        const double scanned = scanEnd(setting_);
        std::array<double, 3> shares{0.2, 0.1, 0.05}, snaps{NAN, NAN, NAN};
        double steepest = 0;
        for (int i = 0; i < points && std::isfinite(scanned); ++i) {
            const double t = scanned * std::pow(10, 8.0 * i / points - 4), draw = drawAt(setting_, t);
            steepest = std::max(steepest, draw);
            for (std::size_t k = 0; k < shares.size(); ++k)
                if (std::isnan(snaps[k]) && draw < steepest * shares[k])
                    snaps[k] = t;
        }
        Doubles steps{scanned, snapBegin(setting_), snaps[0], snaps[1], snaps[2]};
        for (double& step : steps)
            step = std::isfinite(step) ? step / pace_ : NAN;
        return vector("marks", "steps where phases end and begin", steps,
            {"mark", "", {},
                {"t0', scanning ends", "t0, snapping begins", "snap, 20 %", "snap, 10 %", "snap, 5 %"}});
    }

    /// What the curves are at the marks themselves, which lie between points of theirs.
    Record atMarks(const Record& marks, const std::vector<Quantity>& known) const
    {
        Record made;
        made.info = {"theory.at_marks", Kind::Points, "the curves where phases end and begin", -1, ""};
        Doubles values;
        for (const double step : marks.value.toDoubles())
            for (const Quantity& quantity : known)
                values.push_back(std::isfinite(step) ? quantity.of(step * pace_) : NAN);
        for (const Quantity& quantity : known)
            made.info.fields.push_back(quantity.name);
        made.value = Tensor::of<double>({marks.value.dim(0), static_cast<Index>(known.size())}, values);
        made.axes = defaultAxes(made.info, made.value.shape());
        made.axes.front().labels = marks.axes.front().labels;
        return made;
    }

    struct Condition {
        const char* name;
        bool holds;
        double value = NAN, bound = NAN; ///< NaN: it is no matter of a number
    };

    std::vector<Condition> listed() const
    {
        const double m = setting_.vocabulary, k = setting_.classes, y = setting_.rateY;
        const Doubles zero(static_cast<std::size_t>(layout_.queries * layout_.vocabulary));
        const Geometry geometry(layout_, zero.data());
        const Assumption bounds = assumptionOf(eigenvaluesOf(geometry.overlap, geometry.classes), m);
        const Language& language = settings_.language;
        const int common = language.common + language.commonPerQuery;
        const double leastRate = std::pow(m, -0.99);
        return {{"one query", layout_.queries == 1, static_cast<double>(layout_.queries), 1},
            {"one common token", common == 1, static_cast<double>(common), 1},
            {"Y and Z begin at 0", !settings_.startsRandom},
            {"gradient descent", !settings_.optimiser.isAdam}, {"normalised", settings_.form.isNormalised},
            {"no residual", !settings_.form.hasResidual}, {"M > 100", m > 100, m, 100},
            {"M > 10 K^2", m > 10 * k * k, m, 10 * k * k},
            {"M^-.99 < eta_Y < 1", y > leastRate && y<1, y, y> leastRate ? 1 : leastRate},
            {"eta_Y >= 10 eta_Z", y >= 10 * setting_.rateZ, y, 10 * setting_.rateZ},
            {"|lambda_1(E)| < 1 / K", bounds.largest < bounds.mostLargest, bounds.largest,
                bounds.mostLargest},
            {"|lambda_i(E)| >= sqrt(6 / M)", bounds.smallest >= bounds.leastSmallest, bounds.smallest,
                bounds.leastSmallest}};
    }

    /// What holds of the conditions of the theorems; the number that each is about, at the start of the run;
    /// and the bound of that number.
    std::vector<Record> conditions() const
    {
        Doubles holds, values, bounds;
        Axis axis{"condition", "", {}, {}};
        for (const Condition& condition : listed()) {
            axis.labels.push_back(condition.name);
            holds.push_back(condition.holds ? 1 : 0);
            values.push_back(condition.value);
            bounds.push_back(condition.bound);
        }
        return {vector("conditions", "what the theorems suppose: 1 holds, 0 fails", holds, axis),
            vector("conditions_value", "the number that each is about, at the start", values, axis),
            vector("conditions_bound", "the bound of that number", bounds, axis)};
    }

    const Settings& settings_;
    const Layout& layout_;
    double pace_; // time of a step
    double dominant_ = 0; // f_nl0(0)
    Setting setting_;
};

}

std::vector<Record> theoryRecords(const Settings& settings, const Layout& layout)
{
    return Theory(settings, layout).records();
}

}
