// What belongs to a slot of the Session besides the Slot itself, while another one is shown. For its sources
// only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <cmath>

namespace fovea {

struct Session::Parked {
    Selection selection;
    std::optional<SessionFile> wanted;
    std::map<std::string, RecordPtr> fetched;
    RecordPtr sweep;
    std::optional<SessionFile> previous;
    double parity = NAN;
    History history;
};

}
