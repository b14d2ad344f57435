// A view of a run as a movie while the window goes on: frames are drawn here, one at a time, and written in a
// Job. The time bar moves along.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/movie_frames.h"

#include "widgets/session/job.h"

#include "core/tensor/shape.h"

#include <QPointer>

#include <future>
#include <vector>

class QTimer;

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

class MovieMaker final : public QObject {
    Q_OBJECT

public:
    MovieMaker(Session& session, Job* job, QObject* parent);

    /// In the Job: the view at each of these steps, as `recipe` says, in one size. `done` runs here with the
    /// files written. Throws Error where the output cannot be written.
    void make(View& view, const figure::Recipe& recipe, std::vector<Index> steps, const QString& output,
        double framesPerSecond, std::function<void(const QStringList&)> done);

private:
    using Bytes = std::function<QByteArray()>;
    struct Wanted; ///< a frame that the Job waits for

    void begin(const std::shared_ptr<Wanted>& wanted);
    void drawWhenReady();
    void end();
    bool isSettled();

    Session& session_;
    Job* job_;
    QTimer* timer_;
    QPointer<View> view_;
    std::optional<MovieFrames> frames_;
    std::shared_ptr<Wanted> wanted_;
    Index before_ = -1; ///< the step that was shown at first
};

}
