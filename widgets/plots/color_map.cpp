// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_map.h"

#include "widgets/plots/style.h"

#include "core/tensor/error.h"

#include <QFile>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <mutex>
#include <tuple>

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

const ColorMap& ColorMap::seenOn(const QString& name, const QColor& ground)
{
    static std::mutex lock;
    static std::map<std::pair<QString, QRgb>, ColorMap> made; // as many as there are themes
    const std::scoped_lock one(lock);
    const auto key = std::pair(name, ground.rgb());
    if (const auto found = made.find(key); found != made.end())
        return found->second;
    const ColorMap& whole = named(name);
    int first = 0, count = 0;
    for (int begin = 0, i = 0; i < size; ++i) {
        if (contrastOf(QColor(whole[i]), ground) < 3)
            begin = i + 1;
        else if (i + 1 - begin > count)
            std::tie(first, count) = std::pair(begin, i + 1 - begin);
    }
    ColorMap part = whole;
    for (int i = 0; i < size && count > 0; ++i)
        part.colors_[static_cast<std::size_t>(i)] = whole[first + i * (count - 1) / (size - 1)];
    return made.emplace(key, part).first->second;
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
