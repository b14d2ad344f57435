// A data set with its pixels' mean and deviation as `fovea train` measures them, when they are first asked
// for. It opens nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/batch.h"

#include <mutex>
#include <optional>

namespace fovea::train {

/// May be asked from any thread.
class MeasuredData {
public:
    explicit MeasuredData(DataSetPtr data)
        : set(std::move(data))
    {
    }

    /// Takes a while the first time; one that is stopped (Cancelled) is begun anew by who asks next.
    Preprocess preprocess(const StopToken& stop) const
    {
        const std::lock_guard lock(mutex_);
        if (!preprocess_) {
            Pool pool;
            preprocess_ = measurePreprocess(pool, *set, stop);
        }
        return *preprocess_;
    }

    const DataSetPtr set;

private:
    mutable std::mutex mutex_;
    mutable std::optional<Preprocess> preprocess_;
};

}
