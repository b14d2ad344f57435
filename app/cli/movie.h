// `fovea figure --steps`: a figure at many steps, as a movie.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/strict_session.h"
#include "app/movie_frames.h"

namespace fovea::app {

struct WantedMovie {
    StepSpan steps;
    MovieFile file;
    bool isHeightChosen = false; ///< by --height
};

/// The movie that --steps asks for; nullptr: none is. Throws UsageError where the options do not fit, Error
/// where it cannot be written: before anything is run.
std::unique_ptr<WantedMovie> movieIn(const Arguments& arguments, const QString& output);
/// Draws the view at each of the steps, in one size. Returns the files written. Throws UsageError where there
/// are none of these steps.
QStringList makeMovie(
    Tool& tool, StrictSession& session, View& view, const figure::Recipe& recipe, WantedMovie& movie);

}
