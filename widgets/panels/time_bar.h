// The bar below the views that moves all of them through the steps of a trace, and a lab to new ones. A thin
// skin over the Player.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;
class QToolButton;

namespace fovea {

class StepTrack;
class TheoryWatch;

/// First, back, play, forward, last; the track; a typed step; speed and what happens at the end. Hidden while
/// there are no steps to move through.
class TimeBar final : public QWidget {
    Q_OBJECT

public:
    explicit TimeBar(Session& session, QWidget* parent = nullptr);
    void togglePlay();
    void goTo(std::size_t step);
    std::size_t steps() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    QToolButton* addButton(QHBoxLayout* row, const QString& name, const QString& tip);
    void buildButtons(QHBoxLayout* row);
    void buildSettings(QHBoxLayout* row);
    void refresh();
    void showRuns();
    void showMarks();
    void showIcons();

    Session& session_;
    StepTrack* track_;
    TheoryWatch* theory_;
    QToolButton *first_, *back_, *play_, *forward_, *last_, *loop_;
    QSpinBox* number_;
    QLabel* among_;
    QComboBox* speed_;
};

}
