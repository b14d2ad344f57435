// The base of views that are computed when somebody asks: the button, the job, its progress and its problem,
// and the cell the keyboard stands on. What is computed, and what is drawn of it, is the view's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
#include "widgets/views/view.h"

class QPushButton;

namespace fovea {

/// The button begins what is not there, and stops it while it is under way. A failure is said where the
/// button stands, or as a badge beside the part that is there.
class AskedView : public View, protected CellTable {
    Q_OBJECT

public:
    AskedView(const QString& id, const QString& title, Session& session, QWidget* parent);

    bool isReady() const override { return !job_->isRunning(); }

protected:
    /// Whether something is left to compute.
    virtual bool isIncomplete() const = 0;
    /// What the button says when nothing is under way.
    virtual QString buttonText() const = 0;

    /// work(const Job::Context&) on a pool thread, then(its value) here; a job under way is stopped.
    template <class Work, class Then>
    void begin(const QString& title, Work work, Then then)
    {
        problem_.clear();
        percent_ = 0;
        job_->start(title, std::move(work), [this, then = std::move(then)](const auto& value) {
            then(value);
            refresh();
        });
        refresh();
    }
    /// Stops what is under way and forgets what went wrong.
    void stop();
    /// Whether begin() must not be asked again yet.
    bool isRunning() const { return job_->isRunning(); }
    /// What is under way and how far: "Comparing relevance methods: 40 %"; empty when nothing is.
    QString progressText() const;
    const QString& problem() const { return problem_; }
    void setButtonTip(const QString& text);
    void renew() override { placeButton(); }

    CellTable* cellsShown() override { return this; }
    QPoint current() const override { return cursor_; }
    void goTo(QPoint cell) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeButton();

    Job* job_;
    QPushButton* button_;
    QString problem_;
    int percent_ = 0;
    QPoint cursor_{0, 0};
};

}
