// The steps of a trace, in chunks that copies share: a running lab publishes a new list many times a second.
// It behaves as a vector does and knows nothing of what a step holds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <vector>

namespace fovea {

class StepRecords;
using StepPtr = std::shared_ptr<const StepRecords>;

/// A copy costs one handle for each full chunk and for each step behind the last full one.
class FOVEA_API StepList {
public:
    static constexpr std::size_t chunkSize = 128;

    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = StepPtr;
        using difference_type = std::ptrdiff_t;
        using pointer = const StepPtr*;
        using reference = const StepPtr&;

        Iterator() = default;
        Iterator(const StepList& list, std::size_t at)
            : list_(&list)
            , at_(at)
        {
        }
        reference operator*() const { return (*list_)[at_]; }
        pointer operator->() const { return &(*list_)[at_]; }
        Iterator& operator++()
        {
            ++at_;
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator before = *this;
            ++at_;
            return before;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

    private:
        const StepList* list_ = nullptr;
        std::size_t at_ = 0;
    };

    StepList() = default;
    StepList(std::initializer_list<StepPtr> steps)
        : StepList(std::vector<StepPtr>(steps))
    {
    }
    StepList(std::vector<StepPtr> steps); // NOLINT(google-explicit-constructor): it is one

    std::size_t size() const { return full_.size() * chunkSize + rest_.size(); }
    bool empty() const { return full_.empty() && rest_.empty(); }
    const StepPtr& operator[](std::size_t i) const
    {
        assert(i < size());
        const std::size_t chunk = i / chunkSize;
        return chunk < full_.size() ? full_[chunk]->steps[i % chunkSize]
                                    : rest_[i - full_.size() * chunkSize];
    }
    const StepPtr& front() const { return (*this)[0]; }
    const StepPtr& back() const { return (*this)[size() - 1]; }
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

    void push_back(StepPtr step); // NOLINT(readability-identifier-naming): as vectors have it
    /// Copies one chunk at most.
    void replace(std::size_t i, StepPtr step);
    /// Puts a step before position i, 0 to size().
    void insert(std::size_t i, StepPtr step);
    /// The first `count` steps; shares their chunks.
    StepList first(std::size_t count) const;
    /// Position of the first step whose number is not below `number`; steps ascend.
    std::size_t lowerBound(std::ptrdiff_t number) const;
    /// Of the records of all steps.
    std::size_t byteSize() const;

private:
    using Steps = std::vector<StepPtr>;
    struct Chunk {
        explicit Chunk(Steps all);
        Steps steps;
        std::size_t bytes;
    };
    std::vector<std::shared_ptr<const Chunk>> full_;
    Steps rest_;
};

}
