// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_question.h"

#include "core/analysis/effect.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/rollout.h"
#include "core/analysis/whole_patterns.h"
#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <algorithm>

namespace fovea::analysis {

int classNamed(const std::string& name, const Weights& weights, const Tensor& logits)
{
    if (name.empty())
        return topClasses(logits, 1).front().index;
    std::vector<std::string> labels, numbers;
    for (int i = 0; i < static_cast<int>(answerOf(logits).count()); ++i) {
        labels.push_back(weights.label(i));
        numbers.push_back(std::to_string(i));
    }
    for (const auto* names : {&labels, &numbers}) // a label may be another class's number
        if (const auto found = std::ranges::find(*names, name); found != names->end())
            return static_cast<int>(found - names->begin());
    throw UsageError("class: expected a label or a number from 0 to " + std::to_string(labels.size() - 1)
        + ", found '" + name + "'" + nearest(name, labels));
}

std::string classText(int classIndex, const std::string& label)
{
    const std::string number = std::to_string(classIndex);
    return "class " + number + (label == number ? "" : " (" + label + ")");
}

void requireAnswerable(const RelevanceQuestion& question)
{
    const Trace& base = *question.base;
    if (base.blocks.empty() || !base.blocks.front().before.x.defined())
        throw Error("relevance: the run kept no states");
    if (base.output.rank() != 1)
        throw Error("relevance: expected a model with one answer, found one that answers at every token");
    if (question.classIndex < 0 || question.classIndex >= base.output.count())
        throw Error("relevance: class " + std::to_string(question.classIndex) + " of "
            + std::to_string(base.output.count()));
}

std::vector<Edit> editsOf(const RelevanceQuestion& question)
{
    std::vector<Edit> edits;
    for (const std::string& text : question.base->provenance.edits)
        edits.push_back(Edit::parse(text));
    return edits;
}

ExecuteOptions furtherRun(const RelevanceQuestion& question, const ExecuteOptions& options)
{
    ExecuteOptions further;
    further.record = {};
    further.pool = options.pool;
    further.workspace = options.workspace;
    further.stop = options.stop;
    further.budget = options.budget;
    further.patches = options.patches;
    further.seed = question.base->provenance.seed;
    further.sample = question.base->provenance.sample;
    further.keepStates = false;
    return further;
}

std::vector<RecordPtr> patternsOf(const RelevanceQuestion& question, const ExecuteOptions& options)
{
    const auto signals = question.architecture->signalInfos(question.weights->config());
    std::vector<RecordPtr> patterns = patternsOf(*question.base);
    const auto declared = std::ranges::count_if(signals, [](const SignalInfo& signal) {
        return signal.kind == Kind::Attention && matches("*.pattern", signal.path);
    });
    if (static_cast<std::ptrdiff_t>(patterns.size()) < declared) {
        ExecuteOptions again = furtherRun(question, options);
        again.record = {"*.pattern"};
        again.edits = editsOf(question);
        again.base = question.base;
        patterns
            = patternsOf(*execute(*question.architecture, *question.weights, question.base->input, again));
    }
    if (patterns.empty())
        throw Error("this model shows no attention");
    return wholePatterns(patterns, tokensOf(question));
}

LayoutPtr tokensOf(const RelevanceQuestion& question)
{
    for (const BlockMark& mark : question.base->blocks)
        if (mark.before.layout)
            return mark.before.layout;
    throw Error("this model has no tokens");
}

LayoutPtr patchesOf(const RelevanceQuestion& question)
{
    const LayoutPtr all = tokensOf(question);
    return all->selected(patchTokens(*all));
}

Tensor inputOf(const RelevanceQuestion& question)
{
    const Index sample = question.base->provenance.sample;
    return question.base->input.rows(sample, sample + 1);
}

}
