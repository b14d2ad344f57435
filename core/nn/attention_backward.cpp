// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention_backward.h"

namespace fovea::nn {

namespace {

/// Room for a gradient that is made only to be shown; none where nobody asked.
class ShownGradient {
public:
    ShownGradient(Run& run, const Attended& a, const std::string& path)
        : path_(path)
        , context_(a.context)
    {
        const Shape shape{a.q.batch, 1, a.q.heads, a.q.tokens, a.k.tokens};
        if (!path.empty() && run.wantsGradient(path, static_cast<std::size_t>(shape.count()) * sizeof(float)))
            value_ = run.make(shape);
    }
    GradientSink sink()
    {
        return value_.defined() ? GradientSink{value_.writable().data(), false} : GradientSink{};
    }
    void show(Run& run) const
    {
        if (value_.defined())
            run.showGradient(path_, value_, context_);
    }

private:
    const std::string& path_;
    const Shown& context_;
    Tensor value_;
};

void attentionBackward(Run& run, Tape& tape, const Attended& a, const Tensor& sums, const Tensor& gradient)
{
    ShownGradient ofPattern(run, a, a.patternPath), ofScores(run, a, a.scoresPath);
    AttentionGradient g{.q = a.q, .k = a.k, .v = a.v, .scale = a.scale, .kept = a.kept, .keyBias = a.keyBias};
    g.sums = sums;
    g.ofZ = unpacked(gradient, 0, 1, static_cast<int>(a.v.heads));
    g.sinks = sinksFor(run, tape, a.q, a.k, a.v);
    g.patternSink = ofPattern.sink();
    g.scoresSink = ofScores.sink();
    g.compute(run);
    ofPattern.show(run);
    ofScores.show(run);
}

void patternBackward(Run& run, Tape& tape, const Attended& a, const Tensor& pattern, const Tensor& gradient)
{
    ShownGradient ofScores(run, a, a.scoresPath);
    AttentionGradient g{.q = a.q, .k = a.k, .scale = a.scale, .pattern = pattern, .ofPattern = gradient};
    g.sinks = sinksFor(run, tape, a.q, a.k, {});
    g.scoresSink = ofScores.sink();
    g.compute(run);
    ofScores.show(run);
}

}

void recordAttention(Run& run, const Attended& a, const Tensor& sums, const Tensor& z)
{
    Tape* tape = run.tapeFor(a.q.storage, a.k.storage, a.v.storage);
    if (!tape && (!a.scoresPath.empty() || !a.patternPath.empty()))
        tape = run.tape();
    if (tape)
        tape->record(z, [a, sums](Run& r, Tape& t, const Tensor& g) { attentionBackward(r, t, a, sums, g); });
}

void recordScores(Run& run, const Attended& a, const Tensor& scores, const Tensor& edited)
{
    if (Tape* tape = run.tapeFor(a.q.storage, a.k.storage))
        tape->record(scores, [a](Run& r, Tape& t, const Tensor& gradient) {
            AttentionGradient g{.q = a.q, .k = a.k, .scale = a.scale, .ofScores = gradient};
            g.sinks = sinksFor(r, t, a.q, a.k, {});
            g.compute(r);
        });
    run.recordEdit("scores", scores, edited, a.context);
    run.follow("scores", edited, a.context);
}

void recordPattern(Run& run, const Attended& a, const Tensor& pattern, const Tensor& edited)
{
    Tape* tape = run.tapeFor(a.q.storage, a.k.storage);
    if (!tape && !a.scoresPath.empty())
        tape = run.tape();
    if (tape && !tape->reaches(pattern)) // no softmax of edited scores
        tape->record(pattern,
            [a, pattern](Run& r, Tape& t, const Tensor& g) { patternBackward(r, t, a, pattern, g); });
    run.recordEdit("pattern", pattern, edited, a.context);
}

void recordApplied(Run& run, const Tensor& pattern, const Heads& v, const Tensor& z)
{
    if (Tape* tape = run.tapeFor(pattern, v.storage))
        tape->record(z, [pattern, v](Run& r, Tape& t, const Tensor& gradient) {
            AttentionGradient g{.v = v, .pattern = pattern};
            g.ofZ = unpacked(gradient, 0, 1, static_cast<int>(v.heads));
            g.sinks = sinksFor(r, t, {}, {}, v);
            g.patternSink = t.sink(r, pattern);
            g.compute(r);
        });
}

}
