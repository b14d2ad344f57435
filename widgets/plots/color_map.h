// Colour maps by name: 256 colours each. Says nothing about which value gets which colour (ValueScale does).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>

#include <array>

namespace fovea {

/// A table of 256 opaque colours, lowest first. Made once, shared for ever.
class ColorMap {
public:
    enum class Kind {
        Sequential, ///< quantities >= 0
        Diverging, ///< signed quantities; the middle is zero
        Cyclic, ///< phases; both ends have one colour
    };
    static constexpr int size = 256;
    /// Of NaN and infinity: in none of the maps.
    static constexpr QRgb missing = 0xffff00ff;

    /// The map of that name; throws Error when there is none.
    static const ColorMap& named(const QString& name);
    /// The longest part of a map whose colours have a contrast of 3:1 to a ground (WCAG 2.1, 1.4.11:
    /// graphical objects), stretched to 256: for lines and points. The whole map where there is no such part.
    static const ColorMap& seenOn(const QString& name, const QColor& ground);
    /// All names, the default of each kind first.
    static QStringList names(Kind kind);

    const QString& name() const { return name_; }
    Kind kind() const { return kind_; }
    QRgb operator[](int index) const { return colors_[static_cast<std::size_t>(index)]; }
    /// The colour at a position in 0..1, clamped; `missing` for NaN.
    QRgb at(double position) const;

private:
    ColorMap(QString name, Kind kind);
    static const std::vector<ColorMap>& all();

    QString name_;
    Kind kind_;
    std::array<QRgb, size> colors_{};
};

}
