// Opening any file that Fovea understands, for the command line and the window alike. It runs nothing, and
// asks nobody.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/slot.h"

#include "core/io/open_weights.h"

#include <string>

namespace fovea::app {

/// Weights, an input or a trace, told apart by content. Throws Error naming the file, io::OpenQuestions,
/// Cancelled.
Document openDocument(const Registry& registry, const std::string& path, const io::OpenOptions& options = {});
/// A picture, with the masks of its objects that lie beside it (X.mask-LABEL.png beside X.png); a .npy; or
/// the dataset `input` of an .h5.
InputPtr openInput(const std::string& path);

}
