// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/time_bar.h"

#include "widgets/panels/media_icons.h"
#include "widgets/panels/step_track.h"
#include "widgets/plots/curve_colors.h"
#include "widgets/session/player.h"
#include "widgets/session/theory/theory_watch.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include <limits>

namespace fovea {

namespace {

constexpr double speeds[]{0, 1, 2, 5, 10, 30, 60}; // steps per second; 0: as fast as it goes

}

TimeBar::TimeBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , track_(new StepTrack)
    , theory_(new TheoryWatch(session, false, this))
    , number_(new QSpinBox)
    , among_(new QLabel)
    , speed_(new QComboBox)
{
    setObjectName(QStringLiteral("timeBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    buildButtons(row);
    row->addWidget(track_, 1);
    buildSettings(row);
    track_->setAccessibleName(tr("Step"));
    connect(track_, &StepTrack::chosen, this, &TimeBar::goTo);
    connect(track_, &StepTrack::stepped, &session.player(), &Player::stepBy);
    connect(&session, &Session::traceChanged, this, &TimeBar::refresh);
    connect(&session, &Session::selectionChanged, this, &TimeBar::refresh);
    connect(&session.player(), &Player::grew, this, &TimeBar::refresh);
    for (const auto signal : {&Player::playingChanged, &Player::runsChanged})
        connect(&session.player(), signal, this, &TimeBar::showRuns);
    connect(theory_, &TheoryWatch::changed, this, &TimeBar::showMarks);
    showIcons();
    showRuns();
}

QToolButton* TimeBar::addButton(QHBoxLayout* row, const QString& name, const QString& tip)
{
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setFixedSize(28, 28);
    button->setAccessibleName(name);
    button->setToolTip(tip);
    row->addWidget(button);
    return button;
}

void TimeBar::buildButtons(QHBoxLayout* row)
{
    auto* group = new QHBoxLayout;
    group->setSpacing(0);
    row->addLayout(group);
    first_ = addButton(group, tr("First step"), tr("First step (Home)"));
    back_ = addButton(group, tr("Back"), tr("One recorded step back (Left in this bar; Shift: ten)"));
    play_ = addButton(group, tr("Play"), tr("Play or pause (Space)"));
    forward_ = addButton(
        group, tr("Forward"), tr("One step forward (Right in this bar; Shift: ten); a lab makes new ones"));
    last_ = addButton(group, tr("Last step"), tr("Last step, and follow a lab that runs (End)"));
    connect(first_, &QToolButton::clicked, this, [this] { goTo(0); });
    connect(last_, &QToolButton::clicked, this, [this] { goTo(steps()); });
    connect(back_, &QToolButton::clicked, this, [this] { session_.player().stepBy(-1); });
    connect(forward_, &QToolButton::clicked, this, [this] { session_.player().stepBy(1); });
    connect(play_, &QToolButton::clicked, this, &TimeBar::togglePlay);
}

void TimeBar::buildSettings(QHBoxLayout* row)
{
    number_->setObjectName(QStringLiteral("stepNumber"));
    number_->setAccessibleName(tr("Number of the step"));
    number_->setToolTip(
        tr("Type a step: one that was not recorded is computed again, one that was not made yet "
           "is played to"));
    number_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    number_->setKeyboardTracking(false);
    number_->setRange(0, std::numeric_limits<int>::max());
    number_->setAlignment(Qt::AlignRight);
    number_->setFixedWidth(72);
    row->addWidget(number_);
    row->addWidget(among_);
    for (const double speed : speeds)
        speed_->addItem(speed > 0 ? tr("%1 steps/s").arg(speed) : tr("full speed"), speed);
    speed_->setAccessibleName(tr("Speed"));
    speed_->setToolTip(tr("Steps per second while it plays"));
    row->addWidget(speed_);
    loop_ = addButton(row, tr("At the end"), {});
    connect(
        number_, &QSpinBox::valueChanged, this, [this](int number) { session_.player().goToNumber(number); });
    connect(speed_, &QComboBox::currentIndexChanged, this,
        [this] { session_.player().setSpeed(speed_->currentData().toDouble()); });
    connect(loop_, &QToolButton::clicked, this, [this] {
        constexpr int modes = 3;
        const int next = (static_cast<int>(session_.player().loop()) + 1) % modes;
        session_.player().setLoop(static_cast<Player::Loop>(next));
        showIcons();
    });
}

std::size_t TimeBar::steps() const { return session_.player().steps(); }

void TimeBar::goTo(std::size_t step) { session_.player().goTo(step); }

void TimeBar::togglePlay() { session_.player().togglePlay(); }

void TimeBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showIcons();
        showRuns();
    }
}

void TimeBar::showIcons()
{
    const Player& player = session_.player();
    static const MediaSign loops[]{MediaSign::Once, MediaSign::Around, MediaSign::BackAndForth};
    const QString tips[]{
        tr("Plays once; a lab goes on at the end"), tr("Plays round and round"), tr("Plays to and fro")};
    const auto loop = static_cast<std::size_t>(player.loop());
    first_->setIcon(mediaIcon(MediaSign::First, *this));
    back_->setIcon(mediaIcon(MediaSign::Back, *this));
    play_->setIcon(mediaIcon(player.isPlaying() ? MediaSign::Pause : MediaSign::Play, *this));
    forward_->setIcon(mediaIcon(MediaSign::Forward, *this));
    last_->setIcon(mediaIcon(MediaSign::Last, *this));
    loop_->setIcon(mediaIcon(loops[loop], *this));
    loop_->setToolTip(tips[loop]);
    play_->setAccessibleName(player.isPlaying() ? tr("Pause") : tr("Play"));
}

/// Which runs there are, and whether one plays.
void TimeBar::showRuns()
{
    const Player& player = session_.player();
    std::vector<TrackLane> lanes;
    for (int run = 0; run < static_cast<int>(player.tree().runs.size()); ++run) {
        const LabRun& lab = *player.tree().runs[static_cast<std::size_t>(run)];
        if (run != player.shown())
            lanes.push_back({lab.from, lab.done,
                curveColor(static_cast<std::size_t>(player.numberOf(run)), palette().color(QPalette::Base)),
                run == player.compared()});
    }
    track_->setLanes(session_.slot().lab ? std::move(lanes) : std::vector<TrackLane>());
    showMarks();
    showIcons();
    refresh();
}

/// Found ones in the colour of the run, predicted ones in that of text.
void TimeBar::showMarks()
{
    const Player& player = session_.player();
    const int number = session_.slot().lab && player.run() ? player.numberOf(player.shown()) : 0;
    std::vector<TrackMark> marks;
    for (const analysis::PhaseMark& mark : theory_->marks()) {
        QString text = markText(mark);
        if (!mark.isFound && theory_->changedAt() >= 0)
            text += tr(", had its fields been so from the start");
        QColor color = palette().color(QPalette::WindowText);
        if (mark.isFound)
            color = curveColor(static_cast<std::size_t>(number), palette().color(QPalette::Base));
        else
            color.setAlphaF(0.75F);
        marks.push_back(
            {mark.step, mark.low, mark.high, QString::fromStdString(mark.name), text, color, mark.isFound});
    }
    track_->setMarks(std::move(marks));
}

void TimeBar::refresh()
{
    const Player& player = session_.player();
    const TracePtr& trace = session_.slot().trace();
    const std::size_t count = steps(), now = session_.selection().step;
    const bool hasLab = session_.slot().lab && player.run();
    setVisible(count > 1 || hasLab);
    track_->show(trace, now, hasLab ? player.target() : 0);
    const QSignalBlocker quiet(number_);
    number_->setEnabled(count > 0);
    if (count > 0)
        number_->setValue(static_cast<int>(trace->steps[now]->step()));
    const Index last = hasLab ? std::max(player.target(), player.run()->done) - 1
        : count > 0           ? trace->steps.back()->step()
                              : 0;
    among_->setText(tr("of %1").arg(last));
}

}
