// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/grad_cam.h"

#include "core/analysis/patch_map.h"
#include "core/source/execute_backward.h"
#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

std::string signalFor(const RelevanceQuestion& question, const std::string& wanted)
{
    std::vector<std::string> names;
    std::string last;
    for (const SignalInfo& signal : question.architecture->signalInfos(question.weights->config()))
        if (signal.kind == Kind::Tokens) {
            names.push_back(signal.path);
            last = matches("*.norm1.out", signal.path) ? signal.path : last;
        }
    if (wanted.empty() && last.empty())
        throw Error("Grad-CAM: this model shows no signal *.norm1.out; choose one of its tokens");
    if (!wanted.empty() && std::ranges::find(names, wanted) == names.end())
        throw UsageError(
            "Grad-CAM: '" + wanted + "' is no tokens signal of this model" + nearest(wanted, names));
    return wanted.empty() ? last : wanted;
}

}

std::vector<double> gradCam(
    const RelevanceQuestion& question, const std::string& signal, const ExecuteOptions& options)
{
    const std::string path = signalFor(question, signal);
    ExecuteOptions run = furtherRun(question, options);
    run.record = {path};
    run.edits = editsOf(question);
    const BackwardOptions backward{classLogit(question.classIndex), {path}, {}, false};
    const TracePtr trace
        = executeBackward(*question.architecture, *question.weights, question.base->input, backward, run)
              .trace;
    const RecordPtr record = trace->find(path), gradient = trace->find("grad." + path);
    const LayoutPtr layout = tokensOf(question);
    if (!record->queries || *record->queries != *layout)
        throw Error("Grad-CAM: '" + path + "' has other tokens than the input");
    std::vector<double> map(static_cast<std::size_t>(layout->tokens()), 0.0);
    if (!gradient) // the class does not depend on it
        return map;

    const std::vector<int> patches = patchTokens(*layout);
    const Index channels = record->value.dim(1);
    const auto at = [&](const Tensor& t, int token, Index c) {
        return static_cast<double>(t.data()[token * channels + c]);
    };
    for (Index c = 0; c < channels; ++c) {
        double weight = 0;
        for (const int token : patches)
            weight += at(gradient->value, token, c) / static_cast<double>(patches.size());
        for (const int token : patches)
            map[static_cast<std::size_t>(token)] += weight * at(record->value, token, c);
    }
    for (double& v : map)
        v = std::max(v, 0.0);
    return map;
}

}
