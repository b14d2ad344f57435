// What the tests of relevance on vision transformers share: two models, and questions about them. It checks
// nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/patch_map.h"
#include "core/analysis/relevance.h"

#include "tests/support/golden.h"
#include "tests/support/one_patch_vit.h"

#include <numeric>

namespace fovea::test {

using Doubles = std::vector<double>;

inline const OnePatchVit onePatch;
inline const plugin::vit::Vit vit;

inline bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

inline std::vector<int> allPatches(int n = OnePatchVit::patches)
{
    std::vector<int> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

/// A tiny ViT with numbers by the golden rule, and a question about its class 3.
struct Ruled {
    WeightsPtr weights;
    Tensor input;
    analysis::RelevanceQuestion question;

    explicit Ruled(const std::vector<std::string>& edits = {}, std::int64_t depth = 3)
    {
        Config config = vit.tinyConfig(); // 4 x 4 patches
        config.set("depth", depth);
        weights = ruleWeights(vit, config);
        const Shape shape = vit.inputShape(config);
        input = ruleInput({1, shape[0], shape[1], shape[2]});
        ExecuteOptions options;
        for (const std::string& edit : edits)
            options.edits.push_back(Edit::parse(edit));
        question = {&vit, weights.get(), execute(vit, *weights, input, options), 3};
    }
};

inline analysis::RelevanceQuestion questionOf(
    const Tensor& picture, const std::vector<std::string>& edits = {})
{
    return {&onePatch.vit, onePatch.weights.get(), onePatch.run(picture, edits), 1};
}

inline Doubles mapOf(const analysis::RelevanceQuestion& question, const std::string& name,
    const std::vector<std::pair<std::string, std::string>>& options = {})
{
    Config config(analysis::relevanceSchema());
    for (const auto& [field, value] : options)
        config.setText(field, value);
    return analysis::patchValues(analysis::relevance(question, analysis::relevanceMethod(name), config));
}

inline double logit(const Trace& trace, int index) { return static_cast<double>(trace.output.data()[index]); }

}
