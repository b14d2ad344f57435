// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/record_view.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"
#include "widgets/views/vector_family.h"

#include "core/analysis/course.h"
#include "core/trace/attention.h"

#include <QPainter>

#include <cmath>
#include <utility>

namespace fovea {

RecordView::RecordView(Session& session, QWidget* parent)
    : View(QStringLiteral("record"), tr("Signal"), session, parent)
{
    connect(&session, &Session::recordFetched, this, &RecordView::refresh);
}

RecordPtr RecordView::record() const
{
    const std::string& path = session().selection().record;
    const RecordPtr shown = session().record(path);
    if (side_ == RecordSide::Shown)
        return shown;
    const RecordPtr other = session().player().other(path);
    if (side_ == RecordSide::Other || !shown || !other)
        return other;
    Record between = analysis::difference(*shown, *other);
    return between.value.defined() ? std::make_shared<const Record>(std::move(between)) : nullptr;
}

QString RecordView::missing() const
{
    const std::string& path = session().selection().record;
    if (path.empty())
        return tr("Choose a signal in the trace to see it here.");
    if (side_ != RecordSide::Shown && !record())
        return side_ == RecordSide::Other ? tr("The other run has not recorded this step.")
                                          : tr("The two differ in shape.");
    if (!record())
        return tr("%1 is being recorded.").arg(QString::fromStdString(path));
    return {};
}

QString RecordView::caption() const
{
    const RecordPtr now = record();
    if (!now)
        return {};
    QString text = QString::fromStdString(now->path());
    if (shapeOf(*now).rank() > 0)
        text += QStringLiteral("  ") + QString::fromStdString(shapeOf(*now).text());
    if (!now->finite)
        text += tr(" · holds NaN or infinity");
    return text;
}

std::vector<Record> RecordView::data() const
{
    const RecordPtr now = record();
    return now ? std::vector<Record>{*now} : std::vector<Record>();
}

QString RecordView::quantityOf(const Record& record)
{
    return record.info.role.empty() ? QString::fromStdString(record.path()) : coreText(record.info.role);
}

ValueScale RecordView::scaleOf(const Tensor& values) const
{
    ValueScale scale;
    ValueRange range;
    range.include(values);
    if (side_ != RecordSide::Difference) // both runs on one scale
        if (const RecordPtr other = session().player().other(session().selection().record);
            other && other->value.defined() && other->value.dtype() == values.dtype())
            if (const RecordPtr shown = session().record(session().selection().record);
                shown && shown->value.defined())
                for (const RecordPtr& both : {other, shown})
                    range.include(both->value);
    const bool isSigned = range.min < 0;
    scale.colors = &ColorMap::named(
        isSigned ? ColorMap::names(ColorMap::Kind::Diverging).first() : session().display().colors);
    const RecordPtr now = record();
    scale.quantity = quantityOf(*now);
    scale.unit = coreText(now->info.unit);
    scale.mode = ScaleMode::Map;
    scale.logarithmic = session().display().logarithmic && !isSigned;
    scale.fit(range);
    return scale;
}

Tensor RecordView::table() const
{
    const RecordPtr now = record();
    const Selection& s = session().selection();
    if (now->kind() == Kind::Attention) {
        const Shape shape = shapeOf(*now);
        return attentionMap(
            *now, {static_cast<int>(within(s.group, shape[0])), static_cast<int>(within(s.head, shape[1]))});
    }
    Tensor value = now->value;
    const int chosen = now->kind() == Kind::Heads ? s.head : s.channel;
    while (value.rank() > 2)
        value = value.at(within(chosen, value.dim(0)));
    return value.rank() == 2 ? value : value.reshaped({1, value.count()});
}

void RecordView::reselect()
{
    if (std::exchange(shown_, session().selection().record) != shown_)
        cell_ = none;
    update();
}

void RecordView::paintEvent(QPaintEvent* event)
{
    View::paintEvent(event);
    if (!hasFocus() || !missing().isEmpty() || current() == none)
        return;
    QPainter painter(this);
    paintOutline(painter, cellRect(current()), screenStyle());
}

QSize RecordView::cells() const
{
    const Tensor values = table();
    return {static_cast<int>(values.dim(1)), static_cast<int>(values.dim(0))};
}

void RecordView::goTo(QPoint cell)
{
    cell_ = cell;
    announce();
    update();
}

QString RecordView::axisName(std::size_t fromEnd) const
{
    const RecordPtr now = record();
    const LayoutPtr& called = fromEnd == 1 ? now->keys : now->queries;
    if (now->kind() == Kind::Matrix && called)
        return axisOf(*called);
    const auto names = axesOf(now->kind());
    if (names.size() < fromEnd)
        return {};
    return coreText(std::string(names[names.size() - fromEnd]));
}

QString RecordView::rowMark(int row) const
{
    const RecordPtr now = record();
    const int token = now->kind() == Kind::Attention
        ? queryToken(*now, static_cast<int>(within(session().selection().group, shapeOf(*now)[0])), row)
        : row;
    const bool isToken = now->queries && now->kind() != Kind::Grid && token < now->queries->tokens();
    return isToken ? tokenName(*now->queries, token) : QString::number(row);
}

QString RecordView::columnMark(int column) const
{
    const RecordPtr now = record();
    if (now->kind() == Kind::Attention && now->keys)
        return tokenName(*now->keys,
            keyToken(*now, static_cast<int>(within(session().selection().group, shapeOf(*now)[0])), column));
    if (now->kind() == Kind::Matrix && now->keys && column < now->keys->tokens())
        return tokenName(*now->keys, column);
    return now->axes.empty() || now->axes.back().labels.empty()
        ? QString::number(column)
        : coreText(now->axes.back().labels[static_cast<std::size_t>(column)]);
}

/// "token common 3", but "class 3" of what is called so.
static QString markOn(const QString& axis, const QString& mark)
{
    return mark.startsWith(axis + QLatin1Char(' ')) ? mark : axis + QLatin1Char(' ') + mark;
}

QString RecordView::rowName(int row) const { return markOn(axisName(2), rowMark(row)); }
QString RecordView::columnName(int column) const { return markOn(axisName(1), columnMark(column)); }

QString RecordView::cellText(QPoint cell) const
{
    const Tensor row = table().at(cell.y());
    const auto column = static_cast<std::size_t>(cell.x());
    const double value = row.toDoubles()[column];
    const QString number = record()->kind() == Kind::Attention
        ? rankedText(row.values<float>(), column, Direction::QueryRow)
        : std::isfinite(value) ? numberText(value, 3)
                               : tr("no number");
    return QStringList{rowName(cell.y()), columnName(cell.x()), number}.join(QStringLiteral(", "));
}

QRectF RecordView::cellRect(QPoint cell) const
{
    const QRectF area = latticeArea();
    return area.isEmpty() ? body() : CellLattice{area, cells()}.rectOf(cell);
}

QPoint RecordView::cellAt(QPointF point) const
{
    return missing().isEmpty() ? CellLattice{latticeArea(), cells()}.at(point) : none;
}

}
