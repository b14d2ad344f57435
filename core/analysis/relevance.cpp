// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance.h"

#include "core/analysis/attention_flow.h"
#include "core/analysis/grad_cam.h"
#include "core/analysis/gradient_attention.h"
#include "core/analysis/input_baselines.h"
#include "core/analysis/input_gradient.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/patch_remover.h"
#include "core/analysis/rollout.h"
#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

using Values = std::vector<double>;

/// The token whose row answers, -1 for the mean over all.
int readToken(const TokenLayout& layout, const std::string& name)
{
    if (name == "mean" || (name == "auto" && layout.specialCount() == 0))
        return -1;
    for (int token = 0; token < layout.tokens(); ++token)
        if (layout.isSpecial(token) && (name == "auto" || layout.name(token) == name))
            return token;
    throw UsageError(
        "field 'relevance_read': expected auto, mean or the name of a special token, found '" + name + "'");
}

/// The row of the answer's token, or the mean of all rows.
Values readRow(const LayerMap& map, const RelevanceQuestion& question, const Config& options)
{
    const LayoutPtr layout = tokensOf(question);
    const auto n = static_cast<std::size_t>(layout->tokens());
    if (map.size() != n * n)
        throw Error("the attention is between other tokens than the input's");
    const int token = readToken(*layout, options.text("relevance_read"));
    Values row(n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        if (token < 0 || static_cast<int>(i) == token)
            for (std::size_t j = 0; j < n; ++j)
                row[j] += map[i * n + j] / (token < 0 ? static_cast<double>(n) : 1);
    return row;
}

std::vector<LayerMap> mixedMaps(
    const RelevanceQuestion& question, const RolloutOptions& options, const ExecuteOptions& run)
{
    std::vector<LayerMap> maps = fusedMaps(patternsOf(question, run), options);
    for (LayerMap& map : maps) {
        run.stop.check();
        map = mixedMap(std::move(map), options);
    }
    return maps;
}

Values rolloutValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    return readRow(rolledOut(mixedMaps(question, rolloutOptions(options), run)), question, options);
}

Values flowValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    RolloutOptions mixing = rolloutOptions(options);
    mixing.variant = RolloutVariant::Rows;
    const std::vector<LayerMap> maps = mixedMaps(question, mixing, run);
    const int from = readToken(*tokensOf(question), options.text("relevance_read"));
    const auto pool = run.pool ? run.pool : std::make_shared<Pool>(1);
    return attentionFlow(maps, from, *pool, run.stop, run.progress);
}

Values occlusionValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    const PatchRemover remover(question, removalOf(options.text("occlusion_fill")), run);
    return removalEffects(remover, question.classIndex, run.progress);
}

Values cheferValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    const int start = rolloutOptions(options).startLayer;
    return readRow(gradientAttention(attentionGradients(question, run), start), question, options);
}

Values gradientRolloutValues(
    const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    return readRow(
        gradientRollout(attentionGradients(question, run), rolloutOptions(options)), question, options);
}

Values gradientValues(const RelevanceQuestion& question, const Config&, const ExecuteOptions& run)
{
    return gradientSaliency(question, run);
}

Values gradientInputValues(const RelevanceQuestion& question, const Config&, const ExecuteOptions& run)
{
    return gradientTimesInput(question, run);
}

Values smoothValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    const NoiseOptions noise{options.count("noise_samples"), options.real("noise_sigma"),
        static_cast<std::uint64_t>(options.integer("noise_seed"))};
    return smoothGradient(question, noise, run);
}

Values integratedValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    const PathOptions path{options.count("path_steps"), removalOf(options.text("path_baseline"))};
    return integratedGradients(question, path, run);
}

Values camValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions& run)
{
    const std::string signal = options.text("cam_signal");
    return gradCam(question, signal == "auto" ? "" : signal, run);
}

Values randomValues(const RelevanceQuestion& question, const Config& options, const ExecuteOptions&)
{
    return randomOrder(
        *patchesOf(question), inputOf(question), static_cast<std::uint64_t>(options.integer("random_seed")));
}

Values brightnessValues(const RelevanceQuestion& question, const Config&, const ExecuteOptions&)
{
    return patchBrightness(*patchesOf(question), inputOf(question), question.weights->parts().preprocess);
}

Values centreValues(const RelevanceQuestion& question, const Config&, const ExecuteOptions&)
{
    return centredGaussian(*patchesOf(question));
}

const std::vector<std::string> mixingFields{
    "rollout_start", "rollout_residual", "rollout_fusion", "rollout_discard"};

std::vector<std::string> with(std::vector<std::string> fields, const std::vector<std::string>& more)
{
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

const std::string abnar = "Abnar and Zuidema 2020, arXiv 2005.00928";

const std::vector<RelevanceMethod>& table()
{
    static const std::vector<RelevanceMethod> methods{
        {"rollout", "attention rollout", abnar, {}, with(mixingFields, {"rollout_variant", "relevance_read"}),
            false, false, false, rolloutValues},
        {"flow", "attention flow", abnar, {}, with(mixingFields, {"relevance_read"}), false, false, false,
            flowValues},
        {"chefer", "gradient x attention", "Chefer et al. 2021, arXiv 2103.15679", {},
            {"rollout_start", "relevance_read"}, true, false, false, cheferValues},
        {"grad-rollout", "gradient rollout", "Gildenblat 2020, vit-explain", {},
            {"rollout_start", "rollout_residual", "rollout_discard", "rollout_variant", "relevance_read"},
            true, false, false, gradientRolloutValues},
        {"gradient", "input gradient", "Simonyan et al. 2014, arXiv 1312.6034", {}, {}, true, false, false,
            gradientValues},
        {"gradient-input", "gradient x input", "Shrikumar et al. 2017, arXiv 1605.01713", "logit", {}, true,
            true, false, gradientInputValues},
        {"smoothgrad", "SmoothGrad", "Smilkov et al. 2017, arXiv 1706.03825", {},
            {"noise_samples", "noise_sigma", "noise_seed"}, true, false, false, smoothValues},
        {"integrated", "integrated gradients", "Sundararajan et al. 2017, arXiv 1703.01365", "logit",
            {"path_steps", "path_baseline"}, true, true, false, integratedValues},
        {"grad-cam", "Grad-CAM", "Selvaraju et al. 2017, arXiv 1610.02391", {}, {"cam_signal"}, true, false,
            false, camValues},
        {"occlusion", "occlusion", "Zeiler and Fergus 2014, arXiv 1311.2901", "logit", {"occlusion_fill"},
            true, true, false, occlusionValues},
        {"random", "random order", {}, {}, {"random_seed"}, false, false, true, randomValues},
        {"brightness", "patch brightness", {}, {}, {}, false, false, true, brightnessValues},
        {"centre", "centred Gaussian", {}, {}, {}, false, false, true, centreValues},
    };
    return methods;
}

}

std::span<const RelevanceMethod> relevanceMethods() { return table(); }

const RelevanceMethod& relevanceMethod(const std::string& name)
{
    std::vector<std::string> names;
    std::string all;
    for (const RelevanceMethod& method : table()) {
        if (method.name == name)
            return method;
        names.push_back(method.name);
        all += (all.empty() ? "" : ", ") + method.name;
    }
    throw UsageError("--method: expected one of " + all + "; found '" + name + "'" + nearest(name, names));
}

Record relevance(const RelevanceQuestion& question, const RelevanceMethod& method, const Config& options,
    const ExecuteOptions& run)
{
    requireAnswerable(question);
    SignalInfo info;
    info.path = "relevance." + method.name;
    info.role = method.title;
    info.depth = -1;
    info.unit = method.unit;
    info.help = relevanceCaption(method, options, question);
    return patchMap(info, method.values(question, options, run), tokensOf(question));
}

std::string relevanceCaption(
    const RelevanceMethod& method, const Config& options, const RelevanceQuestion& question)
{
    std::string caption = method.title;
    for (const std::string& field : method.fields) {
        const std::string word = field.substr(field.find('_') + 1);
        caption += " · " + word + " " + textOf(options.value(field));
    }
    if (method.readsClass)
        caption += " · " + classText(question.classIndex, question.weights->label(question.classIndex));
    return caption;
}

}
