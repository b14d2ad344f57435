// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/idle.h"

#include "widgets/session/session.h"
#include "widgets/views/view.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>

namespace fovea::app {

bool waitUntilIdle(const Session& session, const ViewsNow& views, const StopToken& stop, int timeoutMs)
{
    const auto isBusy = [&] {
        return std::ranges::any_of(session.jobs(), [](const Job* job) { return job->isRunning(); })
            || std::ranges::any_of(views(), [](const View* view) { return !view->isReady(); });
    };
    QTimer wakes; // or nothing would look at the stop and the clock while a job works
    wakes.start(wakeMs);
    QElapsedTimer clock;
    clock.start();
    do {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        stop.check();
    } while (isBusy() && (timeoutMs == noTimeout || clock.elapsed() < timeoutMs));
    QCoreApplication::processEvents();
    return !isBusy();
}

}
