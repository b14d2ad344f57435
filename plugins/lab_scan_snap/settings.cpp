// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/settings.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <array>

namespace fovea::plugin::scan_snap {

namespace {

using Integer = std::int64_t;
using Text = std::string;

/// What the state is made of, or what its numbers mean.
constexpr std::array<std::string_view, 14> kept{"simulator", "optimizer", "init", "num_last",
    "num_next_per_last", "num_common", "num_common_per_last", "num_unique_per_next", "common_weight",
    "unique_min", "unique_max", "vocabulary", "y_gradient", "rk4_step"};

Simulator simulatorNamed(const std::string& name)
{
    return name == "sgd" ? Simulator::Sgd : name == "population" ? Simulator::Population : Simulator::Ode;
}

Language languageOf(const Config& config)
{
    Language made;
    made.queries = config.count("num_last");
    made.labelsPerQuery = config.count("num_next_per_last");
    made.common = config.count("num_common");
    made.commonPerQuery = config.count("num_common_per_last");
    made.distinct = config.count("num_unique_per_next");
    made.commonWeight = config.real("common_weight");
    made.distinctFrom = config.real("unique_min");
    made.distinctTo = config.real("unique_max");
    made.vocabulary = config.count("vocabulary");
    return made;
}

double rateYOf(const Config& config)
{
    const double ratio = config.real("eta_y_over_z");
    return ratio > 0 ? ratio * config.real("eta_z") : config.real("eta_y");
}

/// What the reduced equations are not about.
void checkReduced(const Config& config)
{
    const auto refuse = [](const Text& field, const Text& expected, const Text& found) {
        throw Error("field '" + field + "': expected " + expected
            + ", since the reduced equations (simulator ode) know nothing else, found " + found);
    };
    if (config.text("optimizer") != "sgd")
        refuse("optimizer", "sgd", config.text("optimizer"));
    if (config.text("init") != "zero")
        refuse("init", "zero", config.text("init"));
    if (!config.flag("normalize"))
        refuse("normalize", "yes", "no");
    for (const char* field : {"residual", "include_base_token"})
        if (config.flag(field))
            refuse(field, "no", "yes");
}

}

Settings::Settings(const Config& config)
    : simulator(simulatorNamed(config.text("simulator")))
    , language(languageOf(config))
    , optimiser{config.text("optimizer") == "adam", rateYOf(config), config.real("eta_z"),
          config.real("momentum")}
    , form{config.flag("normalize"), config.flag("residual"), config.flag("include_base_token")}
    , startsRandom(config.text("init") == "random")
    , length(config.count("length"))
    , batch(config.count("batch"))
    , isOriginal(config.text("y_gradient") == "original")
    , timeStep(config.real("rk4_step"))
    , recallFrom(config.real("recall_from"))
    , recallTo(config.real("recall_to"))
    , theorySteps(config.count("theory_steps"))
    , theoryPoints(config.count("theory_points"))
    , frozenNorm(config.real("rho_0"))
    , isAsPrinted(config.flag("b_as_printed"))
{
    constexpr std::int64_t mostPoints = 1'000'000;
    if (std::int64_t{theorySteps} * theoryPoints > mostPoints)
        throw Error("field 'theory_points': expected at most " + std::to_string(mostPoints)
            + " points in all theory_steps, found "
            + std::to_string(std::int64_t{theorySteps} * theoryPoints));
    if (simulator == Simulator::Ode)
        checkReduced(config);
}

Schema settingsSchema()
{
    return {{"simulator", Text("sgd"),
                "sgd: the official one; population: its mean, T to infinity; ode: Equation 10", 0, 0, {},
                {"sgd", "population", "ode"}},
        {"eta_y", 1.0, "learning rate of the decoder Y", 0, 1e300},
        {"eta_z", 1.0, "learning rate of the attention Z", 0, 1e300},
        {"eta_y_over_z", 0.0, "eta_y in units of eta_z; 0: eta_y says it", 0, 1e300},
        {"momentum", 0.9, "of both optimisers; the theory has none", 0, 0.9999},
        {"optimizer", Text("sgd"), "of Y and of Z, one each", 0, 0, {}, {"sgd", "adam"}},
        {"init", Text("zero"), "Y and Z at first; random: uniform in 1 / sqrt(M), as nn.Linear", 0, 0, {},
            {"zero", "random"}},
        {"num_last", Integer{2}, "query tokens", 1, 1000},
        {"num_next_per_last", Integer{1}, "classes of each query: next tokens that may follow", 1, 1000},
        {"num_common", Integer{10}, "tokens common to all classes", 0, 10000},
        {"num_common_per_last", Integer{0}, "tokens common to the classes of a query", 0, 10000},
        {"num_unique_per_next", Integer{10}, "distinct tokens of each class", 1, 10000},
        {"common_weight", 1.0, "of a common token, before probabilities are normalised", 1e-6, 1e6},
        {"unique_min", 0.1, "weight of a class's first distinct token; the others lie evenly between", 1e-6,
            1e6},
        {"unique_max", 1.0, "weight of its last distinct token", 1e-6, 1e6},
        {"vocabulary", Integer{0}, "M; 0: as many tokens as there are; more: some are never seen", 0, 100000},
        {"length", Integer{128}, "T: tokens of a sequence, the query among them (sgd)", 2, 100000},
        {"batch", Integer{128}, "sequences of a step (sgd)", 1, 100000},
        {"normalize", true, "the attended sum is divided by its norm"},
        {"residual", false, "the query is added to the attended sum"},
        {"include_base_token", false, "the query attends to itself too (sgd)"},
        {"y_gradient", Text("whitened"), "of Y in the reduced equations (ode)", 0, 0, {},
            {"whitened", "original"}},
        {"rk4_step", 0.05, "time of a Runge-Kutta step; a step of the lab is a unit of time (ode)", 1e-4, 1},
        {"recall_from", 0.028, "first of 11 thresholds of recall", 0, 1},
        {"recall_to", 0.038, "last of them", 0, 1},
        {"theory_steps", Integer{100}, "how far the theory's curves go", 1, 100000},
        {"theory_points", Integer{1}, "points of the theory's curves in each step", 1, 1000},
        {"rho_0", 0.0, "frozen norm of the theory; 0: that of the first class at the start", 0, 1e6},
        {"b_as_printed", false, "B as Equation 14 prints it, which begins at ln(C0) / 4 and not at 0"}};
}

bool canChangeSetting(std::string_view field) { return std::ranges::find(kept, field) == kept.end(); }

}
