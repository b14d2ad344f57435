// The base of views whose numbers are computed in a Job whenever the run changes, so that the window never
// waits. What is computed, and what is drawn of it, is the view's own; what waits for a button is AskedView.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
#include "widgets/views/view.h"

namespace fovea {

class ComputedView : public View {
    Q_OBJECT

public:
    ComputedView(const QString& id, const QString& title, Session& session, QWidget* parent);

    bool isReady() const override { return !job_->isRunning(); }

protected:
    /// What the run is to the one at the last call.
    enum class Change {
        None,
        Edits, ///< the same model and input: what is shown may stay until the new numbers are there
        Run
    };
    Change changeOfRun();

    /// work(const Job::Context&) on a thread that gives way to the window's, then(its value) and refresh()
    /// here; a job under way is stopped. Without a name of its own the task is called like the view.
    template <class Work, class Then>
    void begin(Work work, Then then, const QString& task = {})
    {
        problem_.clear();
        job_->start(
            task.isEmpty() ? title() : task, std::move(work), [this, then = std::move(then)](auto value) {
                then(std::move(value));
                refresh();
            });
    }
    void stop();
    bool isRunning() const { return job_->isRunning(); }
    /// What went wrong; empty: nothing.
    const QString& problem() const { return problem_; }
    /// Where time is measured: threads that give way would be measured with what they give way to.
    void giveNoWay() { job_->setBackground(false); }
    /// Why there are no numbers: they are under way, or what went wrong, or that there are none.
    QString reason(const QString& underWay, const QString& none) const;

private:
    Job* job_;
    QString problem_;
    TracePtr trace_, base_; // of the last call
    std::size_t step_ = 0;
};

}
