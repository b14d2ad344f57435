// What theory says of the run that is shown, and the step at which that run snapped: both kept up while it
// grows. It draws nothing; who draws is told by changed().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
#include "widgets/session/session.h"

#include "core/analysis/theory/theory.h"

namespace fovea {

/// Theory is computed in a Job of its own when the run's config changes, or the run has outgrown the curves.
/// What is in `theory()` stays until the new one is there, but never beside another config.
class TheoryWatch final : public QObject {
    Q_OBJECT

public:
    /// Without `curves` only marks and conditions are of use: theory is not asked again as the run grows.
    TheoryWatch(Session& session, bool curves, QObject* owner);

    const analysis::Theory& theory() const { return theory_; }
    /// Found in the run, then predicted.
    std::vector<analysis::PhaseMark> marks() const;
    /// The step at which the shown run left another one under a config of its own; -1: it did not. Theory is
    /// of a run that had one config from the start.
    Index changedAt() const;
    bool hasTheory() const { return isThere_; }
    bool isRunning() const { return job_->isRunning(); }
    const QString& problem() const { return problem_; }
    /// The shown run as far as it is recorded; nullptr: there is none. And its steps.
    TracePtr trace() const;
    const StepList* steps() const;

signals:
    void changed();

private:
    struct Asked {
        const Lab* lab = nullptr;
        Config config;
        Index steps = 0;
        bool operator==(const Asked&) const = default;
    };

    Asked wanted() const;
    Index horizon() const;
    void follow();
    void followGrowth();

    Session& session_;
    bool hasCurves_;
    Job* job_;
    QString problem_;
    Asked asked_;
    std::string traceConfig_; // of a trace from a file, whose config is read once
    Asked ofTrace_;
    QString ofTraceProblem_;
    analysis::Theory theory_;
    bool isThere_ = false;
    analysis::Course growth_{analysis::growthSignal};
    std::size_t seen_ = 0;
    std::optional<analysis::PhaseMark> snap_;
};

/// "snap found at step 37 (10 %), band 31 to 45"; "t0 predicted at step 91.2 (snapping begins)".
QString markText(const analysis::PhaseMark& mark);

}
