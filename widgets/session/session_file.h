// A session on disk: which files, which edits, what was selected and how it was shown. As a file of its own
// (.fovea, JSON), or as the recipe of a figure.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/display.h"
#include "widgets/session/selection.h"

#include "core/source/source.h"
#include "core/trace/edit.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace fovea {

namespace figure {
struct Recipe;
}

struct FileReference {
    std::string path; ///< absolute; empty: none
    std::string hash; ///< SHA-256, hexadecimal
    Answers answers = {}; ///< what was said of a model
};

struct SessionFile {
    QString path; ///< where it was read from; empty: it is in no file
    FileReference model, input;
    std::vector<Edit> edits;
    std::vector<FileReference> patches; ///< the traces that edits take values from
    Selection selection;
    Display display;
    QByteArray layout; ///< of the window; a recipe has none
    QString view; ///< id of the one that a recipe draws
    QJsonObject lab; ///< its runs, as the Player describes them; empty: none
};

/// Paths are written relative to the file, and absolute beside it. Atomic. Throws Error.
void writeSessionFile(const QString& path, const SessionFile& session);
/// A relative path that leads nowhere gives way to the absolute one. Throws Error naming file and field.
SessionFile readSessionFile(const QString& path);
/// What a recipe says that was read from `path`. A file that is no longer where the recipe says is looked for
/// beside the recipe. Throws Error naming `path` and the field.
SessionFile sessionOf(const figure::Recipe& recipe, const QString& path);
/// What a .fovea says, or a recipe (.json, or inside a PDF, SVG or PNG); nothing: it is another file. Throws
/// Error.
std::optional<SessionFile> sessionIn(const QString& path);

}
