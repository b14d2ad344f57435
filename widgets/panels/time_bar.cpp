// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/time_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>
#include <QToolButton>

namespace fovea {

namespace {

constexpr int stepMs = 120;

}

TimeBar::TimeBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , slider_(new QSlider(Qt::Horizontal))
    , play_(new QToolButton)
    , label_(new QLabel)
    , timer_(new QTimer(this))
{
    setObjectName(QStringLiteral("timeBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    play_->setText(tr("Play"));
    play_->setToolTip(tr("Play or pause (Space)"));
    slider_->setAccessibleName(tr("Step"));
    row->addWidget(play_);
    row->addWidget(slider_, 1);
    row->addWidget(label_);
    timer_->setInterval(stepMs);
    connect(play_, &QToolButton::clicked, this, &TimeBar::togglePlay);
    connect(
        slider_, &QSlider::valueChanged, this, [this](int step) { goTo(static_cast<std::size_t>(step)); });
    connect(timer_, &QTimer::timeout, this, [this] {
        if (session_.selection().step + 1 < steps())
            goTo(session_.selection().step + 1);
        else
            togglePlay();
    });
    connect(&session_, &Session::traceChanged, this, &TimeBar::refresh);
    connect(&session_, &Session::selectionChanged, this, &TimeBar::refresh);
    refresh();
}

std::size_t TimeBar::steps() const
{
    return session_.slot().trace() ? session_.slot().trace()->steps.size() : 0;
}

void TimeBar::goTo(std::size_t step)
{
    Selection selection = session_.selection();
    selection.step = step;
    session_.setSelection(selection);
}

void TimeBar::togglePlay()
{
    if (timer_->isActive())
        timer_->stop();
    else if (steps() > 1)
        timer_->start();
    play_->setText(timer_->isActive() ? tr("Pause") : tr("Play"));
}

void TimeBar::refresh()
{
    const std::size_t count = steps(), now = session_.selection().step;
    setVisible(count > 1);
    const QSignalBlocker quiet(slider_);
    slider_->setRange(0, std::max(0, static_cast<int>(count) - 1));
    slider_->setValue(static_cast<int>(now));
    if (count > 0)
        label_->setText(tr("step %1 of %2")
                            .arg(session_.slot().trace()->steps[now]->step())
                            .arg(session_.slot().trace()->steps.back()->step()));
}

}
