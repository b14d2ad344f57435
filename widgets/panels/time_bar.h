// The bar below the views that moves through the steps of a trace. It knows no lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QLabel;
class QSlider;
class QTimer;
class QToolButton;

namespace fovea {

/// Steps of the trace: play, first, last, scrub. Hidden while there is but one.
class TimeBar final : public QWidget {
    Q_OBJECT

public:
    explicit TimeBar(Session& session, QWidget* parent = nullptr);
    void togglePlay();
    void goTo(std::size_t step);
    std::size_t steps() const;

private:
    void refresh();
    Session& session_;
    QSlider* slider_;
    QToolButton* play_;
    QLabel* label_;
    QTimer* timer_;
};

}
