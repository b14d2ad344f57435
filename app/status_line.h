// The status bar: the read-out, what runs with its progress and Cancel, and the model. It changes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QStatusBar>

class QLabel;
class QProgressBar;
class QToolButton;

namespace fovea::app {

/// The model as people call it: its file's name, or that its weights are fresh; empty: there is none.
QString modelName(const Slot& slot);
/// The file's name of what it looks at; empty: nothing.
QString inputName(const Slot& slot);

class StatusLine final : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(Session& session, QWidget* parent = nullptr);
    QString readOutText() const;
    /// Shows this work too, and Cancel ends it. Those of the session are watched from the start.
    void watch(Job* job);
    const std::vector<Job*>& jobs() const { return jobs_; }

private:
    void showReadOut();
    void showModel();
    void showTask();

    Session& session_;
    std::vector<Job*> jobs_;
    QLabel *readOut_, *task_, *model_;
    QProgressBar* progress_;
    QToolButton* cancel_;
};

}
