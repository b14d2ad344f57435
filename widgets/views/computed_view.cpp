// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/computed_view.h"

namespace fovea {

ComputedView::ComputedView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : View(id, title, session, parent)
    , job_(new Job(this))
{
    job_->setBackground(true);
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
        refresh();
    });
}

ComputedView::Change ComputedView::changeOfRun()
{
    const Slot& slot = session().slot();
    const std::size_t step = session().selection().step;
    const Change change = slot.base != base_ || step != step_ ? Change::Run
        : slot.trace() != trace_                              ? Change::Edits
                                                              : Change::None;
    base_ = slot.base;
    trace_ = slot.trace();
    step_ = step;
    return change;
}

void ComputedView::stop()
{
    job_->cancel();
    problem_.clear();
}

QString ComputedView::reason(const QString& underWay, const QString& none) const
{
    return job_->isRunning() ? underWay : problem_.isEmpty() ? none : problem_;
}

}
