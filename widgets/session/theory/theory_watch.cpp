// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/theory/theory_watch.h"

#include "widgets/plots/ticks.h"
#include "widgets/session/player.h"

#include <QCoreApplication>

#include <cmath>

namespace fovea {

TheoryWatch::TheoryWatch(Session& session, bool curves, QObject* owner)
    : QObject(owner)
    , session_(session)
    , hasCurves_(curves)
    , job_(new Job(this))
{
    job_->setBackground(true);
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
        emit changed();
    });
    connect(&session, &Session::traceChanged, this, &TheoryWatch::follow);
    connect(&session.player(), &Player::grew, this, &TheoryWatch::follow);
    connect(&session.player(), &Player::runsChanged, this, &TheoryWatch::follow);
    follow();
}

TracePtr TheoryWatch::trace() const
{
    const LabRunPtr run = session_.slot().lab ? session_.player().run() : nullptr;
    return run ? run->trace : session_.slot().trace();
}

const StepList* TheoryWatch::steps() const
{
    const TracePtr shown = trace(); // which session or player hold
    return shown ? &shown->steps : nullptr;
}

Index TheoryWatch::horizon() const
{
    const StepList* all = steps();
    const Index last = !all || all->empty() ? 0 : all->back()->step();
    return session_.slot().lab ? std::max(last, session_.player().horizon()) : last;
}

/// Of the shown run; no lab where nothing is shown that a lab made.
TheoryWatch::Asked TheoryWatch::wanted() const
{
    const Slot& slot = session_.slot();
    if (slot.lab && session_.player().run())
        return {slot.lab, session_.player().run()->config, hasCurves_ ? horizon() : 1};
    Asked asked = ofTrace_;
    asked.steps = asked.lab && hasCurves_ ? horizon() : 1;
    return asked;
}

void TheoryWatch::follow()
{
    const TracePtr& trace = session_.slot().trace();
    const std::string config = !session_.slot().lab && trace ? trace->provenance.config : std::string();
    if (config != traceConfig_) {
        traceConfig_ = config;
        ofTrace_ = {};
        ofTraceProblem_.clear();
        const Lab* lab = config.empty() ? nullptr : session_.registry().lab(trace->provenance.source);
        try {
            if (lab)
                ofTrace_ = {lab, Config::fromJson(lab->schema(), config), 1};
        } catch (const Error& error) { // its signals are shown all the same
            ofTraceProblem_ = tr("There is no theory for this run, which another version made: %1")
                                  .arg(QString::fromUtf8(error.what()));
        }
    }
    followGrowth();
    const Asked wants = wanted();
    if (wants == asked_ && (wants.lab || problem_ == ofTraceProblem_))
        return;
    if (wants.lab != asked_.lab || wants.config != asked_.config) {
        theory_ = {};
        isThere_ = false;
    }
    asked_ = wants;
    problem_ = wants.lab ? QString() : ofTraceProblem_;
    if (!wants.lab) {
        job_->cancel();
        emit changed();
        return;
    }
    job_->start(
        tr("Theory"),
        [wants](const Job::Context&) { return analysis::theoryOf(*wants.lab, wants.config, wants.steps); },
        [this](analysis::Theory theory) {
            theory_ = std::move(theory);
            isThere_ = true;
            emit changed();
        });
    emit changed();
}

void TheoryWatch::followGrowth()
{
    const double before = growth_.values().empty() ? NAN : growth_.values().back();
    growth_.follow(trace());
    const double now = growth_.values().empty() ? NAN : growth_.values().back();
    if (growth_.values().size() == seen_ && (now == before || std::isnan(now)))
        return;
    seen_ = growth_.values().size();
    const std::optional<analysis::PhaseMark> snap = analysis::foundSnap(growth_);
    if (snap == snap_)
        return;
    snap_ = snap;
    emit changed();
}

std::vector<analysis::PhaseMark> TheoryWatch::marks() const
{
    std::vector<analysis::PhaseMark> all;
    if (snap_)
        all.push_back(*snap_);
    all.insert(all.end(), theory_.marks.begin(), theory_.marks.end());
    return all;
}

Index TheoryWatch::changedAt() const
{
    const LabRunPtr run = session_.slot().lab ? session_.player().run() : nullptr;
    for (const LabRun* one = run.get(); one && one->parent; one = one->parent.get())
        if (one->from > 0 && one->config != one->parent->config)
            return one->from;
    return -1;
}

QString markText(const analysis::PhaseMark& mark)
{
    const QString name = QString::fromStdString(mark.name), step = numberText(mark.step, 4);
    QString text = mark.isFound ? TheoryWatch::tr("%1 found at step %2").arg(name, step)
                                : TheoryWatch::tr("%1 predicted at step %2").arg(name, step);
    if (!mark.detail.empty())
        text += QStringLiteral(" (%1)").arg(QCoreApplication::translate("Core", mark.detail.c_str()));
    if (std::isfinite(mark.low) && std::isfinite(mark.high))
        text += TheoryWatch::tr(", band %1 to %2").arg(numberText(mark.low, 4), numberText(mark.high, 4));
    else if (std::isfinite(mark.low))
        text += TheoryWatch::tr(", band from %1, its end not reached").arg(numberText(mark.low, 4));
    return text;
}

}
