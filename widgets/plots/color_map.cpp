// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_map.h"

#include "core/tensor/error.h"

#include <QFile>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fovea {

ColorMap::ColorMap(QString name, Kind kind)
    : name_(std::move(name))
    , kind_(kind)
{
    QFile file(":/colormaps/" + name_ + ".txt");
    [[maybe_unused]] const bool found = file.open(QIODevice::ReadOnly);
    assert(found);
    for (QRgb& color : colors_)
        color = 0xff000000 | file.readLine().trimmed().toUInt(nullptr, 16);
}

const std::vector<ColorMap>& ColorMap::all()
{
    using enum Kind;
    static const std::vector<ColorMap> maps{
        ColorMap("viridis", Sequential),
        ColorMap("cividis", Sequential),
        ColorMap("magma", Sequential),
        ColorMap("greys", Sequential),
        ColorMap("YlGnBu", Sequential),
        ColorMap("RdBu", Diverging),
        ColorMap("twilight", Cyclic),
    };
    return maps;
}

const ColorMap& ColorMap::named(const QString& name)
{
    const auto found = std::ranges::find(all(), name, &ColorMap::name_);
    if (found == all().end())
        throw Error("expected the name of a colour map, found \"" + name.toStdString() + "\"");
    return *found;
}

QStringList ColorMap::names(Kind kind)
{
    QStringList result;
    for (const ColorMap& map : all())
        if (map.kind_ == kind)
            result << map.name_;
    return result;
}

QRgb ColorMap::at(double position) const
{
    if (std::isnan(position))
        return missing;
    return (*this)[static_cast<int>(std::clamp(position * size, 0.0, size - 1.0))];
}

}
