// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/theory/theory_meter_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double meterPitch = 1.7, headPitch = 1.6; // in text sizes
constexpr double mostDecades = 1.5; // that a dot lies off its bound
constexpr std::size_t greenOfCurves = 1; // of curve_colors.h

QColor verdictColor(bool holds, const Style& style)
{
    return holds ? curveColor(greenOfCurves, style.ground) : style.accent;
}

}

TheoryMeterView::TheoryMeterView(Session& session, QWidget* parent)
    : View(QStringLiteral("theory-meter"), tr("How exact theory is"), session, parent)
    , watch_(new TheoryWatch(session, false, this))
{
    connect(watch_, &TheoryWatch::changed, this, &TheoryMeterView::refresh);
    connect(&session.player(), &Player::runsChanged, this, &TheoryMeterView::refresh);
}

QString TheoryMeterView::missing() const
{
    if (!conditions().empty())
        return {};
    if (!watch_->problem().isEmpty())
        return watch_->problem();
    if (watch_->isRunning())
        return tr("Theory is being computed.");
    return session().slot().lab ? tr("No theory is known for this lab.")
                                : tr("What theory supposes is held against a run here, once a lab runs that "
                                     "has a theory.");
}

std::vector<RecordPtr> TheoryMeterView::errors() const
{
    std::vector<RecordPtr> all;
    const TracePtr& trace = session().slot().trace();
    const std::size_t at = session().selection().step;
    if (trace && at < trace->steps.size())
        for (const RecordPtr& record : trace->steps[at]->all())
            if (record->kind() == Kind::Scalar
                && (record->path() == "law_error" || record->path().ends_with(".law_error")))
                all.push_back(record);
    return all;
}

QStringList TheoryMeterView::headLines() const
{
    QStringList lines;
    const auto held = std::ranges::count_if(conditions(), &analysis::TheoryCondition::holds);
    lines.append(tr("%1 of %2 conditions of the theorems hold").arg(held).arg(conditions().size()));
    const TracePtr& trace = session().slot().trace();
    for (const RecordPtr& record : errors())
        lines.append(tr("%1 at step %2: %3")
                         .arg(coreText(record->info.role))
                         .arg(trace->steps[session().selection().step]->step())
                         .arg(numberText(record->value.toDoubles().front(), 3)));
    if (const Index step = watch_->changedAt(); step >= 0)
        lines.append(tr("this run changed its config at step %1; theory is of one config").arg(step));
    return lines;
}

QString TheoryMeterView::textOf(const analysis::TheoryCondition& condition, int column) const
{
    switch (column) {
    case Verdict:
        return condition.holds ? tr("✓ holds") : tr("✗ fails");
    case Name:
        return coreText(condition.name);
    case Value:
        return std::isfinite(condition.value) ? numberText(condition.value, 4) : QStringLiteral("–");
    default:
        return std::isfinite(condition.bound) ? numberText(condition.bound, 4) : QStringLiteral("–");
    }
}

TheoryMeterView::Places TheoryMeterView::placesIn(const QRectF& body, const Style& style) const
{
    Places places;
    const double head = headPitch * style.textSize * static_cast<double>(headLines().size()) + style.gap;
    places.head = QRectF(body.left(), body.top(), body.width(), head);
    places.table = body.adjusted(0, head, 0, 0);
    const auto rows = static_cast<double>(conditions().size()) + 1; // and the names of the columns
    places.pitch = std::min(meterPitch * style.textSize, places.table.height() / rows);
    double left = body.left();
    for (int column = 0; column < ColumnCount; ++column) {
        double width = textWidth(columnName(column), style.smallFont(), style.unitsPerInch);
        for (const analysis::TheoryCondition& condition : conditions())
            width
                = std::max(width, textWidth(textOf(condition, column), style.textFont(), style.unitsPerInch));
        places.left[column] = left;
        left += width + 2.5 * style.gap;
    }
    places.left[ColumnCount] = left;
    places.right = std::min(body.right(), left + 14 * style.textSize);
    return places;
}

/// The bound in the middle; a decade to each side and a half.
void TheoryMeterView::drawDot(QPainter& painter, const analysis::TheoryCondition& condition,
    const QRectF& room, const Style& style) const
{
    if (!(condition.value > 0) || !(condition.bound > 0) || room.width() < 4 * style.textSize)
        return;
    const double middle = room.center().x(), y = room.center().y(), half = room.width() / 2 - style.gap;
    const double decades
        = std::clamp(std::log10(condition.value / condition.bound), -mostDecades, mostDecades);
    painter.setPen(QPen(style.grid, 2 * style.axisWidth));
    painter.drawLine(QPointF(middle - half, y), QPointF(middle + half, y));
    painter.setPen(QPen(style.ink, style.axisWidth));
    painter.drawLine(QPointF(middle, y - 0.5 * style.textSize), QPointF(middle, y + 0.5 * style.textSize));
    painter.setPen(Qt::NoPen);
    painter.setBrush(verdictColor(condition.holds, style));
    painter.drawEllipse(
        QPointF(middle + half * decades / mostDecades, y), 0.32 * style.textSize, 0.32 * style.textSize);
}

void TheoryMeterView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    const Places places = placesIn(body, style);
    QRectF line(body.left(), body.top(), body.width(), headPitch * style.textSize);
    painter.setPen(style.ink);
    for (const QString& text : headLines()) {
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, text, style.textFont());
        line.translate(0, line.height());
    }
    const auto room = [&](int row, int column) {
        const double right = column < ColumnCount ? places.left[column + 1] : places.right;
        return QRectF(places.left[column], places.table.top() + row * places.pitch,
            std::min(right, body.right()) - places.left[column], places.pitch);
    };
    painter.setPen(style.faint);
    for (int column = 0; column < ColumnCount; ++column)
        paintText(painter, room(0, column), Qt::AlignLeft | Qt::AlignVCenter, columnName(column),
            style.smallFont());
    for (int row = 1; row <= static_cast<int>(conditions().size()); ++row) {
        const analysis::TheoryCondition& condition = conditions()[static_cast<std::size_t>(row) - 1];
        for (int column = 0; column < ColumnCount; ++column) {
            painter.setPen(column == Verdict ? verdictColor(condition.holds, style) : style.ink);
            paintText(painter, room(row, column), Qt::AlignLeft | Qt::AlignVCenter, textOf(condition, column),
                style.textFont());
        }
        drawDot(painter, condition, room(row, ColumnCount), style);
    }
}

double TheoryMeterView::heightFor(double width, const Style& style) const
{
    return headPitch * style.textSize * static_cast<double>(headLines().size()) + style.gap
        + meterPitch * style.textSize * static_cast<double>(conditions().size() + 1)
        + frameHeight(width, style);
}

QString TheoryMeterView::caption() const
{
    const Player& player = session().player();
    QStringList parts;
    if (session().slot().lab && player.shown() >= 0)
        parts.append(tr("run %1").arg(player.nameOf(player.shown())));
    for (const analysis::PhaseMark& mark : watch_->marks())
        parts.append(markText(mark));
    return parts.join(QStringLiteral(" · "));
}

std::vector<Record> TheoryMeterView::data() const
{
    std::vector<Record> all;
    if (!missing().isEmpty())
        return all;
    const auto count = static_cast<Index>(conditions().size());
    Tensor values({count, 3}, DType::F64);
    QStringList names;
    auto out = values.writable<double>();
    for (const analysis::TheoryCondition& condition : conditions()) {
        names.append(coreText(condition.name));
        std::ranges::copy(
            std::array{condition.holds ? 1.0 : 0.0, condition.value, condition.bound}, out.begin());
        out = out.subspan(3);
    }
    Record record = namedRecord("theory.conditions", Kind::Points, values, "what the theorems suppose");
    record.info.fields = {"holds", "value", "bound"};
    record.axes = defaultAxes(record.info, record.value.shape());
    nameAxis(record, 0, "condition", names);
    all.push_back(std::move(record));
    for (const RecordPtr& error : errors())
        all.push_back(*error);
    return all;
}

QSize TheoryMeterView::cells() const { return {ColumnCount, static_cast<int>(conditions().size())}; }

void TheoryMeterView::goTo(QPoint cell)
{
    cursor_ = cell;
    update();
    announce();
}

QString TheoryMeterView::cellText(QPoint cell) const
{
    if (!holds(cell))
        return {};
    const analysis::TheoryCondition& condition = conditions()[static_cast<std::size_t>(cell.y())];
    QString text = (condition.holds ? tr("%1: holds") : tr("%1: fails")).arg(coreText(condition.name));
    if (std::isfinite(condition.value))
        text += tr(", %1 against %2").arg(textOf(condition, Value), textOf(condition, Bound));
    return text;
}

QString TheoryMeterView::columnName(int column) const
{
    const QString names[]{QString(), tr("condition"), tr("here"), tr("bound")};
    return column >= 0 && column < ColumnCount ? names[column] : QString();
}

QString TheoryMeterView::rowName(int row) const
{
    return row >= 0 && row < static_cast<int>(conditions().size())
        ? coreText(conditions()[static_cast<std::size_t>(row)].name)
        : QString();
}

QRectF TheoryMeterView::cellRect(QPoint cell) const
{
    const Places places = placesIn(body(), screenStyle());
    return {places.left[cell.x()], places.table.top() + (cell.y() + 1) * places.pitch,
        places.left[cell.x() + 1] - places.left[cell.x()], places.pitch};
}

QPoint TheoryMeterView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return none;
    const Places places = placesIn(body(), screenStyle());
    const int row = static_cast<int>(std::floor((point.y() - places.table.top()) / places.pitch)) - 1;
    for (int column = 0; column < ColumnCount; ++column)
        if (point.x() >= places.left[column] && point.x() < places.left[column + 1] && holds({column, row}))
            return {column, row};
    return none;
}

}
