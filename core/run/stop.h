// The wish to stop, shared between who asks and who works. It ends nothing by itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/error.h"

#include <atomic>
#include <memory>

namespace fovea {

/// Copies share one flag. A default-made token can be stopped too.
class StopToken {
public:
    void stop() const { flag_->store(true, std::memory_order_relaxed); }
    bool stopped() const { return flag_->load(std::memory_order_relaxed); }
    /// Throws Cancelled when somebody asked to stop.
    void check() const
    {
        if (stopped())
            throw Cancelled();
    }

private:
    std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

}
