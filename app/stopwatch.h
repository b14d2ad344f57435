// How long the real window takes from an act to the paint that shows it. Measures; judges nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/main_window.h"

#include <QElapsedTimer>

#include <functional>

namespace fovea::app {

class Stopwatch final : public QObject {
    Q_OBJECT

public:
    /// Once `stop` is stopped it throws Cancelled.
    Stopwatch(MainWindow& window, StopToken stop);

    /// From `act` to the return of the last paintEvent that it causes, in milliseconds.
    double untilQuiet(const std::function<void()>& act);
    /// From `act`, which opens a file, to the first paint of the picture with the attention of another trace,
    /// in milliseconds. Throws Error when the session says that something failed.
    double untilPainted(const std::function<void()>& act);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    MainWindow& window_;
    StopToken stop_;
    TracePtr before_;
    int paints_ = 0;
    bool hasPainted_ = false;
    std::string failure_;
};

}
