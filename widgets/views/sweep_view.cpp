// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/sweep_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// With as many decimals as the largest value needs for two digits: all cells of a map alike.
QString cellNumber(double value, double largest)
{
    const int decimals
        = largest > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(largest))), 0, 6) : 0;
    if (!std::isfinite(value))
        return numberText(value);
    const QString text = QString::number(std::abs(value), 'f', decimals);
    const bool isZero = text.toDouble() == 0;
    return (isZero ? QString() : QString(value < 0 ? QChar(0x2212) : QLatin1Char('+'))) + text;
}

}

SweepView::SweepView(Session& session, QWidget* parent)
    : View(QStringLiteral("sweep"), tr("Head sweep"), session, parent)
    , start_(new QPushButton(tr("Sweep all heads"), this))
{
    start_->setToolTip(tr("Switch each head off, one at a time, and measure the effect"));
    connect(start_, &QPushButton::clicked, &session, &Session::startSweep);
    connect(&session, &Session::sweepChanged, this, [this] {
        refresh();
        placeButton();
    });
    connect(&session, &Session::traceChanged, this, &SweepView::placeButton);
}

void SweepView::placeButton()
{
    start_->setVisible(session().slot().weights && !session().sweep());
    start_->adjustSize();
    start_->move((width() - start_->width()) / 2, height() / 2 + 16);
}

void SweepView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeButton();
}

QString SweepView::missing() const
{
    if (session().sweep())
        return {};
    return session().slot().weights ? tr("What does the answer lose without each head?")
                                    : tr("A sweep needs a model, not only a trace.");
}

ValueScale SweepView::scale() const
{
    ValueScale scale;
    scale.quantity = tr("effect on the logit");
    scale.colors = &ColorMap::named(ColorMap::names(ColorMap::Kind::Diverging).first());
    scale.mode = ScaleMode::Shown;
    ValueRange range;
    range.include(session().sweep()->value);
    scale.fit(range);
    return scale;
}

int SweepView::numberOf(int row) const
{
    const std::vector<double>& numbers = session().sweep()->axes.front().values;
    const auto at = static_cast<std::size_t>(row);
    return at < numbers.size() ? static_cast<int>(numbers[at]) : row;
}

QString SweepView::rowName(int row) const { return layerName(numberOf(row)); }

QSize SweepView::cells() const
{
    const Tensor& values = session().sweep()->value;
    return {static_cast<int>(values.dim(1)), static_cast<int>(values.dim(0))};
}

CellLattice SweepView::lattice(const QRectF& body, const Style& style) const
{
    const double label = 2.4 * style.smallTextSize;
    const QRectF rest = ColorBarRoom::in(body, scale(), style).rest(body);
    const QRectF room = rest.adjusted(label, 0, 0, -1.6 * style.smallTextSize);
    const QSize all = cells();
    const double width = std::min(room.width() / all.width(), 2.5 * room.height() / all.height());
    return {{room.topLeft(), QSizeF(width * all.width(), room.height())}, all};
}

void SweepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor& values = session().sweep()->value;
    const CellLattice grid = lattice(body, style);
    const QRectF at = grid.area;
    const double w = grid.rectOf({0, 0}).width(), h = grid.rectOf({0, 0}).height();
    const auto cell = [&](Index layer, Index head) {
        return grid.rectOf({static_cast<int>(head), static_cast<int>(layer)});
    };
    const QFont font = style.smallFont();
    const auto numbers = values.toDoubles();
    const bool hasRoom = w > 1.2 * textWidth(QStringLiteral("−0.000"), font, style.unitsPerInch)
        && h > 1.4 * style.smallTextSize;
    const ValueScale colors = scale();
    paintMap(painter, at, mapImage(values, colors), style);
    for (Index layer = 0; layer < values.dim(0); ++layer) {
        const QRectF first = cell(layer, 0);
        painter.setPen(style.faint);
        paintText(painter, {body.left(), first.top(), first.left() - body.left() - style.gap / 2, h},
            Qt::AlignRight | Qt::AlignVCenter, layerMark(numberOf(static_cast<int>(layer))), font);
        for (Index head = 0; hasRoom && head < values.dim(1); ++head) {
            const double value = numbers[static_cast<std::size_t>(layer * values.dim(1) + head)];
            painter.setPen(readableOn(QColor(colors.color(value))));
            paintText(painter, cell(layer, head), Qt::AlignCenter, cellNumber(value, colors.max), font);
        }
    }
    painter.setPen(style.faint);
    for (Index head = 0; head < values.dim(1); ++head)
        paintText(painter, {cell(0, head).left(), at.bottom(), w, 1.6 * style.smallTextSize}, Qt::AlignCenter,
            tr("H%1").arg(head), font);
    const Selection& s = session().selection();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth));
    if (s.layer < values.dim(0) && s.head < values.dim(1))
        painter.drawRect(cell(s.layer, s.head));
    ColorBarRoom::in(body, colors, style).paint(painter, at, body, colors, style);
}

QString SweepView::caption() const
{
    if (!session().sweep())
        return {};
    const Tensor& values = session().sweep()->value;
    const Selection& s = session().selection();
    if (s.layer >= values.dim(0) || s.head >= values.dim(1))
        return {};
    const double value = values.toDoubles()[static_cast<std::size_t>(s.layer * values.dim(1) + s.head)];
    return tr("%1: %2 H%3 off changes it by %4")
        .arg(coreText(session().sweep()->info.role), layerMark(numberOf(s.layer)))
        .arg(s.head)
        .arg(signedText(value));
}

std::vector<Record> SweepView::data() const
{
    return session().sweep() ? std::vector<Record>{*session().sweep()} : std::vector<Record>();
}

QStringList SweepView::badges() const { return {scaleBadge(ScaleMode::Shown)}; }

QPoint SweepView::cellAt(QPointF point) const
{
    return missing().isEmpty() ? lattice(body(), screenStyle()).at(point) : none;
}

QPoint SweepView::current() const
{
    const QPoint cell(session().selection().head, session().selection().layer);
    return holds(cell) ? cell : none;
}

void SweepView::goTo(QPoint cell)
{
    Selection selection = session().selection();
    selection.layer = cell.y();
    selection.head = cell.x();
    selection.reading = HeadReading::One;
    session().setSelection(selection);
}

QString SweepView::cellText(QPoint cell) const
{
    const Tensor& values = session().sweep()->value;
    const double value = values.at(cell.y()).toDoubles()[static_cast<std::size_t>(cell.x())];
    return std::isfinite(value)
        ? tr("%1, head %2 off: %3").arg(rowName(cell.y())).arg(cell.x()).arg(signedText(value))
        : tr("%1, head %2: there is none").arg(rowName(cell.y())).arg(cell.x());
}

std::vector<EditTarget> SweepView::targetsAt(QPointF point) const
{
    const QPoint cell = cellAt(point);
    std::vector<EditTarget> targets;
    if (cell != none && cell.y() < session().patterns().layers())
        if (const auto target = headTarget(session(), cell.y(), cell.x()))
            targets.push_back(*target);
    return targets;
}

}
