// What moves through steps: it plays those of a trace, and a lab that makes new ones while one watches. The
// Session shows what it hands over; it draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/lab_work.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>

class QTimer;

namespace fovea {

class Session;

class Player final : public QObject {
    Q_OBJECT

public:
    enum class Loop { Once, Around, BackAndForth };
    /// `walking` runs the lab; `remaking` computes single steps again.
    Player(Session& session, Job* walking, Job* remaking, std::shared_ptr<Pool> pool);
    ~Player() override;

    // --- through the steps of whatever trace is shown ---

    std::size_t steps() const; ///< of the trace
    bool isPlaying() const { return isLive() || isReplaying(); }
    bool isLive() const; ///< a lab makes new steps
    /// On from the shown step; from the last one a lab makes new steps.
    void play();
    void pause();
    void togglePlay() { isPlaying() ? pause() : play(); }
    void goTo(std::size_t position);
    /// A step by its number: computed again when it was not recorded, played to when it was not made yet.
    void goToNumber(Index number);
    /// From recorded step to recorded step; past the last one a lab makes one more.
    void stepBy(int by);
    double speed() const { return speed_; }
    void setSpeed(double stepsPerSecond); ///< 0: as fast as it goes
    Loop loop() const { return loop_; }
    void setLoop(Loop loop) { loop_ = loop; }

    // --- the runs of a lab ---

    const RunTree& tree() const { return tree_; }
    int shown() const { return shown_; } ///< -1: there is no run
    int compared() const { return compared_; } ///< -1: none
    LabRunPtr run() const { return shown_ < 0 ? nullptr : tree_.runs[static_cast<std::size_t>(shown_)]; }
    /// In the order in which they began; a run keeps it while others come and go. It gives the colour.
    int numberOf(int run) const { return tree_.numbers[static_cast<std::size_t>(run)]; }
    /// "A", "B", ... by that number; empty for -1.
    QString nameOf(int run) const;
    /// What a run does otherwise than its parent, or its whole config: "rate 0.05".
    QString changeOf(int run) const;
    /// What its config has otherwise than that of some other run of the tree: " (eta_y 1)"; empty where that
    /// is nothing, or more than two fields.
    QString differenceOf(int run) const;

    /// In a Job: another run from its start, shown, and played. A run of another lab takes the place of all.
    void start(const LabStart& wanted);
    /// In a Job: goes its own way under another config after the step that is shown.
    void branch(const Config& config);
    void show(int run);
    void compare(int run); ///< -1: with none
    void remove(int run); ///< one that no other left
    void clear();
    /// How far play() goes.
    Index target() const { return target_; }
    void setTarget(Index steps);
    /// The step at which axes of the lab's runs end: the longest run, up to a round number, so that axes
    /// stand still for a while, and do not depend on how far one means to play.
    Index horizon() const;

    /// What the compared run recorded under a path at the shown step; nullptr: nothing.
    RecordPtr other(const std::string& path) const;
    /// In a Job: the shown step with all its records, of which one is missed.
    void fetch(const std::string& path);

    /// All runs, so that rebuild() makes them again bit for bit.
    QJsonObject described() const;
    /// In a Job. Reports by Session::failed; `done` runs in the window's thread.
    void rebuild(const QJsonObject& lab, const std::function<void()>& done);

signals:
    void playingChanged();
    void runsChanged(); ///< another run is shown or compared, there is a new one
    void grew(); ///< there are more steps

private:
    bool isReplaying() const;
    Index shownNumber() const;
    void walk(Index target, bool isLastAsked);
    void onFrame();
    void onReplay();
    void onSelection();
    void onEnd();
    void present(Index number);
    void remake(Index number);
    void take(std::vector<LabRunPtr> runs);
    void add(const LabRunPtr& run, int parent);
    void trim();
    RecordingOptions options() const;

    Session& session_;
    Job *walking_, *remaking_;
    std::shared_ptr<Pool> pool_;
    Workspace workspace_;
    QTimer *frames_, *replay_;
    QElapsedTimer clock_;
    qint64 nextFrameNs_ = 0;
    std::shared_ptr<LabMailbox> mailbox_;
    std::shared_ptr<std::atomic<double>> pace_;
    std::vector<std::size_t> walked_; // the runs that the mailbox tells of
    RunTree tree_;
    mutable QStringList differences_; // between the runs of the tree; of another size: not looked at yet
    int shown_ = -1, compared_ = -1, direction_ = 1;
    Index target_ = 0, stride_ = 1000;
    double speed_ = 0;
    Loop loop_ = Loop::Once;
    StepPtr visited_; // the shown step computed again, while it is shown
    Index isRemaking_ = -1; // that step; -1: none
    Index lastNumber_ = -1; // of the step that was shown last
    bool isPresenting_ = false;
    bool follows_ = true; // the last step is shown, whatever number it has
};

}
