// Two things at once. Only a pool and this start threads in core.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace fovea {

/// Runs `work` on the calling thread and `other` on one of its own beside it, or after it where no thread can
/// be had; returns or throws when both are done. Throws what `work` throws, else what `other` throws.
void beside(const std::function<void()>& work, const std::function<void()>& other);

}
