// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_view.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"
#include "widgets/views/token_map.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace fovea {

namespace {

ValueScale inMode(ValueScale scale, const ValueRange& range)
{
    ValueRange all = range;
    if (!scale.logarithmic)
        all.include(0);
    scale.fit(all);
    return scale;
}

/// From corner to corner, to be seen on light and dark.
void paintCross(QPainter& painter, const QRectF& cell, const Style& style)
{
    const double in = 0.12 * cell.width();
    const QRectF box = cell.adjusted(in, in, -in, -in);
    for (const auto& [color, width] :
        {std::pair(QColor(Qt::white), 2.4), std::pair(QColor(Qt::black), 1.0)}) {
        painter.setPen(QPen(color, width * style.lineWidth, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(box.topLeft(), box.bottomRight());
        painter.drawLine(box.topRight(), box.bottomLeft());
    }
}

}

HeadGridView::HeadGridView(Session& session, QWidget* parent)
    : View(QStringLiteral("head-grid"), tr("All heads"), session, parent)
{
    connect(&session, &Session::brushChanged, this, [this] { update(); });
}

double HeadGridView::aspect() const
{
    const Area extent = session().patterns().far(0, session().selection().direction).extent();
    if (session().display().wholeMatrices || extent.width <= 0 || extent.height <= 0)
        return 1;
    return std::clamp(extent.height / extent.width, 0.2, 5.0);
}

double HeadGridView::heightFor(double width, const Style& style) const
{
    const Patterns& patterns = session().patterns();
    if (patterns.empty())
        return width;
    const auto [few, many]
        = std::minmax({patterns.layers(), patterns.mostHeads()}); // the longer side lies across
    const double room = width - 9 * style.textSize;
    const double least = 12 * style.textSize; // of the colour bar with its label
    return std::max(least, room * aspect() * few / std::max(1, many)) + 7 * style.textSize;
}

QRectF HeadGridView::Places::of(int layer, int head) const
{
    const int column = across ? layer : head, row = across ? head : layer;
    return {cells.left() + column * step.width(), cells.top() + row * step.height(), step.width() - gap,
        step.height() - gap};
}

std::pair<int, int> HeadGridView::Places::at(QPointF point) const
{
    const int column = static_cast<int>(std::floor((point.x() - cells.left()) / step.width()));
    const int row = static_cast<int>(std::floor((point.y() - cells.top()) / step.height()));
    return across ? std::pair(column, row) : std::pair(row, column);
}

HeadGridView::Places HeadGridView::places(
    const QRectF& body, const ValueScale& widest, const Style& style) const
{
    const Patterns& patterns = session().patterns();
    const double label = textWidth(QStringLiteral("max"), style.smallFont(), style.unitsPerInch) + style.gap;
    const double maximum = session().display().scale == ScaleMode::Layer
        ? textWidth(QStringLiteral("0.0000"), style.smallFont(), style.unitsPerInch) + style.gap
        : 0;
    const double bar = colorBarWidth(widest, body.height(), style) + style.gap;
    const double line = 1.6 * style.smallTextSize;
    const auto fit = [&](bool across) {
        Places places;
        places.across = across;
        const QRectF room
            = body.adjusted(label, line, -(bar + (across ? 0 : maximum)), across && maximum > 0 ? -line : 0);
        const int rows = across ? patterns.mostHeads() : patterns.layers();
        const int columns = across ? patterns.layers() : patterns.mostHeads();
        const double width = std::max(1.0, std::min(room.width() / columns, room.height() / rows / aspect()));
        places.step = {width, width * aspect()};
        places.gap = std::min(style.gap / 2, width * 0.12);
        places.cells = QRectF(room.topLeft(), QSizeF(columns * width, rows * width * aspect()));
        places.bar = QRectF(places.cells.right() + (across ? 0 : maximum) + style.gap, places.cells.top(),
            bar, std::max(places.cells.height() - places.gap, 12 * style.textSize));
        return places;
    };
    const Places down = fit(false), across = fit(true);
    return across.step.width() > 1.15 * down.step.width() ? across : down;
}

std::vector<std::vector<std::vector<float>>> HeadGridView::lines() const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    std::vector<std::vector<std::vector<float>>> all(static_cast<std::size_t>(patterns.layers()));
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const int token = patterns.anchorToken(layer, s);
        for (int head = 0; head < patterns.heads(layer); ++head)
            all[static_cast<std::size_t>(layer)].push_back(patterns.line({layer, head}, s.direction, token));
    }
    return all;
}

std::vector<ValueScale> HeadGridView::scales(const std::vector<std::vector<std::vector<float>>>& lines) const
{
    const Patterns& patterns = session().patterns();
    std::vector<ValueRange> layers;
    ValueRange all;
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        ValueRange range;
        if (session().display().wholeMatrices)
            range = patterns.range(layer);
        else
            for (const auto& line : lines[static_cast<std::size_t>(layer)])
                for (const float value : line)
                    range.include(static_cast<double>(value));
        layers.push_back(range);
        all.include(range.min);
        all.include(range.max);
        all.minPositive = std::min(all.minPositive, range.minPositive);
    }
    std::vector<ValueScale> scales;
    for (const ValueRange& range : layers)
        scales.push_back(sequentialScale(session().display(), tr("attention"), {range, range, all}));
    return scales;
}

const QImage& HeadGridView::matrix(int layer, int head, const ValueScale& scale) const
{
    const Patterns& patterns = session().patterns();
    if (matrices_.empty())
        matrices_.resize(static_cast<std::size_t>(patterns.layers() * patterns.mostHeads()));
    QImage& image = matrices_[static_cast<std::size_t>(layer * patterns.mostHeads() + head)];
    if (image.isNull()) {
        const int group
            = std::min(session().selection().group, static_cast<int>(shapeOf(*patterns.layer(layer))[0]) - 1);
        image = mapImage(patterns.map({layer, head}, group), scale);
    }
    return image;
}

QImage HeadGridView::thumbnail(
    int layer, int head, const std::vector<float>& line, const ValueScale& scale) const
{
    ValueScale own = scale;
    if (scale.mode == ScaleMode::Map)
        own = inMode(
            scale, session().display().wholeMatrices ? session().patterns().range(layer) : rangeOf(line));
    if (session().display().wholeMatrices)
        return matrix(layer, head, own);
    return gridImage(session().patterns().far(layer, session().selection().direction), line, own);
}

bool HeadGridView::isDimmed(int layer, int head) const
{
    const auto& brushed = session().brushed();
    return !brushed.empty() && std::ranges::find(brushed, std::pair(layer, head)) == brushed.end();
}

void HeadGridView::drawLabels(QPainter& painter, const Places& at, const std::vector<ValueScale>& scales,
    const QRectF& body, const Style& style) const
{
    const Patterns& patterns = session().patterns();
    const double line = 1.5 * style.smallTextSize;
    const QFont font = style.smallFont();
    const auto above = [&](const QRectF& cell, const QString& text) {
        if (at.step.width() > 2.2 * style.smallTextSize)
            paintText(painter, {cell.left(), body.top(), at.step.width(), line},
                Qt::AlignLeft | Qt::AlignVCenter, text, font);
    };
    const auto beside = [&](const QRectF& cell, const QString& text) {
        paintText(painter, {body.left(), cell.top(), cell.left() - body.left() - style.gap, cell.height()},
            Qt::AlignRight | Qt::AlignVCenter, text, font);
    };
    painter.setPen(style.faint);
    if (session().display().scale == ScaleMode::Layer)
        paintText(painter,
            at.across
                ? QRectF(body.left(), at.cells.bottom(), at.cells.left() - body.left() - style.gap, line)
                : QRectF(
                    at.cells.right() + style.gap / 2, body.top(), at.bar.left() - at.cells.right(), line),
            (at.across ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, tr("max"), font);
    for (int head = 0; head < patterns.mostHeads(); ++head)
        at.across ? beside(at.of(0, head), QStringLiteral("H%1").arg(head))
                  : above(at.of(0, head), QStringLiteral("H%1").arg(head));
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const QRectF cell = at.of(layer, 0);
        const QString maximum = readingText(scales[static_cast<std::size_t>(layer)].max, 2);
        painter.setPen(layer == session().selection().layer ? style.ink : style.faint);
        at.across ? above(cell, QStringLiteral("L%1").arg(layer))
                  : beside(cell, QStringLiteral("L%1").arg(layer));
        if (session().display().scale != ScaleMode::Layer)
            continue;
        const QRectF place = at.across ? QRectF(cell.left(), at.cells.bottom(), at.step.width(), line)
                                       : QRectF(at.cells.right() + style.gap / 2, cell.top(),
                                           at.bar.left() - at.cells.right(), cell.height());
        paintText(painter, place, Qt::AlignLeft | Qt::AlignVCenter, maximum, font);
    }
}

void HeadGridView::markEdited(QPainter& painter, const Places& at, const Style& style) const
{
    const auto& edits = session().slot().edits;
    const auto isEdited = [&](const std::optional<EditTarget>& target) {
        return target
            && std::ranges::any_of(edits, [&](const Edit& edit) { return edit.path == target->path; });
    };
    for (int layer = 0; !edits.empty() && layer < session().patterns().layers(); ++layer)
        for (int head = 0; head < session().patterns().heads(layer); ++head)
            if (isEdited(headTarget(session(), layer, head)) || isEdited(blockTarget(session(), layer)))
                paintCross(painter, at.of(layer, head), style);
}

void HeadGridView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    const auto all = lines();
    const auto scale = scales(all);
    const Places at = places(body, scale.front(), style);
    drawLabels(painter, at, scale, body, style);
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const auto index = static_cast<std::size_t>(layer);
        for (int head = 0; head < patterns.heads(layer); ++head) {
            const QRectF cell = at.of(layer, head);
            painter.fillRect(cell, style.grid);
            paintMap(painter, cell,
                thumbnail(layer, head, all[index][static_cast<std::size_t>(head)], scale[index]), style);
            if (isDimmed(layer, head)) {
                QColor veil = style.ground;
                veil.setAlphaF(0.8F);
                painter.fillRect(cell, veil);
            }
        }
    }
    markEdited(painter, at, style);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    for (int head = 0; head < patterns.heads(s.layer); ++head)
        if (s.reading != HeadReading::One || head == s.head)
            painter.drawRect(at.of(s.layer, head));
    ValueScale bar = scale[static_cast<std::size_t>(s.layer)];
    if (bar.mode == ScaleMode::Layer)
        bar.quantity = tr("attention, layer %1").arg(s.layer);
    if (bar.mode == ScaleMode::Map) {
        bar.min = 0;
        bar.max = 1;
        bar.data = {};
        bar.quantity = tr("attention / maximum of its map");
    }
    paintColorBar(painter, at.bar, bar, style);
}

QString HeadGridView::caption() const
{
    if (session().patterns().empty())
        return {};
    return session().display().wholeMatrices
        ? tr("whole matrices: query down, key across")
        : tr("%1, all layers and heads").arg(anchorName(session().patterns(), session().selection()));
}

QStringList HeadGridView::badges() const
{
    QStringList all = attentionBadges(session().display());
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    if (!session().display().wholeMatrices && !patterns.empty()
        && patterns.far(s.layer, s.direction).specialCount() > 0)
        all.append(tr("patches only"));
    const ScaleMode mode = session().display().scale;
    all.append(mode == ScaleMode::Layer ? tr("colours: each layer by itself") : scaleBadge(mode));
    return all;
}

std::vector<Record> HeadGridView::data() const
{
    if (!missing().isEmpty())
        return {};
    std::vector<Record> records;
    const Patterns& patterns = session().patterns();
    for (int layer = 0; session().display().wholeMatrices && layer < patterns.layers(); ++layer)
        records.push_back(*patterns.layer(layer));
    if (!records.empty())
        return records;
    const auto all = lines();
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const auto& heads = all[static_cast<std::size_t>(layer)];
        std::vector<float> values;
        for (const auto& line : heads)
            values.insert(values.end(), line.begin(), line.end());
        const auto count = static_cast<Index>(heads.size());
        Tensor value = Tensor::of<float>(
            {count, static_cast<Index>(values.size()) / std::max<Index>(1, count)}, values);
        records.push_back(
            namedRecord(patterns.layer(layer)->path() + ".rows", Kind::Matrix, value, "attention"));
    }
    return records;
}

std::pair<int, int> HeadGridView::headAt(QPointF point) const
{
    if (!missing().isEmpty())
        return {-1, -1};
    const auto scale = scales(lines());
    const auto [layer, head] = places(body(), scale.front(), screenStyle()).at(point);
    const bool isIn = layer >= 0 && layer < session().patterns().layers() && head >= 0
        && head < session().patterns().heads(layer);
    return isIn ? std::pair(layer, head) : std::pair(-1, -1);
}

std::vector<EditTarget> HeadGridView::targetsAt(QPointF point) const
{
    std::vector<EditTarget> targets;
    const auto [layer, head] = headAt(point);
    if (layer < 0)
        return targets;
    for (const auto& target : {headTarget(session(), layer, head), blockTarget(session(), layer)})
        if (target)
            targets.push_back(*target);
    return targets;
}

void HeadGridView::mousePressEvent(QMouseEvent* event)
{
    const auto [layer, head] = headAt(event->position());
    if (event->button() != Qt::LeftButton || layer < 0)
        return View::mousePressEvent(event);
    Selection selection = session().selection();
    selection.layer = layer;
    selection.head = head;
    selection.reading = HeadReading::One;
    session().setSelection(selection);
}

QString HeadGridView::tipAt(QPointF point) const
{
    const auto [layer, head] = headAt(point);
    if (layer < 0)
        return View::tipAt(point);
    Selection there = session().selection();
    there.layer = layer;
    there.head = head;
    there.reading = HeadReading::One;
    return readOut(session().patterns(), there);
}

}
