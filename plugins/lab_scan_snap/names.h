// What tokens, queries and classes are called: the layouts of the lab's records. It knows no numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/layout.h"

#include "core/trace/token_layout.h"

namespace fovea::plugin::scan_snap {

/// Names that differ in their last number only are of one band: "common 3", "distinct 0.7" of class 0.
struct Names {
    LayoutPtr tokens; ///< all M
    LayoutPtr queries;
    LayoutPtr classes;
};

/// One and the same for equal languages, so that the steps of a run share it.
Names namesOf(const Language& language);

}
