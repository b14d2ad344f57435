// Undo by snapshot: what can be taken back, as whole states. It knows nothing of the Session that uses it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/display.h"
#include "widgets/session/selection.h"

#include "core/trace/edit.h"

#include <QElapsedTimer>

#include <deque>
#include <optional>
#include <vector>

namespace fovea {

/// All that Ctrl+Z takes back: edits, pins and display settings. Never hover.
struct Snapshot {
    std::vector<Edit> edits;
    Cell pin;
    Display display;
    bool operator==(const Snapshot&) const = default;
};

/// Which changes of the same key are one entry of undo.
enum class Merge {
    Quick, ///< those in quick succession: a slider's key says nothing of where a drag ends
    Always ///< all: each drag has a key of its own
};

class History {
public:
    static constexpr std::size_t depth = 100;
    static constexpr qint64 mergeMs = 800;

    /// A change is about to happen to `before`. Changes of the same non-empty `key` (a drag) are one entry.
    void note(
        const Snapshot& before, const QString& label, const QString& key = {}, Merge merge = Merge::Quick);
    /// The snapshot to go back (or forth) to; `now` becomes the other side. Must be possible.
    Snapshot undo(const Snapshot& now) { return move(past_, future_, now); }
    Snapshot redo(const Snapshot& now) { return move(future_, past_, now); }
    /// What was noted since the edits were last these: it came to nothing. Returns them as they were noted.
    std::vector<Edit> forgetSince(const std::vector<Edit>& edits);
    /// If that drag was the last thing done: what it began from; all is again as if it had never been.
    std::optional<Snapshot> takeBack(const QString& key);
    void clear();

    bool canUndo() const { return !past_.empty(); }
    bool canRedo() const { return !future_.empty(); }
    QString undoLabel() const { return canUndo() ? past_.back().label : QString(); }
    QString redoLabel() const { return canRedo() ? future_.back().label : QString(); }

private:
    struct Entry {
        Snapshot snapshot;
        QString label, key;
    };
    Snapshot move(std::deque<Entry>& from, std::deque<Entry>& to, const Snapshot& now);

    std::deque<Entry> past_, future_;
    std::deque<Entry> pastBefore_, futureBefore_; ///< the last drag
    QElapsedTimer sinceLast_;
};

}
