// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/word_lm.h"

#include "plugins/word_lm/layers.h"

namespace fovea::plugin::word_lm {

namespace {

FormOfModel formOf(const WordLmConfig& config)
{
    return config.form == Form::Encoder ? encoder() : config.form == Form::Original ? original() : yz();
}

}

Identity WordLm::identity() const
{
    return {"word_lm", "Word language model", "attention", "language modelling",
        {"Scan and Snap: Understanding Training Dynamics and Token Composition in 1-layer Transformer", 2023,
            "2305.16380"},
        "A transformer of one or a few layers that foretells the next word of a text."};
}

Schema WordLm::schema() const { return word_lm::schema(); }

std::vector<Preset> WordLm::presets() const { return word_lm::presets(); }

Manifest WordLm::manifest(const Config& config) const
{
    const WordLmConfig c(config);
    return formOf(c).manifest(c);
}

Shape WordLm::inputShape(const Config& config) const { return {config.integer("length")}; }

std::vector<std::string> WordLm::blocks(const Config& config) const
{
    const WordLmConfig c(config);
    return formOf(c).blocks(c);
}

std::vector<SignalInfo> WordLm::signalInfos(const Config& config) const
{
    const WordLmConfig c(config);
    return formOf(c).signalInfos(c);
}

Tensor WordLm::forward(Run& run, const Config& config, const Tensor& input) const
{
    const WordLmConfig c(config);
    return formOf(c).forward(run, c, input);
}

Config WordLm::tinyConfig() const
{
    using Integer = std::int64_t;
    Config config(schema());
    for (const auto& [field, value] :
        {std::pair{"vocab", 23}, {"length", 7}, {"dim", 8}, {"hidden", 10}, {"layers", 2}, {"heads", 2}})
        config.set(field, Integer{value});
    return config;
}

}
