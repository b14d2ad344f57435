// What the options of `fovea figure` say of a figure by name: what is selected and how it is shown.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/strict_session.h"
#include "app/cli/tool.h"

#include "widgets/views/figure_presets.h"

#include <QString>

namespace fovea::app {

/// Puts --preset, and then what --option says, into a session in which the model has run. Query and key are
/// tokens of the layer. Throws UsageError.
void applyOptions(StrictSession& session, const Arguments& arguments, const QString& view);

}
