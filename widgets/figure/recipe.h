// What a figure needs to be drawn again. Travels inside every exported figure.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure_size.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace fovea::figure {

/// A file that went into a figure.
struct FileReference {
    QString path;
    QString sha256; ///< hexadecimal
    QJsonObject answers = {}; ///< what was said of a foreign model: config fields as text
    bool operator==(const FileReference&) const = default;
};

struct Recipe {
    static constexpr int version = 1;

    QString view; ///< name of the view or preset: "head-grid"
    FileReference model;
    FileReference input;
    QStringList edits; ///< as on the command line
    QList<FileReference> patches = {}; ///< the traces that edits take values from
    QJsonObject selection; ///< slot, record, head, query, key...
    QJsonObject settings; ///< of the method and of the display: start layer, scale mode, colour map...
    QJsonObject lab
        = {}; ///< its runs from their seeds on, and the step that is shown; empty: a model was run
    QJsonObject measured; ///< times and other numbers that a second run would not give again
    FigureSize size;
    static constexpr int leastDpi = 36, mostDpi = 2400;
    static constexpr double leastWidthPt = 72; ///< on less, no view has room for its map
    int dpi = 300; ///< of a PNG
    bool operator==(const Recipe&) const = default;
};

/// JSON with sorted keys: the same recipe gives the same bytes.
QByteArray toJson(const Recipe& recipe);

/// Throws Error naming `file` and the field when the text is no recipe, is of a newer version or holds
/// impossible values. Unknown fields are refused, since the figure would not be the same without them.
Recipe recipeFromJson(const QByteArray& json, const QString& file);

}
