// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/step_list.h"

#include "core/trace/trace.h"

#include <numeric>
#include <utility>

namespace fovea {

namespace {

std::size_t bytesOf(const std::vector<StepPtr>& steps)
{
    return std::accumulate(steps.begin(), steps.end(), std::size_t{0},
        [](std::size_t sum, const StepPtr& step) { return sum + step->byteSize(); });
}

}

StepList::Chunk::Chunk(Steps all)
    : steps(std::move(all))
    , bytes(bytesOf(steps))
{
}

StepList::StepList(std::vector<StepPtr> steps)
{
    for (StepPtr& step : steps)
        push_back(std::move(step));
}

void StepList::push_back(StepPtr step)
{
    rest_.push_back(std::move(step));
    if (rest_.size() == chunkSize)
        full_.push_back(std::make_shared<const Chunk>(std::exchange(rest_, {})));
}

void StepList::replace(std::size_t i, StepPtr step)
{
    assert(i < size());
    const std::size_t chunk = i / chunkSize;
    if (chunk == full_.size()) {
        rest_[i % chunkSize] = std::move(step);
        return;
    }
    Steps changed = full_[chunk]->steps;
    changed[i % chunkSize] = std::move(step);
    full_[chunk] = std::make_shared<const Chunk>(std::move(changed));
}

void StepList::insert(std::size_t i, StepPtr step)
{
    StepList longer = first(i);
    longer.push_back(std::move(step));
    for (; i < size(); ++i)
        longer.push_back((*this)[i]);
    *this = std::move(longer);
}

StepList StepList::first(std::size_t count) const
{
    assert(count <= size());
    StepList list;
    const std::size_t chunks = count / chunkSize;
    list.full_.assign(full_.begin(), full_.begin() + static_cast<std::ptrdiff_t>(chunks));
    for (std::size_t i = chunks * chunkSize; i < count; ++i)
        list.rest_.push_back((*this)[i]);
    return list;
}

std::size_t StepList::byteSize() const
{
    std::size_t bytes = bytesOf(rest_);
    for (const auto& chunk : full_)
        bytes += chunk->bytes;
    return bytes;
}

std::size_t StepList::lowerBound(std::ptrdiff_t number) const
{
    std::size_t low = 0, high = size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if ((*this)[middle]->step() < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}
