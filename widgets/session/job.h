// The one way to work in the background: a function runs on a pool thread, its value comes back, queued,
// to the thread of the window. It schedules nothing else and holds no lock.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"

#include <QObject>
#include <QString>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace fovea {

/// Belongs to an owner in the window's thread. The newest start wins: an older one is told to stop and its
/// value is dropped. When the owner dies the work is told to stop and nothing is delivered.
class Job final : public QObject {
    Q_OBJECT

public:
    /// What the work gets. progress(share done, 0 to 1) may be called from any thread.
    struct Context {
        StopToken stop;
        std::function<void(double)> progress;
    };

    explicit Job(QObject* owner)
        : QObject(owner)
    {
    }
    ~Job() override { stop_.stop(); }

    /// work(const Context&) runs on a pool thread; done(its value) runs here afterwards. An exception becomes
    /// failed(text); Cancelled becomes nothing.
    template <class Work, class Done>
    void start(const QString& title, Work work, Done done)
    {
        using Value = std::invoke_result_t<Work, const Context&>;
        auto value = std::make_shared<std::optional<Value>>();
        begin(
            title, [work = std::move(work), value](const Context& context) { value->emplace(work(context)); },
            [done = std::move(done), value] { done(std::move(**value)); });
    }
    /// Throws again what ended the last work, of its own type, if something did.
    void rethrow() const
    {
        if (error_)
            std::rethrow_exception(error_);
    }
    /// Asks the work to stop; it is over for the owner at once.
    void cancel();
    /// Its threads give way to the window's: for work that goes on while one watches.
    void setBackground(bool on) { isBackground_ = on; }
    /// Waits until no job's work runs any more, wanted or not: the application's end does.
    static void waitForAll();

    bool isRunning() const { return running_; }
    const QString& title() const { return title_; }

signals:
    void started();
    void progressed(double share);
    void ended();
    void failed(const QString& text);

private:
    void begin(const QString& title, std::function<void(const Context&)> work, std::function<void()> done);
    void finish(int number, const std::function<void()>& done, const std::exception_ptr& error);

    StopToken stop_;
    QString title_;
    std::exception_ptr error_;
    int number_ = 0; // of the newest start
    bool running_ = false, isBackground_ = false;
};

}
