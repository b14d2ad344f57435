// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace.h"

#include <algorithm>
#include <functional>

namespace fovea {

std::size_t StepRecords::placeOf(std::string_view path) const
{
    const std::size_t hash = std::hash<std::string_view>()(path);
    for (auto at = std::ranges::find(hashes_, hash); at != hashes_.end();
         at = std::find(at + 1, hashes_.end(), hash))
        if (const auto place = static_cast<std::size_t>(at - hashes_.begin());
            records_[place]->path() == path)
            return place;
    return records_.size();
}

void StepRecords::add(RecordPtr record)
{
    const std::size_t place = placeOf(record->path());
    bytes_ += record->byteSize();
    if (place < records_.size()) {
        bytes_ -= records_[place]->byteSize();
        records_[place] = std::move(record);
        return;
    }
    hashes_.push_back(std::hash<std::string_view>()(record->path()));
    records_.push_back(std::move(record));
}

RecordPtr StepRecords::find(std::string_view path) const
{
    const std::size_t place = placeOf(path);
    return place < records_.size() ? records_[place] : nullptr;
}

StepPtr StepRecords::lightened(std::size_t bytes) const
{
    auto light = std::make_shared<StepRecords>(step_);
    for (const RecordPtr& record : records_)
        if (record->byteSize() <= bytes)
            light->add(record);
    light->lightened_ = lightened_ || light->records_.size() < records_.size();
    return light;
}

RecordPtr Trace::find(std::string_view path, std::size_t step) const
{
    return step < steps.size() ? steps[step]->find(path) : nullptr;
}

std::vector<RecordPtr> Trace::matching(std::string_view pattern, std::size_t step) const
{
    std::vector<RecordPtr> found;
    if (step < steps.size())
        for (const RecordPtr& record : steps[step]->all())
            if (matches(pattern, record->path()))
                found.push_back(record);
    return found;
}

int Trace::blockIndex(std::string_view path) const
{
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (blocks[i].path == path)
            return static_cast<int>(i);
    return -1;
}

bool matches(std::string_view pattern, std::string_view path)
{
    // the classic two-pointer walk: on a mismatch, let the last star swallow one more character
    std::size_t p = 0, s = 0, star = std::string_view::npos, mark = 0;
    while (s < path.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = s;
        } else if (p < pattern.size() && pattern[p] == path[s]) {
            ++p;
            ++s;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            s = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

}
