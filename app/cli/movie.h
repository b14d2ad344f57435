// `fovea figure --steps`: a figure at many steps, as a movie.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/strict_session.h"

#include "widgets/figure/recipe.h"

namespace fovea::app {

/// Throws UsageError when an option of movies stands without --steps.
void requireMovie(const Arguments& arguments);
/// Draws the view at each step that --steps names, in one size. Returns the files written. Throws UsageError
/// where there are no steps, Error naming a step that was not recorded.
QStringList makeMovie(Tool& tool, StrictSession& session, View& view, const figure::Recipe& recipe,
    const Arguments& arguments, const QString& output);

}
