// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/step_courses_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/curve_colors.h"
#include "widgets/plots/painters.h"
#include "widgets/session/player.h"
#include "widgets/views/panel_grid.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace fovea {

namespace {

constexpr double coursesAspect = 1.6, coursesTitle = 1.5;

}

StepCoursesView::StepCoursesView(Session& session, QWidget* parent)
    : FamilyView(QStringLiteral("step-courses"), tr("Elements over steps"), session, parent)
{
    renew();
}

VectorFamily StepCoursesView::familyIn(const StepRecords& step) const
{
    const VectorFamily usual = FamilyView::familyIn(step);
    const VectorFamily wanted
        = familyOfPattern(step, besidePattern(usual.pattern, session().display().map.course));
    return wanted.members.empty() ? usual : wanted;
}

RecordPtr StepCoursesView::colorsOf(const Panel& panel) const
{
    const std::string path
        = pathIn(besidePattern(family().pattern, session().display().map.color), panel.number);
    const StepList& steps = stepsOf(panel);
    const RecordPtr found = steps.empty() || path == panel.path ? nullptr : steps.back()->find(path);
    return found && found->kind() == Kind::Vector && found->value.count() == panel.last->value.count()
        ? found
        : nullptr;
}

double StepCoursesView::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, panels().size()));
    const bool isNarrow = ColorBarRoom::isNarrow(width, style);
    const double across = panelsAcross(width, style);
    const double axis = style.tickLength + style.smallTextSize + style.textSize + 2 * style.gap;
    return std::ceil(count / across)
        * (coursesTitle * style.textSize + 0.5 * width / across + axis + 3 * style.gap)
        + frameHeight(width, style) + (isNarrow ? 5 * style.textSize : 0); // a bar below
}

StepCoursesView::Sheet StepCoursesView::sheetIn(const QRectF& body, const Style& style) const
{
    Sheet sheet;
    sheet.colors.colors = &ColorMap::seenOn(session().display().colors, style.ground);
    sheet.colors.mode = ScaleMode::Shown;
    ValueRange shades;
    for (const Panel& panel : panels())
        if (const RecordPtr record = colorsOf(panel)) {
            const VectorNumbers values(record->value);
            for (const Index element : panel.columns)
                shades.include(values.values()[static_cast<std::size_t>(element)]);
            const VectorFamily beside = familyOfPattern(*stepsOf(panel).back(), patternOf(record->path()));
            sheet.colors.quantity = beside.quantity();
        }
    sheet.colors.fit(shades);
    const QRectF rest = shades.empty() ? body : ColorBarRoom::in(body, sheet.colors, style).rest(body);
    ValueRange all = range();
    if (all.empty())
        all.include(0);
    const double room = all.max > all.min ? 0.04 * (all.max - all.min) : 1;
    const auto places = spread(rest, static_cast<int>(panels().size()), coursesAspect, style);
    for (const QRectF& place : places)
        sheet.frames.push_back(PlotFrame::within(place.adjusted(0, coursesTitle * style.textSize, 0, 0),
            {tr("step"), 0, static_cast<double>(std::max<Index>(1, lastStep())), false, true},
            {quantity(), all.min - room, all.max + room}, style));
    return sheet;
}

/// Positions of the recorded steps: all, or as many as there is room for, evenly, the last one among them.
std::vector<std::size_t> StepCoursesView::drawnSteps(const Panel& panel, double width) const
{
    const std::size_t count = stepsOf(panel).size(), room = std::max(1, static_cast<int>(width));
    const std::size_t every = std::max<std::size_t>(1, count / room);
    std::vector<std::size_t> drawn;
    for (std::size_t at = 0; at < count; at += every)
        drawn.push_back(at);
    if (!drawn.empty() && drawn.back() != count - 1)
        drawn.push_back(count - 1);
    return drawn;
}

/// The last step up to a position, behind the step `before`, that has the vector: a long run keeps few of
/// them. nullptr: none has.
StepPtr StepCoursesView::recordedUpTo(const Panel& panel, std::size_t position, Index before) const
{
    const StepList& steps = stepsOf(panel);
    if (steps[position]->find(panel.path))
        return steps[position];
    const std::vector<Index>& had = panel.extents.steps();
    auto next = std::ranges::upper_bound(had, steps[position]->step());
    while (next != had.begin() && *--next > before) {
        const std::size_t at = steps.lowerBound(*next);
        if (steps[at]->step() == *next && steps[at]->find(panel.path))
            return steps[at];
    }
    return nullptr;
}

void StepCoursesView::drawPanel(QPainter& painter, const Panel& panel, const PlotFrame& frame,
    const ValueScale& colors, const Style& style) const
{
    painter.setPen(isChosen(panel) && panels().size() > 1 && style.mapDpi == 0 ? style.accent : style.ink);
    paintText(painter,
        {frame.area.left(), frame.area.top() - coursesTitle * style.textSize, frame.area.width(),
            coursesTitle * style.textSize},
        Qt::AlignLeft | Qt::AlignVCenter, panel.title, style.textFont());
    for (const Tick& tick : fittingTicks(frame.y, frame.area.height(), false, style))
        paintLevel(painter, frame, tick.value, {style.grid, style.axisWidth});
    const StepList& steps = stepsOf(panel);
    std::vector<double> x;
    std::vector<std::vector<double>> y(panel.columns.size());
    Index before = -1;
    for (const std::size_t at : drawnSteps(panel, frame.area.width())) {
        const StepPtr step = recordedUpTo(panel, at, std::exchange(before, steps[at]->step()));
        const RecordPtr record = step ? step->find(panel.path) : nullptr;
        if (!record || record->value.count() != panel.last->value.count())
            continue;
        const VectorNumbers values(record->value);
        x.push_back(static_cast<double>(step->step()));
        for (std::size_t i = 0; i < y.size(); ++i)
            y[i].push_back(values.values()[static_cast<std::size_t>(panel.columns[i])]);
    }
    const RecordPtr shade = colorsOf(panel);
    const auto shadeOf = [&](std::size_t i) {
        return shade ? VectorNumbers(shade->value).values()[static_cast<std::size_t>(panel.columns[i])]
                     : static_cast<double>(i);
    };
    std::vector<std::size_t> order(y.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return shadeOf(a) < shadeOf(b); });
    for (const std::size_t i : order) {
        const QColor color = shade ? QColor(colors.color(shadeOf(i))) : curveColor(i, style.ground);
        const bool isMarked = isChosen(panel) && panel.columns[i] == chosenElement();
        paintCurve(painter, frame, x, y[i], {color, (isMarked ? 2.5 : 1) * style.lineWidth});
        if (x.size() == 1)
            paintPoint(painter, frame, x.front(), y[i].front(), {color, 3 * style.lineWidth});
    }
    if (shownStep() >= 0)
        paintUpright(painter, frame, static_cast<double>(shownStep()), {style.accent, 1.5 * style.axisWidth});
    paintAxes(painter, frame, style);
}

void StepCoursesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Sheet sheet = sheetIn(body, style);
    QRectF all;
    for (std::size_t i = 0; i < panels().size(); ++i) {
        drawPanel(painter, panels()[i], sheet.frames[i], sheet.colors, style);
        all = all.united(sheet.frames[i].area);
    }
    if (!sheet.colors.data.empty())
        ColorBarRoom::in(body, sheet.colors, style).paint(painter, all, body, sheet.colors, style);
}

QRectF StepCoursesView::cellRect(QPoint cell) const
{
    const auto [at, place] = placeOf(cell.x());
    const PlotFrame frame = sheetIn(body(), screenStyle()).frames[at];
    const RecordPtr record = recordAt(panels()[at], stepOfRow(cell.y()), true);
    const double value = record
        ? VectorNumbers(record->value).values()[static_cast<std::size_t>(panels()[at].columns[place])]
        : frame.y.min;
    constexpr double half = 3;
    const QPointF centre = frame.at(static_cast<double>(stepOfRow(cell.y())), value);
    return {centre.x() - half, centre.y() - half, 2 * half, 2 * half};
}

/// The curve that is nearest above or below.
QPoint StepCoursesView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return none;
    const Sheet sheet = sheetIn(body(), screenStyle());
    for (std::size_t i = 0; i < sheet.frames.size(); ++i) {
        const PlotFrame& frame = sheet.frames[i];
        if (!frame.area.contains(point))
            continue;
        const double share = (point.x() - frame.area.left()) / frame.area.width();
        const auto number = static_cast<Index>(std::llround(share * frame.x.max));
        const std::ptrdiff_t at = lastUpTo(session().slot().trace()->steps, number);
        const RecordPtr record = recordAt(panels()[i], number, true);
        if (at < 0 || !record)
            return none;
        const VectorNumbers values(record->value);
        const auto away = [&](Index element) {
            return std::abs(frame.yOf(values.values()[static_cast<std::size_t>(element)]) - point.y());
        };
        const auto nearest = std::ranges::min_element(panels()[i].columns, {}, away);
        return {columnOf(i, static_cast<std::size_t>(nearest - panels()[i].columns.begin())),
            static_cast<int>(at)};
    }
    return none;
}

/// The colours' numbers too.
std::vector<Record> StepCoursesView::data() const
{
    std::vector<Record> records = FamilyView::data();
    std::set<std::string> there;
    for (const Panel& panel : panels())
        if (const RecordPtr shade = colorsOf(panel); shade && there.insert(shade->path()).second)
            records.push_back(*shade);
    return records;
}

}
