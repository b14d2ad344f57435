// Attention as it would read if nobody could look at special tokens. Nothing is run again: the model did look
// at them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

namespace fovea::analysis {

/// An Attention record without its special keys (cls, dist, registers), each row divided by what remains of
/// it: a_ij / sum over patches k of a_ik. A row with nothing left is zero. Queries stay as they are, the
/// special ones too. A record that was kept as factors stays so. The very same record when no key
/// is special or all are; throws Error when a special token stands among the patches of some groups only.
FOVEA_API RecordPtr withoutSpecialKeys(const RecordPtr& attention);

}
