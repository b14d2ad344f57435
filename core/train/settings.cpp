// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/settings.h"

#include "core/source/field_list.h"
#include "core/tensor/error.h"

namespace fovea::train {

namespace {

constexpr std::int64_t operator""_i(unsigned long long n) { return static_cast<std::int64_t>(n); }

/// "*.linear1.*=2,decoder.*=0.5", in that order.
std::vector<RateFactor> ratesIn(const std::string& text)
{
    std::vector<RateFactor> rates;
    for (std::size_t at = 0; at < text.size();) {
        const std::string one = text.substr(at, text.find(',', at) - at);
        const std::size_t equals = one.find('=');
        if (equals == 0 || equals == std::string::npos)
            throw UsageError("field 'rates'", "expected pattern=factor, ..., found '" + one + "'");
        rates.push_back({one.substr(0, equals), numbersIn(one.substr(equals + 1), "rates", 0, 1e6).front()});
        at += one.size() + 1;
    }
    return rates;
}

OptimiserOptions optimiserOf(const Config& c)
{
    using Rule = OptimiserOptions::Rule;
    constexpr double usualDecay = 0.05;
    const std::string &rule = c.text("optimizer"), &decayed = c.text("decay");
    OptimiserOptions o;
    o.rule = rule == "sgd" ? Rule::Sgd : rule == "adam" ? Rule::Adam : Rule::AdamW;
    o.momentum = c.real("momentum");
    o.isNesterov = c.flag("nesterov");
    o.beta1 = c.real("beta1");
    o.beta2 = c.real("beta2");
    o.eps = c.real("eps");
    const bool isAdamW = o.rule == Rule::AdamW;
    o.weightDecay = c.real("weight_decay") >= 0 ? c.real("weight_decay") : isAdamW ? usualDecay : 0;
    o.decaysAll = decayed == "all" || (decayed == "auto" && !isAdamW);
    o.rates = ratesIn(c.text("rates"));
    return o;
}

Schedule::Form formNamed(const std::string& name)
{
    using Form = Schedule::Form;
    return name == "cosine" ? Form::Cosine : name == "epochs" ? Form::Epochs : Form::Constant;
}

}

Schema trainingSchema()
{
    constexpr double most = 1e9;
    return {
        {"epochs", 10_i, "times that every training sample is seen", 1, most},
        {"steps", 0_i, "steps in all, instead of epochs; 0: the epochs count", 0, most},
        {"batch", 64_i, "samples in a step; those that fill no batch wait for another epoch", 1, 65536},
        {"optimizer", std::string("adamw"), "how gradients change parameters", 0, 0, {},
            {"adamw", "adam", "sgd"}},
        {"lr", 1e-3, "largest learning rate", 0, 1000},
        {"weight_decay", -1.0, "-1: 0.05 for adamw, else 0", -1, 100},
        {"decay", std::string("auto"),
            "which tensors decay; matrices leaves out biases, norms, class token and positions; auto: "
            "matrices for adamw, else all",
            0, 0, {}, {"auto", "all", "matrices"}},
        {"warmup", -1_i, "steps in which the rate grows to lr; -1: a twentieth of all", -1, most},
        {"schedule", std::string("cosine"),
            "the rate after that: down to 0 on a cosine, as it is, or less after each epoch", 0, 0, {},
            {"cosine", "constant", "epochs"}},
        {"gamma", 0.95, "of the schedule epochs: what is left of the rate after each", 0, 1},
        {"rates", std::string(),
            "parameters that learn faster or slower: pattern=factor of lr, ..., as in *.linear1.*=2; the "
            "first that fits a name counts"},
        {"label_smoothing", 0.0, "share of the wanted probability spread over all classes", 0, 0.99},
        {"clip", 1.0, "largest norm of all gradients together; 0: any", 0, most},
        {"momentum", 0.9, "of sgd", 0, 0.999999},
        {"nesterov", false, "of sgd: Nesterov's momentum"},
        {"beta1", 0.9, "of adam and adamw: share of the old mean gradient that stays", 0, 0.999999},
        {"beta2", 0.999, "of adam and adamw: the same of its square", 0, 0.999999999},
        {"eps", 1e-8, "of adam and adamw: added to the root of that square", 1e-30, 1},
        {"pad", 0_i, "training pictures are shifted by up to so many pixels", 0, 4096, "px"},
        {"flip", false, "half of the training pictures are mirrored left to right"},
        {"erase", 0.0, "share of the training pictures of which a rectangle becomes noise", 0, 1},
    };
}

TrainingSettings::TrainingSettings(const Config& c)
    : epochs(c.integer("epochs"))
    , steps(c.integer("steps"))
    , batch(c.integer("batch"))
    , optimiser(optimiserOf(c))
    , rate(c.real("lr"))
    , gamma(c.real("gamma"))
    , smoothing(c.real("label_smoothing"))
    , clip(c.real("clip"))
    , form(formNamed(c.text("schedule")))
    , warmup(c.integer("warmup"))
    , augment{c.count("pad"), c.flag("flip"), c.real("erase")}
{
}

Schedule TrainingSettings::schedule(Index all, Index perEpoch) const
{
    constexpr Index usualShare = 20;
    return {form, rate, warmup >= 0 ? warmup : all / usualShare, all, perEpoch, gamma};
}

}
