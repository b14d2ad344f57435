// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job.h"

#include "core/run/priority.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThread>
#include <QThreadPool>

namespace fovea {

namespace {

/// Runs the work; returns what it threw, if anything but Cancelled.
std::exception_ptr attempt(
    const std::function<void(const Job::Context&)>& work, const Job::Context& context, bool& cancelled)
{
    try {
        work(context);
    } catch (const Cancelled&) {
        cancelled = true;
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

QString textOf(const std::exception_ptr& error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::bad_alloc&) {
        return QCoreApplication::translate("Job", "There is not enough memory for this.");
    } catch (const std::exception& e) {
        return QString::fromUtf8(e.what());
    } catch (...) {
        return QCoreApplication::translate("Job", "It failed and does not say why.");
    }
}

constexpr int jobsAtOnce = 16; // so that none waits for another's end: the engine has its own threads

/// Not Qt's own pool: the window paints large fills in that one, and would wait for jobs to end.
QThreadPool& workers()
{
    static QThreadPool pool;
    static const bool isSetUp = [] {
        pool.setMaxThreadCount(jobsAtOnce);
        qAddPostRoutine(Job::waitForAll);
        return true;
    }();
    Q_UNUSED(isSetUp)
    return pool;
}

/// Threads that give way for good.
QThreadPool& backgroundWorkers()
{
    static QThreadPool pool;
    static const bool isSetUp = [] {
        pool.setMaxThreadCount(jobsAtOnce);
        workers(); // whose routine waits for these too
        return true;
    }();
    Q_UNUSED(isSetUp)
    return pool;
}

void giveWayOnce()
{
    thread_local const bool isDone = (giveWay(), true);
    Q_UNUSED(isDone)
}

}

void Job::begin(const QString& title, std::function<void(const Context&)> work, std::function<void()> done)
{
    Q_ASSERT(thread() == QThread::currentThread() && thread() == qApp->thread());
    stop_.stop();
    stop_ = StopToken();
    title_ = title;
    running_ = true;
    error_ = nullptr;
    // Workers carry the guarded pointer but never look behind it: only the lambdas queued to the
    // application's thread do. The application outlives the work.
    const QPointer<Job> owner(this);
    const int number = ++number_;
    const StopToken stop = stop_;
    const auto here
        = [](auto call) { QMetaObject::invokeMethod(qApp, std::move(call), Qt::QueuedConnection); };
    const auto progress = [owner, number, here](double share) {
        here([owner, number, share] {
            if (owner && owner->running_ && owner->number_ == number)
                emit owner->progressed(share);
        });
    };
    auto run = [owner, number, stop, here, progress, isBackground = isBackground_, work = std::move(work),
                   done = std::move(done)] {
        if (isBackground)
            giveWayOnce();
        bool cancelled = stop.stopped();
        const std::exception_ptr error = cancelled ? nullptr : attempt(work, {stop, progress}, cancelled);
        here([owner, number, done = cancelled ? nullptr : done, error] {
            if (owner)
                owner->finish(number, done, error);
        });
    };
    (isBackground_ ? backgroundWorkers() : workers()).start(std::move(run));
    emit started();
}

void Job::finish(int number, const std::function<void()>& done, const std::exception_ptr& error)
{
    if (!running_ || number != number_)
        return;
    running_ = false;
    const QPointer<Job> guard(this);
    error_ = error;
    emit ended();
    if (error)
        emit failed(textOf(error));
    else if (done && guard)
        done();
}

void Job::waitForAll()
{
    workers().waitForDone();
    backgroundWorkers().waitForDone();
}

void Job::cancel()
{
    stop_.stop();
    if (std::exchange(running_, false))
        emit ended();
}

}
