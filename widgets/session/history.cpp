// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/history.h"

#include <algorithm>
#include <utility>

namespace fovea {

void History::note(const Snapshot& before, const QString& label, const QString& key, Merge merge)
{
    const bool isSoon = sinceLast_.isValid() && sinceLast_.elapsed() < mergeMs;
    const bool isDrag = !key.isEmpty() && !past_.empty() && past_.back().key == key
        && (isSoon || merge == Merge::Always) && future_.empty();
    sinceLast_.start();
    if (isDrag)
        return;
    pastBefore_ = key.isEmpty() ? std::deque<Entry>() : past_;
    futureBefore_ = key.isEmpty() ? std::deque<Entry>() : future_;
    past_.push_back(Entry{before, label, key});
    if (past_.size() > depth)
        past_.pop_front();
    future_.clear();
}

Snapshot History::move(std::deque<Entry>& from, std::deque<Entry>& to, const Snapshot& now)
{
    Entry entry = std::move(from.back());
    from.pop_back();
    to.push_back(Entry{now, entry.label, {}});
    return std::move(entry.snapshot);
}

std::optional<Snapshot> History::takeBack(const QString& key)
{
    if (key.isEmpty() || past_.empty() || past_.back().key != key)
        return std::nullopt;
    Snapshot before = std::move(past_.back().snapshot);
    past_ = std::exchange(pastBefore_, {});
    future_ = std::exchange(futureBefore_, {});
    return before;
}

std::vector<Edit> History::forgetSince(const std::vector<Edit>& edits)
{
    const auto last = std::find_if(
        past_.rbegin(), past_.rend(), [&](const Entry& entry) { return entry.snapshot.edits == edits; });
    if (last == past_.rend())
        return edits;
    std::vector<Edit> noted = last->snapshot.edits;
    past_.erase(std::prev(last.base()), past_.end());
    return noted;
}

void History::clear()
{
    for (auto* entries : {&past_, &future_, &pastBefore_, &futureBefore_})
        entries->clear();
}

}
