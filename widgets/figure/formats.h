// The three file formats, from what was drawn to bytes. For writer.cpp only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/page.h"

#include <optional>

namespace fovea::figure {

QByteArray toPdf(const Page& page, const QString& title, const QByteArray& recipe);
QByteArray toSvg(const Page& page, const QString& title, const QByteArray& recipe);
QByteArray toPng(const QImage& image, int dpi, const QByteArray& recipe);

/// The recipe's JSON out of a file of that format, at most 16 MB of it; nothing when there is none.
std::optional<QByteArray> recipeInPdf(const QByteArray& pdf);
std::optional<QByteArray> recipeInSvg(const QByteArray& svg);
std::optional<QByteArray> recipeInPng(const QByteArray& png);

/// The image with at most 256 colours as indices into them, in the order of appearance, when it has no more
/// and no transparency; else a null image. The same pixels in a third of the bytes.
QImage indexed(const QImage& image);

/// A number as PDF and SVG write it: at most 4 decimals, never an exponent.
QByteArray number(double value);

/// The width of a line on paper: no hairlines, which vanish in print.
double strokeWidth(const QPen& pen);

}
