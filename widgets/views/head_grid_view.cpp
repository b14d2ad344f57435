// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace fovea {

namespace {

/// Whether some layer has cells without a token, or tokens that the chosen one does not meet.
bool leavesCellsEmpty(const Patterns& patterns, const Selection& s)
{
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const TokenLayout& far = patterns.far(layer, s.direction);
        int covered = 0;
        for (int token = 0; token < far.tokens(); ++token)
            covered += static_cast<int>(far.cells(token).size());
        const auto isMet = patterns.reach(layer, s.direction, patterns.anchorToken(layer, s));
        if (covered < far.gridRows() * far.gridCols() || std::ranges::find(isMet, false) != isMet.end())
            return true;
    }
    return false;
}

}

HeadGridView::HeadGridView(Session& session, QWidget* parent)
    : View(QStringLiteral("head-grid"), tr("All heads"), session, parent)
{
    connect(&session, &Session::brushChanged, this, [this] { update(); });
}

HeadGridShape HeadGridView::shape() const
{
    const Patterns& patterns = session().patterns();
    const Area extent = patterns.far(0, session().selection().direction).extent();
    const bool isSquare = session().display().wholeMatrices || extent.width <= 0 || extent.height <= 0;
    HeadGridShape shape{patterns.layers(), patterns.mostHeads(),
        isSquare ? 1 : std::clamp(extent.height / extent.width, 0.2, 5.0),
        session().display().scale == ScaleMode::Layer};
    for (int layer = 0; layer < shape.layers; ++layer)
        shape.layerNames.append(layerMark(patterns.number(layer)));
    return shape;
}

double HeadGridView::heightFor(double width, const Style& style) const
{
    if (session().patterns().empty())
        return width;
    return HeadGridPlaces::heightFor(width - 2 * style.gap, shape(), content().widestBar(), style)
        + frameHeight(width, style);
}

HeadGridContent HeadGridView::content() const
{
    if (const int group = session().selection().group; std::exchange(group_, group) != group)
        matrices_.clear();
    return HeadGridContent(session(), matrices_);
}

bool HeadGridView::isDimmed(int layer, int head) const
{
    const auto& brushed = session().brushed();
    return !brushed.empty() && std::ranges::find(brushed, std::pair(layer, head)) == brushed.end();
}

bool HeadGridView::isEdited(int layer, int head) const
{
    const auto& edits = session().slot().edits;
    const auto isAimedAt = [&](const std::optional<EditTarget>& target) {
        return target
            && std::ranges::any_of(edits, [&](const Edit& edit) { return edit.path == target->path; });
    };
    return !edits.empty()
        && (isAimedAt(headTarget(session(), layer, head)) || isAimedAt(blockTarget(session(), layer)));
}

void HeadGridView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    const HeadGridContent now = content();
    const auto at = HeadGridPlaces::within(body, shape(), now.widestBar(), style);
    QStringList maxima;
    for (const ValueScale& layer : now.scales())
        maxima.append(readingText(layer.max, 2));
    at.paintLabels(painter, maxima, s.layer, style);
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        for (int head = 0; head < patterns.heads(layer); ++head) {
            const QRectF cell = at.of(layer, head);
            paintMap(painter, cell, now.thumbnail(layer, head), style);
            if (isDimmed(layer, head)) {
                QColor veil = style.ground;
                veil.setAlphaF(0.8F);
                painter.fillRect(cell, veil);
            }
            if (isEdited(layer, head))
                paintCross(painter, cell, style);
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    for (int head = 0; head < patterns.heads(s.layer); ++head)
        if (s.reading != HeadReading::One || head == s.head)
            painter.drawRect(at.of(s.layer, head));
    (at.barIsBelow ? paintLyingBar : paintColorBar)(painter, at.bar, now.bar(), style);
}

QString HeadGridView::caption() const
{
    if (session().patterns().empty())
        return {};
    return session().display().wholeMatrices
        ? tr("whole matrices: query down, key across")
        : tr("all heads · %1").arg(anchorName(session().patterns(), session().selection()));
}

QStringList HeadGridView::badges() const
{
    QStringList all = attentionBadges(session().display());
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    if (!session().display().wholeMatrices && !patterns.empty()
        && patterns.far(s.layer, s.direction).specialCount() > 0)
        all.append(tr("patches only"));
    if (!session().display().wholeMatrices && leavesCellsEmpty(patterns, s))
        all.append(tr("grey: no token, or not seen"));
    const ScaleMode mode = session().display().scale;
    all.append(mode == ScaleMode::Layer ? tr("colours: each layer by itself") : scaleBadge(mode));
    return all;
}

std::vector<Record> HeadGridView::data() const
{
    return missing().isEmpty() ? content().data() : std::vector<Record>();
}

HeadGridPlaces HeadGridView::places() const
{
    return HeadGridPlaces::within(body(), shape(), content().widestBar(), screenStyle());
}

std::pair<int, int> HeadGridView::headAt(QPointF point) const
{
    if (!missing().isEmpty())
        return {-1, -1};
    const auto [layer, head] = places().at(point);
    const bool isIn = layer >= 0 && layer < session().patterns().layers() && head >= 0
        && head < session().patterns().heads(layer);
    return isIn ? std::pair(layer, head) : std::pair(-1, -1);
}

Selection HeadGridView::at(int layer, int head) const
{
    Selection there = session().selection();
    there.layer = layer;
    there.head = head;
    there.reading = HeadReading::One;
    return there;
}

QSize HeadGridView::cells() const
{
    const HeadGridShape now = shape();
    return places().across ? QSize(now.layers, now.heads) : QSize(now.heads, now.layers);
}

QPoint HeadGridView::current() const
{
    const Selection& s = session().selection();
    return places().cellOf(s.layer, s.head);
}

void HeadGridView::goTo(QPoint cell)
{
    const auto [layer, head] = places().headOf(cell);
    session().setSelection(at(layer, head));
}

QString HeadGridView::cellText(QPoint cell) const
{
    const auto [layer, head] = places().headOf(cell);
    const QString name = tr("%1, head %2").arg(layerName(session().patterns().number(layer))).arg(head);
    if (head >= session().patterns().heads(layer))
        return tr("%1: there is none").arg(name);
    return tr("%1, %2").arg(name, spokenCell(session().patterns(), at(layer, head)));
}

QString HeadGridView::columnName(int column) const
{
    return places().across ? layerName(session().patterns().number(column)) : tr("head %1").arg(column);
}

QString HeadGridView::rowName(int row) const
{
    return places().across ? tr("head %1").arg(row) : layerName(session().patterns().number(row));
}

QRectF HeadGridView::cellRect(QPoint cell) const
{
    const HeadGridPlaces now = places();
    const auto [layer, head] = now.headOf(cell);
    return now.of(layer, head);
}

QPoint HeadGridView::cellAt(QPointF point) const
{
    const auto [layer, head] = headAt(point);
    return layer < 0 ? none : places().cellOf(layer, head);
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
    session().setSelection(at(layer, head));
}

QString HeadGridView::tipAt(QPointF point)
{
    const auto [layer, head] = headAt(point);
    return layer < 0 ? View::tipAt(point) : readOut(session().patterns(), at(layer, head));
}

}
