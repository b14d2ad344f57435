// What a recording probe kept: step -> path -> Record. Immutable; copies and re-runs share records.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "core/trace/state.h"
#include "core/trace/step_list.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fovea {

using RecordPtr = std::shared_ptr<const Record>;

/// The records of one step, in the order in which they were shown.
class FOVEA_API StepRecords {
public:
    explicit StepRecords(Index step = 0)
        : step_(step)
    {
    }
    void add(RecordPtr record);
    Index step() const { return step_; }
    const std::vector<RecordPtr>& all() const { return records_; }
    /// nullptr when nothing was recorded under that path.
    RecordPtr find(std::string_view path) const;
    /// A copy without the records that take more than `bytes`.
    std::shared_ptr<const StepRecords> lightened(std::size_t bytes) const;
    /// Whether records were left out to save memory: the source can make them again.
    bool isLightened() const { return lightened_; }
    std::size_t byteSize() const { return bytes_; }

private:
    std::size_t placeOf(std::string_view path) const;

    Index step_;
    bool lightened_ = false;
    std::vector<RecordPtr> records_;
    std::vector<std::size_t> hashes_; ///< of their paths: a run makes and drops thousands of steps a second
    std::size_t bytes_ = 0;
};

/// Where a run stood before a block, and how long the block took.
struct BlockMark {
    std::string path;
    State before;
    double seconds = 0;
};

/// Where the numbers come from: enough to make them again.
struct Provenance {
    std::string source; ///< id of the architecture or lab
    std::string config; ///< JSON
    std::string weightsHash; ///< SHA-256, hexadecimal; empty for a lab
    std::uint64_t seed = 0;
    std::vector<std::string> edits; ///< as written
    Index sample = 0; ///< the watched sample of the batch
    std::string inputHash = {}; ///< SHA-256 of the input's file, hexadecimal; empty where it was in none
};

class Trace;
using TracePtr = std::shared_ptr<const Trace>;

class FOVEA_API Trace {
public:
    using StepPtr = fovea::StepPtr;

    Provenance provenance;
    Tensor input; ///< [B, ...] as the source got it
    Tensor output; ///< of the watched sample: logits [class]
    std::vector<BlockMark> blocks; ///< architectures only
    std::vector<std::string> leftOut; ///< signals that were asked for and exceed the memory budget
    StepList steps; ///< ascending; an architecture's run has one, step 0
    /// The same in all versions of a run that goes on, and in no other run; none where nothing goes on.
    std::shared_ptr<const void> run;

    /// The record of that path at a step (by position in `steps`); nullptr when there is none.
    RecordPtr find(std::string_view path, std::size_t step = 0) const;
    /// All records of a step whose path matches a pattern, in the order shown.
    std::vector<RecordPtr> matching(std::string_view pattern, std::size_t step = 0) const;
    /// Position of a block in `blocks`, or -1.
    int blockIndex(std::string_view path) const;
    std::size_t byteSize() const { return steps.byteSize(); }
};

/// Which run a trace is of. No other one is ever equal, also after this one is gone.
class RunIdentity {
public:
    RunIdentity() = default;
    explicit RunIdentity(const TracePtr& trace)
        : owner_(trace && trace->run ? trace->run : trace)
    {
    }
    bool operator==(const RunIdentity& other) const
    {
        return !owner_.owner_before(other.owner_) && !other.owner_.owner_before(owner_);
    }

private:
    std::weak_ptr<const void> owner_;
};

/// True when `path` matches `pattern`; '*' stands for any characters, dots too.
FOVEA_API bool matches(std::string_view pattern, std::string_view path);

}
