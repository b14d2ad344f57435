// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_map.h"

#include "widgets/plots/painters.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double leastCover = 0.2; ///< of a map's opacity, over a picture

QRgb mixed(QRgb under, QRgb over)
{
    const auto mix = [&](int a, int b) { return a + (b - a) * qAlpha(over) / 255; };
    return qRgb(
        mix(qRed(under), qRed(over)), mix(qGreen(under), qGreen(over)), mix(qBlue(under), qBlue(over)));
}

/// One pixel for each cell of the grid, by a function of its token's value; transparent where there is none.
template <class F>
QImage cellImage(const TokenLayout& tokens, const TokenValues& values, F&& colorOf)
{
    QImage image(std::max(1, tokens.gridCols()), std::max(1, tokens.gridRows()), QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    const int columns = image.width();
    auto* pixels = reinterpret_cast<QRgb*>(image.bits());
    for (int token = 0; token < tokens.tokens(); ++token) {
        const auto index = static_cast<std::size_t>(token);
        if (!values.meets(index))
            continue;
        const QRgb color = colorOf(static_cast<double>(values.values[index]));
        for (const int cell : tokens.cells(token))
            pixels[(cell / columns) * (image.bytesPerLine() / 4) + cell % columns] = color;
    }
    return image;
}

/// The colour of a value over the picture. It covers least at zero, so that the picture stays in sight where
/// there is nothing to see, and by the map's whole opacity at the end of the scale; what is no number,
/// wholly.
QRgb veil(const TokenMap& map, double value)
{
    if (!std::isfinite(value))
        return ColorMap::missing;
    const double position = std::clamp(map.scale.position(value), 0.0, 1.0);
    const bool isSigned = map.scale.colors->kind() == ColorMap::Kind::Diverging;
    const double share = isSigned ? std::abs(2 * position - 1) : position;
    QColor color(map.scale.color(value));
    color.setAlphaF(static_cast<float>(map.opacity * (leastCover + (1 - leastCover) * std::sqrt(share))));
    return color.rgba();
}

/// The row of special tokens above the picture.
double stripHeight(const TokenMap& map, const Style& style)
{
    const bool hasSpecials = map.anchorTokens && map.anchorTokens->specialCount() > 0;
    return hasSpecials ? 1.8 * style.textSize + style.gap : 0;
}

void outlineToken(QPainter& painter, const TokenMapPlaces& places, const TokenLayout& tokens, int token,
    const Style& style, Qt::PenStyle dash)
{
    if (token < 0)
        return;
    for (const int cell : tokens.cells(token))
        paintOutline(painter, places.rectOf(tokens.cellArea(cell), tokens), style, dash);
}

void paintSpecials(QPainter& painter, const TokenMapPlaces& places, const TokenMap& map, const Style& style)
{
    int index = 0;
    for (int token = 0; token < map.anchorTokens->tokens(); ++token) {
        if (!map.anchorTokens->isSpecial(token))
            continue;
        const double side = places.specials.height();
        const QRectF square(
            places.specials.left() + index++ * places.special, places.specials.top(), side, side);
        const std::string name = map.anchorTokens->name(token);
        const int valued = map.tokens->specialNamed(name);
        const auto at = static_cast<std::size_t>(valued);
        painter.fillRect(square,
            valued >= 0 && map.values.meets(at) ? QColor(map.scale.color(map.values.values[at]))
                                                : style.grid);
        if (map.anchor == token || (valued >= 0 && map.other == valued))
            paintOutline(painter, square, style, map.anchor == token ? Qt::SolidLine : Qt::DashLine);
        painter.setPen(style.ink);
        paintText(painter, square.adjusted(side + style.gap / 2, 0, places.special - side, 0),
            Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(name), style.smallFont());
    }
}

}

void paintTokenGrid(QPainter& painter, const QRectF& picture, const TokenLayout& tokens, const Style& style)
{
    const auto x = [&](int col) { return picture.left() + picture.width() * col / tokens.gridCols(); };
    const auto y = [&](int row) { return picture.top() + picture.height() * row / tokens.gridRows(); };
    painter.setPen(QPen(QColor(255, 255, 255, 70), style.axisWidth * 0.75, Qt::SolidLine, Qt::FlatCap));
    // Edge by edge: Qt paints longer lines with several threads, and waits for them at each line.
    for (int row = 0; row < tokens.gridRows(); ++row)
        for (int col = 0; col < tokens.gridCols(); ++col) {
            if (col > 0)
                painter.drawLine(QPointF(x(col), y(row)), QPointF(x(col), y(row + 1)));
            if (row > 0)
                painter.drawLine(QPointF(x(col), y(row)), QPointF(x(col + 1), y(row)));
        }
}

QImage veiledPicture(const TokenMap& map)
{
    const QImage cells = cellImage(*map.tokens, map.values, [&](double value) { return veil(map, value); });
    QImage image = map.picture.convertToFormat(QImage::Format_RGB32);
    std::vector<int> column(static_cast<std::size_t>(image.width()));
    for (int x = 0; x < image.width(); ++x)
        column[static_cast<std::size_t>(x)] = x * cells.width() / image.width();
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const auto* over
            = reinterpret_cast<const QRgb*>(cells.constScanLine(y * cells.height() / image.height()));
        for (int x = 0; x < image.width(); ++x)
            line[x] = mixed(line[x], over[column[static_cast<std::size_t>(x)]]);
    }
    return image;
}

ValueRange TokenValues::range() const
{
    ValueRange range;
    for (std::size_t token = 0; token < values.size(); ++token)
        if (meets(token))
            range.include(static_cast<double>(values[token]));
    return range;
}

QImage gridImage(const TokenLayout& tokens, const TokenValues& values, const ValueScale& scale)
{
    return cellImage(tokens, values, [&](double value) { return scale.color(value); });
}

QSize TokenCells::size() const
{
    const int specials = tokens->specialCount();
    return {std::max(tokens->gridCols(), specials), tokens->gridRows() + (specials > 0 ? 1 : 0)};
}

int TokenCells::tokenAt(QPoint cell) const
{
    const int above = tokens->specialCount() > 0 ? 1 : 0;
    if (cell.y() < above) {
        int index = cell.x();
        for (int token = 0; token < tokens->tokens(); ++token)
            if (tokens->isSpecial(token) && index-- == 0)
                return token;
        return -1;
    }
    return cell.x() < tokens->gridCols()
        ? tokens->tokenAt(tokens->cellArea((cell.y() - above) * tokens->gridCols() + cell.x()).centre())
        : -1;
}

QPoint TokenCells::cellOf(int token) const
{
    if (token < 0)
        return CellTable::none;
    if (tokens->isSpecial(token)) {
        int index = 0;
        for (int before = 0; before < token; ++before)
            index += tokens->isSpecial(before) ? 1 : 0;
        return {index, 0};
    }
    const int cell = tokens->cells(token).front();
    return {cell % tokens->gridCols(), cell / tokens->gridCols() + (tokens->specialCount() > 0 ? 1 : 0)};
}

QImage pictureImage(const Tensor& picture)
{
    if (!picture.defined() || picture.rank() != 3)
        return {};
    const auto values = picture.values<std::uint8_t>();
    const int width = static_cast<int>(picture.dim(1));
    return QImage(values.data(), width, static_cast<int>(picture.dim(0)), 3 * width, QImage::Format_RGB888)
        .convertToFormat(QImage::Format_RGB32);
}

TokenMapPlaces TokenMapPlaces::within(const QRectF& rect, const TokenMap& map, const Style& style)
{
    TokenMapPlaces places;
    const double strip = stripHeight(map, style);
    const QRectF below = rect.adjusted(0, strip, 0, 0);
    places.barRoom = ColorBarRoom::in(below, map.scale, style);
    const QRectF room = places.barRoom.rest(below);
    const Area extent = map.tokens->extent();
    const double scale
        = std::max(0.0, std::min(room.width() / extent.width, room.height() / std::max(extent.height, 1e-9)));
    const QSizeF size(extent.width * scale, extent.height * scale);
    places.picture = QRectF(QPointF(room.left() + (room.width() - size.width()) / 2,
                                room.top() + (room.height() - size.height()) / 2),
        size);
    places.all = rect;
    if (places.barRoom.isBelow)
        places.all.setBottom(places.picture.bottom() + places.barRoom.space + places.barRoom.extent);
    places.specials
        = QRectF(places.picture.left(), places.picture.top() - strip, size.width(), strip - style.gap);
    if (strip > 0)
        places.special = std::min(size.width() / map.anchorTokens->specialCount(), 7 * style.textSize);
    return places;
}

double TokenMapPlaces::heightFor(double width, const TokenMap& map, const Style& style)
{
    const QRectF trial(0, 0, width, width);
    const QSizeF rest = ColorBarRoom::in(trial, map.scale, style).rest(trial).size();
    const Area extent = map.tokens->extent();
    const double aspect = std::clamp(extent.height / std::max(extent.width, 1e-9), 0.1, 1.5);
    return stripHeight(map, style) + aspect * rest.width() + width - rest.height();
}

QRectF TokenMapPlaces::rectOf(const Area& area, const TokenLayout& tokens) const
{
    const Area extent = tokens.extent();
    const double sx = picture.width() / extent.width, sy = picture.height() / extent.height;
    return {picture.left() + (area.x - extent.x) * sx, picture.top() + (area.y - extent.y) * sy,
        area.width * sx, area.height * sy};
}

int TokenMapPlaces::tokenAt(QPointF point, const TokenLayout& tokens) const
{
    const Area extent = tokens.extent();
    if (picture.contains(point))
        return tokens.tokenAt({extent.x + (point.x() - picture.left()) / picture.width() * extent.width,
            extent.y + (point.y() - picture.top()) / picture.height() * extent.height});
    if (special <= 0 || !specials.contains(point))
        return -1;
    int index = static_cast<int>((point.x() - specials.left()) / special);
    for (int token = 0; token < tokens.tokens(); ++token)
        if (tokens.isSpecial(token) && index-- == 0)
            return token;
    return -1;
}

QPointF TokenMapPlaces::pointOf(const TokenLayout& tokens, int token) const
{
    if (!tokens.isSpecial(token))
        return rectOf(tokens.cellArea(tokens.cells(token).front()), tokens).center();
    int index = 0;
    for (int other = 0; other < token; ++other)
        index += tokens.isSpecial(other) ? 1 : 0;
    return {specials.left() + (index + 0.5) * special, specials.center().y()};
}

QRectF TokenMapPlaces::rectOf(QPoint cell, const TokenMap& map) const
{
    const TokenLayout& tokens = *map.tokens;
    const int above = tokens.specialCount() > 0 ? 1 : 0;
    if (cell.y() >= above)
        return rectOf(tokens.cellArea((cell.y() - above) * tokens.gridCols() + cell.x()), tokens);
    const int token = TokenCells{&tokens}.tokenAt(cell);
    const int shown = token < 0 ? -1 : map.anchorTokens->specialNamed(tokens.name(token));
    if (shown < 0)
        return {};
    const double side = specials.height();
    return {pointOf(*map.anchorTokens, shown) - QPointF(special / 2, side / 2), QSizeF(side, side)};
}

QPoint TokenMapPlaces::cellAt(QPointF point, const TokenMap& map) const
{
    const TokenLayout& tokens = *map.tokens;
    const int above = tokens.specialCount() > 0 ? 1 : 0;
    if (picture.contains(point)) {
        const QPoint cell = CellLattice{picture, {tokens.gridCols(), tokens.gridRows()}}.at(point);
        return cell + QPoint(0, above);
    }
    const int shown = tokenAt(point, *map.anchorTokens);
    return shown < 0 ? CellTable::none
                     : TokenCells{&tokens}.cellOf(tokens.specialNamed(map.anchorTokens->name(shown)));
}

void paintTokenMap(QPainter& painter, const QRectF& rect, const TokenMap& map, const Style& style)
{
    const TokenMapPlaces places = TokenMapPlaces::within(rect, map, style);
    paintMap(painter, places.picture,
        map.picture.isNull() ? gridImage(*map.tokens, map.values, map.scale) : veiledPicture(map), style);
    painter.save();
    if (map.grid)
        paintTokenGrid(painter, places.picture, *map.tokens, style);
    if (places.special > 0)
        paintSpecials(painter, places, map, style);
    outlineToken(painter, places, *map.tokens, map.other, style, Qt::DashLine);
    if (map.anchorTokens)
        outlineToken(painter, places, *map.anchorTokens, map.anchor, style, Qt::SolidLine);
    painter.restore();
    places.barRoom.paint(painter, places.picture, places.all, map.scale, style);
}

}
