// The one mutable thing: slots with model, input, edits and traces, and the Selection through all views.
// It computes nothing itself: all work is in Jobs. Views connect to it and to nothing else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/history.h"
#include "widgets/session/opening.h"

#include "core/run/workspace.h"
#include "core/source/registry.h"

#include <map>

namespace fovea {

class Patterns;
class Player;

class Session final : public QObject {
    Q_OBJECT

public:
    explicit Session(Services services, QObject* parent = nullptr);
    ~Session() override;

    const Registry& registry() const { return *services_.registry; }
    /// The threads of the engine.
    const std::shared_ptr<Pool>& pool() const { return services_.pool; }
    const Services& services() const { return services_; }
    const Slot& slot() const { return slots_[selection_.slot]; }
    const Selection& selection() const { return selection_; }
    /// As views see it, see showListOfSteps().
    const Display& display() const { return shown_; }
    /// The attention patterns of the trace that is shown. Never null; empty without a trace.
    const Patterns& patterns() const { return *patterns_; }
    /// Of the trace that is shown, at the selected step; nullptr when it is not (yet) there.
    RecordPtr record(const std::string& path) const;
    const RecordPtr& sweep() const { return sweep_; }
    /// Largest difference to the reference in the weights' file, over its root mean square; NaN: none.
    double parity() const { return parity_; }
    /// Heads brushed in a scatter, by (layer, head); empty: all.
    const std::vector<std::pair<int, int>>& brushed() const { return selection_.brushed; }

    /// Equal values change nothing, so linked views cannot loop. Clamped to what there is.
    void setSelection(Selection selection);
    void setDisplay(const Display& display);
    /// For a movie, which shows one step at a time: while it is off display() has no list of steps
    /// (map.steps). Undo, redo and files have the one that is meant.
    void showListOfSteps(bool shows);
    void setBrushed(std::vector<std::pair<int, int>> heads);
    /// Refused (failed()) when one of them names nothing; taken back (editsRefused()) when they cannot be
    /// run. While one drags (a key) a run that is young is let finish, so that numbers keep coming; the
    /// newest edits run after it.
    void setEdits(std::vector<Edit> edits, const QString& label, const QString& dragKey = {},
        Merge merge = Merge::Quick);
    /// As if a drag had never been, undo and redo too; false when it changed nothing or something else was
    /// done since.
    bool takeBackEdits(const QString& dragKey);
    void toggleEdit(const Edit& edit);
    bool hasEdit(const Edit& edit) const;

    /// In a Job: whatever the file holds takes its place in the slot.
    void open(const QStringList& paths) { proceed({paths}); }
    /// The same, from where it stopped; one that stops says so by needed() and changes nothing.
    void proceed(const OpenPlan& plan);
    /// In a Job: fresh weights of a preset; "": of the schema's defaults.
    void openPreset(const std::string& architecture, const std::string& preset, std::uint64_t seed);
    /// What is open, as files keep it.
    SessionFile described() const;
    /// What was open before another model took its place; nothing: no file of a model was.
    const std::optional<SessionFile>& previous() const { return previous_; }
    void save(const QString& path, const QByteArray& layout);
    /// What plays steps, and the lab that makes them.
    Player& player() const { return *player_; }
    /// Slot 0 holds what was opened, slot 1 a lab: each with its own selection, undo and sweep.
    void showSlot(std::size_t slot);
    /// From the player: a run of a lab, in its slot; and its steps as far as they are, at one of them.
    void showRun(const LabRunPtr& run);
    void showSteps(const LabRunPtr& run, const TracePtr& trace, std::size_t step);
    /// At once, with no Job: for figures from the command line and for tests.
    void adopt(Slot slot);
    /// In a Job: records a signal that was not kept, by running its block again.
    void fetch(const std::string& path);
    /// In a Job: every head off, one at a time.
    void startSweep();
    /// In a Job: kept for the next time. Says so when it cannot be.
    void rememberSanity(const analysis::KnownSanity& found);
    /// Worth knowing: for the message bar.
    void note(const QString& text) { emit noted(text); }

    void undo();
    void redo();
    const History& history() const { return history_; }
    const std::vector<Job*>& jobs() const { return jobs_; }

signals:
    void selectionChanged();
    void displayChanged();
    void brushChanged();
    void modelChanged();
    void inputChanged();
    void editsChanged();
    void editsRefused(const std::vector<fovea::Edit>& edits); ///< they were there and could not be run
    void traceChanged(); ///< what is shown changed: new records everywhere
    void sweepChanged();
    void sanityMeasured(const fovea::analysis::KnownSanity& found);
    void parityChanged();
    void recordFetched(const QString& path);
    void historyChanged();
    void opened(const QString& path);
    void needed(const OpenRequest& request); ///< by an opening that stopped
    void sessionOpened(const SessionFile& session); ///< with its layout or its view
    void replaced(); ///< by another model: previous() can be opened again
    void noted(const QString& text); ///< worth knowing
    void failed(const QString& text); ///< an error, for the message bar

private:
    Slot& current() { return slots_[selection_.slot]; }
    Job* newJob();
    Snapshot snapshot() const { return {slot().edits, selection_.pin, display_}; }
    void restore(const Snapshot& snapshot);
    void take(const Display& meant);
    void take(const Opening& opening);
    void take(const Document& document);
    void takeSelection(const SessionFile& file);
    void run();
    void runEdits(bool isDragging = false);
    void runEditsSoon();
    void editsFailed();
    void takeEditsBack();
    void dropSweep();
    void showTrace();
    void checkWanted();
    void checkParity();
    Selection clamped(Selection selection) const;
    bool isKnown(const std::string& path) const;

    Services services_;
    struct Parked;
    static constexpr std::size_t slotCount = 2;
    std::vector<Slot> slots_{slotCount};
    std::vector<Parked> parked_; // what belongs to the slots that are not shown
    Selection selection_;
    Display display_, shown_; // what is meant, and without a list of steps where a movie shows none
    bool showsList_ = true;
    std::optional<SessionFile> wanted_; // was opened, and not all of what it selects is there yet
    std::unique_ptr<Patterns> patterns_;
    std::map<std::string, RecordPtr> fetched_;
    RecordPtr sweep_;
    std::optional<SessionFile> previous_;
    double parity_;
    History history_;
    Workspace workspace_;
    std::vector<Job*> jobs_;
    Player* player_;
    Job *openJob_, *runJob_, *fetchJob_, *sweepJob_, *saveJob_, *parityJob_, *sanityJob_;
    bool runsEdits_ = false; ///< runJob_ does, or did last
    bool runsAgain_ = false; ///< with newer edits, once runJob_ is through
    QElapsedTimer sinceRun_; ///< of edits
};

}
