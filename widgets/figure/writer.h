// A figure as PDF, SVG or PNG, its recipe inside. Decides nothing about what is drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/recipe.h"
#include "widgets/plots/style.h"

#include <QPainter>

#include <functional>
#include <optional>

namespace fovea::figure {

enum class Format { Pdf, Svg, Png };

/// The format by the ending of a file's name; throws UsageError for another ending.
Format formatOf(const QString& fileName);

/// Draws into the rectangle, in points from the top left corner of the page.
using Paint = std::function<void(QPainter&, const QRectF&, const Style&)>;

/// Draws the figure, of the recipe's size, here and now; the function that comes back makes its bytes, in any
/// thread: the same recipe and the same drawing give the same bytes. PDF and SVG: text stays text in embedded
/// fonts, maps stay lossless images. Throws Error when the fonts are missing or a PNG would have more than
/// 2^28 pixels.
std::function<QByteArray()> drawFigure(Format format, const Recipe& recipe, const Paint& paint);

/// The recipe inside a figure that drawFigure made, from its bytes. Throws Error naming `file`.
Recipe recipeOf(const QByteArray& figure, const QString& file);

/// The recipe of a .json file, or inside a PDF, SVG or PNG; nothing: a picture without one, or another
/// ending. Throws Error naming the file.
std::optional<Recipe> readRecipe(const QString& path);

/// Writes the bytes to a file in one step: the whole, or nothing and an Error naming the file.
void saveFile(const QByteArray& bytes, const QString& file);

}
