// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/history.h"

#include <algorithm>

namespace fovea {

void History::note(const Snapshot& before, const QString& label, const QString& key, Merge merge)
{
    const bool isSoon = sinceLast_.isValid() && sinceLast_.elapsed() < mergeMs;
    const bool isDrag = !key.isEmpty() && !past_.empty() && past_.back().key == key
        && (isSoon || merge == Merge::Always) && future_.empty();
    sinceLast_.start();
    if (isDrag)
        return;
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

void History::forgetSince(const std::vector<Edit>& edits)
{
    const auto last = std::find_if(
        past_.rbegin(), past_.rend(), [&](const Entry& entry) { return entry.snapshot.edits == edits; });
    if (last != past_.rend())
        past_.erase(std::prev(last.base()), past_.end());
}

void History::clear()
{
    past_.clear();
    future_.clear();
}

}
