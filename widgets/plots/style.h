// How everything is drawn: fonts, sizes, lines, colours. The same painters serve a window and a figure by it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace fovea {

/// The one accent of windows and figures, to be seen on the colour maps and on their ground: vermillion of
/// Okabe and Ito, darkened for small text on white, lightened for text on a dark theme (4.5:1 and more).
constexpr QRgb accentOnLight = 0xffb84e00, accentOnDark = 0xffff9a4d;

/// All lengths are in the painter's units: logical pixels on the screen, points (1/72 in) in a figure.
struct Style {
    QStringList families; ///< of all text, in order of preference
    double unitsPerInch = 72;
    double textSize = 8; ///< labels
    double smallTextSize = 7; ///< ticks
    double axisWidth = 0.5;
    double lineWidth = 1;
    double tickLength = 3;
    double gap = 4; ///< between things that belong together
    double mapDpi = 0; ///< a figure keeps maps whole, upsampled to this at least; 0: as the device shows them
    QColor ground, ink, faint, grid, accent;

    /// For a widget: its palette, its font, the resolution of its screen.
    static Style screen(const QPalette& palette, const QFont& font, double logicalDpi);
    /// For a figure: black on white whatever the theme, 8 and 7 pt.
    static Style paper();

    QFont font(double size) const;
    QFont textFont() const { return font(textSize); }
    QFont smallFont() const { return font(smallTextSize); }
};

/// From 1 to 21 (WCAG 2.1, contrast ratio); the same either way round.
double contrastOf(const QColor& a, const QColor& b);
/// Black or white, whichever can be read on a colour: a contrast of 4.5:1 at least (WCAG 2.1, 1.4.3).
QColor readableOn(const QColor& ground);

/// Loads the families that figures use (Liberation Sans, Serif, Mono; DejaVu for signs they lack) by file,
/// once. Throws Error naming the package when they are not installed.
void loadFigureFonts();

}
