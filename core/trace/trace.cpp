// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace.h"

namespace fovea {

void StepRecords::add(RecordPtr record)
{
    const auto [place, isNew] = byPath_.try_emplace(record->path(), records_.size());
    if (isNew)
        records_.push_back(std::move(record));
    else
        records_[place->second] = std::move(record);
}

RecordPtr StepRecords::find(std::string_view path) const
{
    const auto found = byPath_.find(path);
    return found == byPath_.end() ? nullptr : records_[found->second];
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

std::size_t StepRecords::byteSize() const
{
    std::size_t bytes = 0;
    for (const RecordPtr& record : records_)
        bytes += record->byteSize();
    return bytes;
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

std::size_t Trace::byteSize() const
{
    std::size_t bytes = 0;
    for (const StepPtr& step : steps)
        bytes += step->byteSize();
    return bytes;
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
