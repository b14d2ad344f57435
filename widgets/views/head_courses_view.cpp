// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_courses_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/player.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

enum Field { EntropyField, DistanceField, SpecialShareField = 3, FieldCount = 4 };

}

HeadCoursesView::HeadCoursesView(Session& session, QWidget* parent)
    : View(QStringLiteral("head-courses"), tr("Heads over steps"), session, parent)
{
    followSteps();
    renew();
}

QString HeadCoursesView::missing() const
{
    if (!rows_.empty() && session().player().steps() > 0)
        return {};
    const TracePtr& trace = session().slot().trace();
    return trace && trace->steps.size() > 1
        ? tr("This run keeps no statistics of attention heads.")
        : tr("Each head over the steps is drawn here once a lab runs: “Start a new run” in the panel Lab.");
}

int HeadCoursesView::field() const
{
    const std::string& measure = session().display().curves.measure;
    return measure == "distance"     ? DistanceField
        : measure == "special share" ? SpecialShareField
                                     : EntropyField;
}

std::vector<HeadCoursesView::Row> HeadCoursesView::rowsFor() const
{
    const TracePtr& trace = session().slot().trace();
    std::vector<Row> rows;
    if (!trace || trace->steps.empty())
        return rows;
    int layer = 0;
    for (const RecordPtr& record : trace->matching("*.pattern.stats", 0)) {
        for (int head = 0; head < static_cast<int>(record->value.dim(0)); ++head)
            rows.push_back({layer, head, layerNumber(record->info, layer),
                analysis::Course(record->path(), Index{head} * FieldCount + field())});
        ++layer;
    }
    return rows;
}

void HeadCoursesView::renew()
{
    std::vector<Row> fresh = rowsFor();
    const auto isSame = [](const Row& a, const Row& b) {
        return a.layer == b.layer && a.head == b.head && a.course.path() == b.course.path();
    };
    if (!std::ranges::equal(fresh, rows_, isSame) || shownField_ != field())
        rows_ = std::move(fresh);
    shownField_ = field();
    gather();
}

void HeadCoursesView::gather()
{
    if (rows_.empty())
        rows_ = rowsFor();
    const LabRunPtr run = session().slot().lab ? session().player().run() : nullptr;
    const TracePtr& trace = run ? run->trace : session().slot().trace();
    for (Row& row : rows_)
        row.course.follow(trace);
}

Index HeadCoursesView::lastStep() const
{
    const StepList& steps = session().slot().trace()->steps;
    const Index last = steps.back()->step();
    return session().slot().lab ? std::max(last, session().player().horizon()) : std::max<Index>(1, last);
}

QString HeadCoursesView::quantity() const
{
    const QString names[FieldCount]{
        tr("entropy / log n"), tr("mean distance (pixels)"), {}, tr("share on special tokens")};
    return names[field()];
}

ValueScale HeadCoursesView::scale() const
{
    ValueScale scale;
    scale.quantity = quantity();
    scale.colors = &ColorMap::named(session().display().colors);
    scale.mode = ScaleMode::Shown;
    ValueRange range;
    range.include(0);
    for (const Row& row : rows_)
        for (const double value : row.course.values())
            range.include(value);
    if (field() != DistanceField)
        range.include(1); // shares: the same colours in every run
    scale.fit(range);
    return scale;
}

PlotFrame HeadCoursesView::frameIn(const QRectF& body, const ValueScale& colors, const Style& style) const
{
    QStringList names;
    for (const Row& row : rows_)
        names.append(tr("%1 H%2").arg(layerMark(row.number)).arg(row.head));
    AxisSpec heads = AxisSpec::ofCells(QString(), names.size(), names);
    heads.downward = true;
    const QRectF rest = ColorBarRoom::in(body, colors, style).rest(body);
    AxisSpec steps{tr("step"), 0, static_cast<double>(std::max<Index>(1, lastStep())), false, true};
    return PlotFrame::within(rest, steps, heads, style);
}

/// [row, column]: the last recorded value up to the column's step.
Tensor HeadCoursesView::strip(Index columns) const
{
    Tensor values({static_cast<Index>(rows_.size()), columns}, DType::F64);
    auto out = values.writable<double>();
    const double perColumn = static_cast<double>(lastStep()) / static_cast<double>(columns);
    for (const Row& row : rows_) {
        const auto &numbers = row.course.steps(), &course = row.course.values();
        std::size_t at = 0;
        for (Index column = 0; column < columns; ++column) {
            const double until = perColumn * (static_cast<double>(column) + 1);
            while (at + 1 < numbers.size() && numbers[at + 1] <= until)
                ++at;
            out[static_cast<std::size_t>(column)] = course.empty() ? NAN : course[at];
        }
        out = out.subspan(static_cast<std::size_t>(columns));
    }
    return values;
}

void HeadCoursesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const ValueScale colors = scale();
    const PlotFrame frame = frameIn(body, colors, style);
    const auto columns = static_cast<Index>(std::clamp(frame.area.width(), 1.0, 2000.0));
    const Index last = session().slot().trace()->steps.back()->step();
    // what is not made yet stays empty ground
    const Index made
        = std::clamp<Index>(static_cast<Index>(std::ceil(static_cast<double>(columns)
                                * (static_cast<double>(last) + 1) / (static_cast<double>(lastStep()) + 1))),
            1, columns);
    const Tensor all = strip(columns);
    Tensor shown({all.dim(0), made}, DType::F64);
    for (Index row = 0; row < all.dim(0); ++row)
        std::ranges::copy(all.values<double>().subspan(
                              static_cast<std::size_t>(row * columns), static_cast<std::size_t>(made)),
            shown.writable<double>().begin() + row * made);
    QRectF area = frame.area;
    area.setWidth(area.width() * static_cast<double>(made) / static_cast<double>(columns));
    paintMap(painter, area, mapImage(shown, colors), style);
    const double height = frame.area.height() / static_cast<double>(rows_.size());
    painter.setPen(QPen(style.ground, style.axisWidth));
    for (std::size_t i = 1; i < rows_.size(); ++i) // a line between layers
        if (rows_[i].layer != rows_[i - 1].layer) {
            const double y = frame.area.top() + static_cast<double>(i) * height;
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        }
    const Selection& s = session().selection();
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].layer == s.layer && rows_[i].head == s.head) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(style.accent, 1.5 * style.lineWidth));
            painter.drawRect(QRectF(frame.area.left(), frame.area.top() + static_cast<double>(i) * height,
                frame.area.width(), height));
        }
    paintUpright(painter, frame, static_cast<double>(session().slot().trace()->steps[s.step]->step()),
        {style.accent, 1.5 * style.axisWidth});
    paintAxes(painter, frame, style);
    ColorBarRoom::in(body, colors, style).paint(painter, frame.area, body, colors, style);
}

QString HeadCoursesView::caption() const
{
    if (!missing().isEmpty())
        return {};
    const Selection& s = session().selection();
    const Index number = session().slot().trace()->steps[s.step]->step();
    for (const Row& row : rows_)
        if (row.layer == s.layer && row.head == s.head)
            return tr("%1 · %2, head %3 · step %4: %5")
                .arg(quantity(), layerName(row.number))
                .arg(row.head)
                .arg(number)
                .arg(readingText(row.course.at(number), 3));
    return quantity();
}

QStringList HeadCoursesView::badges() const
{
    return {tr("of the watched sample"), scaleBadge(ScaleMode::Shown)};
}

std::vector<Record> HeadCoursesView::data() const
{
    std::vector<Record> records;
    for (const Row& row : rows_) {
        Record record
            = namedRecord("head." + std::to_string(row.number) + "." + std::to_string(row.head), Kind::Vector,
                Tensor::of<double>({static_cast<Index>(row.course.values().size())}, row.course.values()),
                quantity().toStdString());
        record.axes = {{"step", "", row.course.steps(), {}}};
        records.push_back(std::move(record));
    }
    return records;
}

QSize HeadCoursesView::cells() const
{
    return {static_cast<int>(session().player().steps()), static_cast<int>(rows_.size())};
}

QPoint HeadCoursesView::current() const
{
    const Selection& s = session().selection();
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].layer == s.layer && rows_[i].head == s.head)
            return {static_cast<int>(s.step), static_cast<int>(i)};
    return none;
}

void HeadCoursesView::goTo(QPoint cell)
{
    const Row& row = rows_[static_cast<std::size_t>(cell.y())];
    Selection selection = session().selection();
    selection.layer = row.layer;
    selection.head = row.head;
    selection.reading = HeadReading::One;
    selection.step = static_cast<std::size_t>(cell.x());
    session().setSelection(selection);
}

}
