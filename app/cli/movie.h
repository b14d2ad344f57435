// `fovea figure --steps`: a figure at many steps, as a movie.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/strict_session.h"
#include "app/movie_file.h"

#include "widgets/figure/recipe.h"

namespace fovea::app {

/// The movie that --steps asks for; nullptr: none is. Throws UsageError where the options do not fit, Error
/// where it cannot be written: before anything is run.
std::unique_ptr<MovieFile> movieIn(const Arguments& arguments, const QString& output);
/// Draws the view at each step that --steps names, in one size; a list of steps that it shows makes way for
/// the one. Returns the files written. Throws UsageError where there are no steps, Error naming a step that
/// was not recorded.
QStringList makeMovie(Tool& tool, StrictSession& session, View& view, figure::Recipe recipe,
    const Arguments& arguments, MovieFile& movie);

}
