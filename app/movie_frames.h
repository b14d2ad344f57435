// What a movie shows: one view at one step after the other, all in one size. It goes to no step and writes no
// file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/movie_file.h"

#include "widgets/figure/recipe.h"

#include <QPointer>

#include <functional>

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

/// The number of the step that is shown; -1: none.
Index shownStepOf(const Session& session);

/// Of the run that is shown the steps that `span` names, or all that were recorded. Throws UsageError naming
/// `option` where there are none, or too many, and for one that nobody can show: what was not recorded is
/// only made again by a lab.
std::vector<Index> movieSteps(
    const Session& session, const std::optional<StepSpan>& span, const std::string& option);

class MovieFrames {
public:
    /// A list of steps that views show makes way for the one, until end(). Where it did the frames are as
    /// high as the view then needs, unless somebody chose the height of the recipe.
    MovieFrames(View& view, Session& session, const figure::Recipe& recipe, bool isHeightChosen);

    const figure::FigureSize& size() const { return recipe_.size; }
    /// The view as it is now; the bytes of its PNG come from the function, in any thread. Throws Error when
    /// another step is shown, or nothing.
    std::function<QByteArray()> draw(Index step) const;
    /// The list of steps comes back.
    void end();

private:
    QPointer<View> view_;
    Session& session_;
    figure::Recipe recipe_;
    bool hidesList_; ///< there was one
};

}
