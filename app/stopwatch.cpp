// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stopwatch.h"

#include "app/idle.h"

#include "widgets/session/patterns.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>
#include <QTimer>

#include <utility>

namespace fovea::app {

Stopwatch::Stopwatch(MainWindow& window, StopToken stop)
    : window_(window)
    , stop_(std::move(stop))
{
    qApp->installEventFilter(this);
    connect(&window.session(), &Session::failed, this,
        [this](const QString& text) { failure_ = text.toStdString(); });
}

bool Stopwatch::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint) {
        ++paints_;
        hasPainted_ |= watched == window_.view(QStringLiteral("overlay"))
            && !window_.session().patterns().empty() && window_.session().slot().base != before_;
    }
    return false;
}

double Stopwatch::untilQuiet(const std::function<void()>& act)
{
    stop_.check();
    QElapsedTimer clock;
    clock.start();
    act();
    qint64 last = 0;
    for (int seen = paints_;
         QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents) || paints_ != seen;
         seen = paints_)
        if (paints_ != seen)
            last = clock.nsecsElapsed();
    return static_cast<double>(last) / 1e6;
}

double Stopwatch::untilPainted(const std::function<void()>& act)
{
    QElapsedTimer clock;
    before_ = window_.session().slot().base;
    hasPainted_ = false;
    clock.start();
    act();
    QTimer wakes; // or nothing would look at the stop while a job works
    wakes.start(wakeMs);
    while (!hasPainted_ && failure_.empty()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        stop_.check();
    }
    if (!failure_.empty())
        throw Error(failure_);
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

}
