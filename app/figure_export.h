// A view as a file: its recipe, the figure, the data behind it. For the window and the command line alike.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/recipe.h"

#include <QStringList>

#include <functional>

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

/// The recipe of a view as it is shown now, the cell under the mouse pinned. `widthPt`: its height is what
/// the view needs at that width. Files stand in it by one name, however they were opened, so that the same
/// figure has the same bytes: what the program brings as resources:models/..., which holds on every machine;
/// any other by its absolute path without links, and who moved it puts it beside the figure or says --model.
figure::Recipe recipeOf(const View& view, const Session& session, double widthPt, int dpi);

/// Whether the ending names data: .csv, .npy or .h5. Throws UsageError when it names no figure either.
bool isData(const QString& file);
/// Draws the figure or takes the view's data, by the ending of the file's name, here and now; the function
/// that comes back writes them, in any thread, and says which files it wrote. Both throw Error.
std::function<QStringList()> exported(
    const QString& file, const View& view, const Session& session, const figure::Recipe& recipe);

}
