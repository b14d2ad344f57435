// A session on disk (.fovea, JSON): which files, which edits, what was selected and how it was shown.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/display.h"

#include "core/trace/edit.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace fovea {

struct FileReference {
    std::string path; ///< absolute; empty: none
    std::string hash; ///< SHA-256, hexadecimal
};

struct SessionFile {
    FileReference model, input;
    std::vector<Edit> edits;
    Selection selection;
    Display display;
    QByteArray layout; ///< of the window
};

/// Paths are written relative to the file, and absolute beside it. Atomic. Throws Error.
void writeSessionFile(const QString& path, const SessionFile& session);
/// A relative path that leads nowhere gives way to the absolute one. Throws Error naming file and field.
SessionFile readSessionFile(const QString& path);

}
