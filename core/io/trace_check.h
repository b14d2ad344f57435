// Whether a Record that comes from a file keeps the promises that views and analyses rely on. Bytes and
// shapes of datasets were checked before.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::io {

/// Throws Error when the rank is not the Kind's, factors or index tables do not fit the value, or there are
/// more tokens than the layout has.
void checkRecord(const Record& record);

}
