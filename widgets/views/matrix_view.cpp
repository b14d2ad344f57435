// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/matrix_view.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace fovea {

MatrixView::MatrixView(Session& session, QWidget* parent)
    : View(QStringLiteral("matrix"), tr("Attention matrix"), session, parent)
{
}

double MatrixView::heightFor(double width, const Style& style) const { return width - 2 * style.textSize; }

const MatrixView::Made& MatrixView::made() const
{
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    if (made_.layer == s.layer && made_.head == s.head && made_.group == s.group
        && made_.reading == static_cast<int>(s.reading))
        return made_;
    made_ = Made();
    made_.layer = s.layer;
    made_.head = s.head;
    made_.group = s.group;
    made_.reading = static_cast<int>(s.reading);
    made_.map = patterns.map({s.layer, s.head, s.reading}, s.group);
    ValueRange own;
    own.include(made_.map);
    made_.scale = sequentialScale(session().display(), tr("attention"), {own, patterns.range(s.layer), own});
    made_.image = mapImage(made_.map, made_.scale);
    const Index queries = made_.map.dim(0), keys = made_.map.dim(1);
    made_.received.resize(static_cast<std::size_t>(keys));
    made_.entropy.resize(static_cast<std::size_t>(queries));
    const float* value = made_.map.data();
    for (auto& entropy : made_.entropy) {
        double sum = 0;
        for (auto& received : made_.received) {
            const double p = static_cast<double>(*value++);
            received += p / static_cast<double>(queries);
            sum -= p > 0 ? p * std::log(p) : 0;
        }
        entropy = keys > 1 ? sum / std::log(static_cast<double>(keys)) : 0;
    }
    for (const double received : made_.received)
        made_.mostReceived = std::max(made_.mostReceived, received);
    return made_;
}

MatrixView::Places MatrixView::places(const QRectF& body, const Style& style) const
{
    const Made& now = made();
    const double margin = 3.2 * style.textSize, label = 1.6 * style.smallTextSize;
    const double bar = colorBarWidth(now.scale, body.height(), style) + 2 * style.gap;
    const QRectF room
        = body.adjusted(label, margin + style.gap, -(margin + 2 * style.gap + bar), -label);
    const double aspect = static_cast<double>(now.map.dim(0)) / static_cast<double>(now.map.dim(1));
    double width = std::max(1.0, std::min(room.width(), room.height() / aspect));
    double height = width * aspect;
    if (aspect > 4 || aspect < 0.25) { // very long: the shape gives way
        width = room.width();
        height = room.height();
    }
    Places at;
    at.map = QRectF(room.topLeft(), QSizeF(width, height));
    at.top = QRectF(at.map.left(), body.top(), at.map.width(), margin);
    at.right = QRectF(at.map.right() + style.gap, at.map.top(), margin, at.map.height());
    at.bar = QRectF(at.right.right() + 2 * style.gap, at.map.top(), bar, at.map.height());
    return at;
}

void MatrixView::drawMargins(QPainter& painter, const Places& at, const Style& style) const
{
    const Made& now = made();
    QPainterPath top, right;
    const double w = at.map.width() / static_cast<double>(now.received.size());
    const double h = at.map.height() / static_cast<double>(now.entropy.size());
    for (std::size_t i = 0; i < now.received.size(); ++i) {
        const double share = now.mostReceived > 0 ? now.received[i] / now.mostReceived : 0;
        top.addRect(at.top.left() + static_cast<double>(i) * w, at.top.bottom() - share * at.top.height(), w,
            share * at.top.height());
    }
    for (std::size_t i = 0; i < now.entropy.size(); ++i)
        right.addRect(at.right.left(), at.right.top() + static_cast<double>(i) * h,
            std::clamp(now.entropy[i], 0.0, 1.0) * at.right.width(), h);
    top.setFillRule(Qt::WindingFill);
    right.setFillRule(Qt::WindingFill);
    painter.fillPath(top, style.faint);
    painter.fillPath(right, style.faint);
    painter.setPen(QPen(style.grid, style.axisWidth));
    painter.drawLine(at.top.bottomLeft(), at.top.bottomRight());
    painter.drawLine(at.right.topLeft(), at.right.bottomLeft());
    painter.drawLine(at.right.topRight(), at.right.bottomRight());
    painter.setPen(style.ink);
    const QFont font = style.smallFont();
    const QRectF corner(at.right.left(), at.top.top(), at.right.width() + at.bar.width() + 2 * style.gap,
        1.4 * style.smallTextSize);
    paintText(painter, corner, Qt::AlignLeft | Qt::AlignVCenter,
        tr("← received, max %1").arg(numberText(now.mostReceived, 2)), font);
    paintText(painter, QRectF(at.right.left(), at.map.bottom(), at.right.width() + at.bar.width(), 1.5 * style.smallTextSize),
        Qt::AlignLeft | Qt::AlignVCenter, tr("entropy 0–1"), font);
}

void MatrixView::drawCross(QPainter& painter, const Places& at, const Style& style) const
{
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    const Record& record = *patterns.layer(s.layer);
    const CellReading cell = readCell(patterns, s);
    const Shape shape = shapeOf(record);
    const TokenPosition query = findQuery(record, cell.queryToken);
    const int key = cell.keyToken < 0 ? -1 : findKey(record, s.group, cell.keyToken);
    const double w = at.map.width() / static_cast<double>(shape[3]), h = at.map.height() / static_cast<double>(shape[2]);
    painter.setBrush(Qt::NoBrush);
    const bool row = s.direction == Direction::QueryRow;
    const auto frame = [&](const QRectF& rect, bool strong) {
        painter.setPen(QPen(Qt::white, 2 * style.lineWidth));
        painter.drawRect(rect);
        painter.setPen(QPen(strong ? style.accent : QColor(Qt::black), style.lineWidth,
            strong ? Qt::SolidLine : Qt::DashLine));
        painter.drawRect(rect);
    };
    if (key >= 0)
        frame({at.map.left() + key * w, at.map.top(), w, at.map.height()}, !row);
    if (query.group == s.group)
        frame({at.map.left(), at.map.top() + query.position * h, at.map.width(), h}, row);
}

void MatrixView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Places at = places(body, style);
    paintMap(painter, at.map, made().image, style);
    drawMargins(painter, at, style);
    painter.save();
    painter.setClipRect(at.map.adjusted(-1, -1, 1, 1));
    drawCross(painter, at, style);
    painter.restore();
    painter.setPen(style.ink);
    paintTextUpwards(painter, QRectF(body.left(), at.map.top(), 1.5 * style.smallTextSize, at.map.height()),
        Qt::AlignCenter, tr("query"), style.smallFont());
    paintText(painter, QRectF(at.map.left(), at.map.bottom(), at.map.width(), 1.5 * style.smallTextSize),
        Qt::AlignCenter, tr("key"), style.smallFont());
    paintColorBar(painter, at.bar, made().scale, style);
}

QString MatrixView::caption() const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    if (patterns.empty())
        return {};
    const auto groups = shapeOf(*patterns.layer(s.layer))[0];
    const QString name = mapName(patterns, s);
    return groups > 1 ? tr("%1 · window %2 of %3").arg(name).arg(s.group + 1).arg(groups) : name;
}

QStringList MatrixView::badges() const
{
    return attentionBadges(session().display()) + QStringList {scaleBadge(session().display().scale)};
}

std::vector<Record> MatrixView::data() const
{
    if (!missing().isEmpty())
        return {};
    const Made& now = made();
    const std::string path = session().patterns().layer(now.layer)->path();
    const auto vector = [&](const std::vector<double>& values) {
        return Tensor::of<double>({static_cast<Index>(values.size())}, values);
    };
    return {namedRecord(path, Kind::Matrix, now.map, "attention"),
        namedRecord(path + ".received", Kind::Vector, vector(now.received), "mean attention received"),
        namedRecord(path + ".entropy", Kind::Vector, vector(now.entropy), "entropy over log of the keys")};
}

std::optional<Cell> MatrixView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return std::nullopt;
    const Places at = places(body(), screenStyle());
    if (!at.map.contains(point))
        return std::nullopt;
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    const Record& record = *patterns.layer(s.layer);
    const auto index = [](double share, Index n) {
        return std::clamp(static_cast<int>(share * static_cast<double>(n)), 0, static_cast<int>(n) - 1);
    };
    const int query = queryToken(record, s.group, index((point.y() - at.map.top()) / at.map.height(), made().map.dim(0)));
    const int key = keyToken(record, s.group, index((point.x() - at.map.left()) / at.map.width(), made().map.dim(1)));
    if (query < 0 || key < 0)
        return std::nullopt;
    return Cell {spotOf(patterns.queries(s.layer), query), spotOf(patterns.keys(s.layer), key)};
}

void MatrixView::mouseMoveEvent(QMouseEvent* event)
{
    Selection selection = session().selection();
    selection.hover = cellAt(event->position()).value_or(Cell());
    session().setSelection(selection);
}

void MatrixView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return View::mousePressEvent(event);
    Selection selection = session().selection();
    const Cell cell = cellAt(event->position()).value_or(Cell());
    selection.pin = selection.pin == cell ? Cell() : cell;
    session().setSelection(selection);
}

std::vector<EditTarget> MatrixView::targetsAt(QPointF) const
{
    const Selection& s = session().selection();
    std::vector<EditTarget> targets;
    if (session().patterns().empty())
        return targets;
    for (const auto& target : {headTarget(session(), s.layer, s.head), blockTarget(session(), s.layer)})
        if (target)
            targets.push_back(*target);
    return targets;
}

}
