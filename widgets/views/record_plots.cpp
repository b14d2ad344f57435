// The record views that are plots: points, graph, lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/core_text.h"
#include "widgets/views/record_view.h"
#include "widgets/views/vector_family.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace fovea {

namespace {

/// A little more than the extent of what is finite. Ticks of whole numbers stand at whole numbers.
AxisSpec axisOf(const QString& label, std::span<const double> values)
{
    const bool isWhole = std::ranges::all_of(values, [](double value) { return value == std::floor(value); });
    ValueRange range;
    for (const double value : values)
        range.include(value);
    if (range.empty())
        return {label, 0, 1, false, isWhole};
    const double room
        = range.max > range.min ? 0.05 * (range.max - range.min) : std::max(1e-12, std::abs(range.max) * 0.1);
    return {label, range.min - room, range.max + room, false, isWhole};
}

std::vector<double> column(const Record& record, Index field)
{
    const auto all = record.value.toDoubles();
    std::vector<double> values;
    for (Index i = 0; i < record.value.dim(0); ++i)
        values.push_back(all[static_cast<std::size_t>(i * record.value.dim(1) + field)]);
    return values;
}

QString fieldName(const Record& record, std::size_t field)
{
    return field < record.info.fields.size() ? coreText(record.info.fields[field]) : QString::number(field);
}

QString gapBadge(std::ptrdiff_t count)
{
    return RecordView::tr("%n values are no numbers and not drawn", nullptr, static_cast<int>(count));
}

}

QStringList PointsView::badges() const
{
    const RecordPtr now = record();
    const auto x = column(*now, 0), y = column(*now, std::min<Index>(1, now->value.dim(1) - 1));
    std::ptrdiff_t gaps = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        gaps += std::isfinite(x[i]) && std::isfinite(y[i]) ? 0 : 1;
    return gaps > 0 ? QStringList{gapBadge(gaps)} : QStringList();
}

void PointsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const RecordPtr now = record();
    const auto x = column(*now, 0), y = column(*now, std::min<Index>(1, now->value.dim(1) - 1));
    const auto frame
        = PlotFrame::within(body, axisOf(fieldName(*now, 0), x), axisOf(fieldName(*now, 1), y), style);
    paintAxes(painter, frame, style);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (std::isfinite(x[i]) && std::isfinite(y[i]))
            paintPoint(painter, frame, x[i], y[i], {style.accent, 5 * style.lineWidth});
}

QStringList GraphView::badges() const { return {tr("width by weight over the largest")}; }

void GraphView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const RecordPtr now = record();
    const auto from = column(*now, 0), to = column(*now, 1);
    const auto weight = now->value.dim(1) > 2 ? column(*now, 2) : std::vector<double>(from.size(), 1);
    std::set<double> named; // by an edge: of a foreign file the largest number may be any
    double nodes = 1, most = 1e-30;
    for (std::size_t i = 0; i < from.size(); ++i) {
        named.insert({from[i], to[i]});
        nodes = std::max({nodes, from[i] + 1, to[i] + 1});
        most = std::max(most, std::abs(weight[i]));
    }
    const double label = 2 * style.smallTextSize;
    const double radius = 0.5 * std::min(body.width(), body.height()) - label;
    const auto place = [&](double node) {
        const double angle = 2 * std::numbers::pi * node / nodes - std::numbers::pi / 2;
        return body.center() + QPointF(std::cos(angle), std::sin(angle)) * radius;
    };
    for (std::size_t i = 0; i < from.size(); ++i) {
        QColor color = weight[i] < 0 ? style.ink : style.accent;
        color.setAlphaF(static_cast<float>(0.15 + 0.85 * std::abs(weight[i]) / most));
        painter.setPen(QPen(color, style.lineWidth * (0.5 + 2 * std::abs(weight[i]) / most)));
        painter.drawLine(place(from[i]), place(to[i]));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.ink);
    for (const double node : named)
        painter.drawEllipse(place(node), 1.5 * style.lineWidth, 1.5 * style.lineWidth);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(style.ink);
    const bool hasRoom = nodes * label < 2 * std::numbers::pi * radius;
    for (const double node : hasRoom ? named : std::set<double>()) {
        const QPointF at = body.center() + (place(node) - body.center()) * (1 + 0.7 * label / radius);
        paintText(painter, {at.x() - label, at.y() - label, 2 * label, 2 * label}, Qt::AlignCenter,
            numberText(node), style.smallFont());
    }
}

LineView::Course LineView::course() const
{
    const RecordPtr now = record();
    Course course;
    if (now->kind() == Kind::Scalar) {
        course.along = tr("step");
        for (const auto& step : session().slot().trace()->steps)
            if (const RecordPtr then = step->find(now->path())) {
                course.x.push_back(static_cast<double>(step->step()));
                course.y.push_back(then->value.toDoubles().front());
            }
        return course;
    }
    const Axis axis = now->axes.empty() ? Axis() : now->axes.front();
    course.along = axis.unit.empty()
        ? elementAxis(*now)
        : QStringLiteral("%1 (%2)").arg(coreText(axis.name), coreText(axis.unit));
    course.y = now->value.toDoubles();
    course.x = axis.values;
    for (std::size_t i = course.x.size(); i < course.y.size(); ++i)
        course.x.push_back(static_cast<double>(i));
    return course;
}

/// Of the axis, or the model's classes where it holds a logit for each of them.
static QStringList namesOf(const Record& record, const Slot& slot)
{
    const auto count = static_cast<std::size_t>(record.value.count());
    QStringList names;
    if (!record.axes.empty() && record.axes.front().labels.size() == count)
        for (const std::string& label : record.axes.front().labels)
            names.append(coreText(label));
    else if (record.info.role.find("logits") != std::string::npos && slot.weights
        && slot.weights->parts().labels.size() == count)
        for (const std::string& label : slot.weights->parts().labels)
            names.append(QString::fromStdString(label));
    return names;
}

std::vector<NamedValue> LineView::bars() const
{
    const RecordPtr now = record();
    if (now->kind() != Kind::Vector)
        return {};
    const QStringList names = namesOf(*now, session().slot());
    return names.isEmpty() ? std::vector<NamedValue>() : largestFirst(names, now->value.toDoubles());
}

double LineView::heightFor(double width, const Style& style) const
{
    constexpr std::size_t most = 12;
    const auto count = missing().isEmpty() ? std::min(most, bars().size()) : 0;
    return count == 0 ? View::heightFor(width, style)
                      : static_cast<double>(count) * namedBarsPitch(style) + frameHeight(width, style);
}

QRectF LineView::latticeArea() const
{
    const auto rows = static_cast<double>(bars().empty() ? 0 : cells().height());
    return {body().topLeft(), QSizeF(body().width(), rows * namedBarsPitch(screenStyle()))};
}

Tensor LineView::table() const
{
    if (const auto all = bars(); !all.empty()) {
        std::vector<double> shown;
        for (int i = 0; i < namedBarsShown(body().height(), all.size(), screenStyle()); ++i)
            shown.push_back(all[static_cast<std::size_t>(i)].value);
        return Tensor::of<double>({static_cast<Index>(shown.size()), 1}, shown);
    }
    const auto y = course().y;
    return Tensor::of<double>({static_cast<Index>(y.size()), 1}, y);
}

QString LineView::rowName(int row) const
{
    if (const auto all = bars(); !all.empty())
        return all[static_cast<std::size_t>(row)].name;
    if (const RecordPtr now = record(); now->kind() == Kind::Vector && !bandsOf(*now).empty())
        return elementName(*now, row);
    const Course now = course();
    return now.along + QLatin1Char(' ') + numberText(now.x[static_cast<std::size_t>(row)]);
}

QStringList LineView::badges() const
{
    if (const auto all = bars(); !all.empty())
        return {tr("largest of %1 first").arg(all.size())};
    const auto gaps = std::ranges::count_if(course().y, [](double y) { return !std::isfinite(y); });
    return gaps > 0 ? QStringList{gapBadge(gaps)} : QStringList();
}

void LineView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    if (const auto all = bars(); !all.empty())
        return paintNamedBars(painter, body, all, style);
    const RecordPtr now = record();
    const auto [x, y, along] = course();
    const QString label = quantityOf(*now);
    const auto frame = PlotFrame::within(body, axisOf(along, x), axisOf(label, y), style);
    paintAxes(painter, frame, style);
    paintCurve(painter, frame, x, y, {style.accent, style.lineWidth});
    if (now->kind() == Kind::Scalar)
        if (const auto step = session().selection().step; step < x.size())
            paintPoint(painter, frame, x[step], y[step], {style.accent, 5 * style.lineWidth});
    if (y.size() == 1)
        paintPoint(painter, frame, x.front(), y.front(), {style.accent, 5 * style.lineWidth});
}

}
