// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/head_sweep.h"

#include "core/analysis/effect.h"
#include "core/analysis/run_again.h"
#include "core/trace/layer_number.h"

#include <cmath>

namespace fovea::analysis {

namespace {

/// A layer whose heads can be switched off one by one.
struct Layer {
    std::string headPath; ///< "blocks.3.attn.head"
    int heads = 0, number = 0;
};

std::vector<Layer> layersOf(const Architecture& architecture, const Weights& weights, const TracePtr& base)
{
    std::vector<Layer> layers;
    for (const SignalInfo& signal : architecture.signalInfos(weights.config())) {
        if (signal.kind != Kind::Heads || !matches("*.attn.head", signal.path))
            continue;
        RecordPtr record = base->find(signal.path);
        ExecuteOptions only;
        only.record = {signal.path};
        if (!record)
            record = executeBlock(architecture, weights, base, signal.block, only)->find(signal.path);
        layers.push_back(Layer{signal.path, static_cast<int>(record->value.dim(0)),
            layerNumber(signal, static_cast<int>(layers.size()))});
    }
    return layers;
}

Record emptyMap(const std::string& path, const std::string& role, const std::vector<Layer>& layers, int heads)
{
    Record record;
    record.info = {path, Kind::Matrix, role, -1, {}, "each head switched off alone", {}, {}, {}};
    record.value = Tensor::full({static_cast<Index>(layers.size()), heads}, NAN);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes[0].name = "layer";
    record.axes[1].name = "head";
    for (const Layer& layer : layers) {
        record.axes[0].labels.push_back(layer.headPath);
        record.axes[0].values.push_back(layer.number);
    }
    return record;
}

}

HeadSweep sweepHeads(const Architecture& architecture, const Weights& weights, const TracePtr& base,
    int classIndex, const ExecuteOptions& options)
{
    const auto layers = layersOf(architecture, weights, base);
    if (layers.empty())
        throw Error("head sweep: this model shows no signal *.attn.head");
    if (const Index classes = answerOf(base->output).count(); classIndex < 0 || classIndex >= classes)
        throw Error("head sweep: class " + std::to_string(classIndex) + " of " + std::to_string(classes));
    int most = 0, all = 0, done = 0;
    for (const Layer& layer : layers) {
        most = std::max(most, layer.heads);
        all += layer.heads;
    }
    HeadSweep sweep{emptyMap("sweep.logit", "change of the logit", layers, most),
        emptyMap("sweep.kl", "KL divergence of the answer", layers, most)};
    const auto logit = sweep.logit.value.writable(), kl = sweep.kl.value.writable();
    ExecuteOptions one = onceMore(*base, options);
    one.base = base;
    one.edits.push_back({});
    for (std::size_t i = 0; i < layers.size(); ++i)
        for (int head = 0; head < layers[i].heads; ++head) {
            one.edits.back() = Edit{layers[i].headPath + "." + std::to_string(head), "off", {}};
            const TracePtr run = execute(architecture, weights, base->input, one);
            const Effect effect = effectOf(base->output, run->output);
            const auto at = i * static_cast<std::size_t>(most) + static_cast<std::size_t>(head);
            logit[at] = static_cast<float>(effect.logit[static_cast<std::size_t>(classIndex)]);
            kl[at] = static_cast<float>(effect.kl);
            if (options.progress)
                options.progress(static_cast<double>(++done) / all);
        }
    return sweep;
}

}
