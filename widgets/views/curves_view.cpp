// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/curves_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr std::size_t mostPanels = 6, mostElements = 12;

bool isCurve(const SignalInfo& info) { return info.kind == Kind::Scalar; }

QString quantityOf(const SignalInfo& info)
{
    const QString name = info.role.empty() ? QString::fromStdString(info.path) : coreText(info.role);
    return info.unit.empty() ? name : QStringLiteral("%1 (%2)").arg(name, coreText(info.unit));
}

}

CurvesView::CurvesView(Session& session, QWidget* parent)
    : View(QStringLiteral("curves"), tr("Curves"), session, parent)
    , hover_(NAN)
{
    setMouseTracking(true);
    followSteps();
    renew();
}

QString CurvesView::missing() const
{
    if (!panels_.empty() && session().player().steps() > 0)
        return {};
    const Slot& slot = session().slot();
    if (slot.lab)
        return tr("The lab is starting.");
    return slot.base && slot.base->steps.size() > 1
        ? tr("No signal of this trace is one number a step.")
        : tr("Press “Start a new run” in the panel Lab, or open a trace with many steps.");
}

std::vector<CurvesView::Series> CurvesView::seriesOf(const std::string& path, Index elements) const
{
    const Player& player = session().player();
    const bool isLab = session().slot().lab != nullptr;
    std::vector<Series> all;
    const auto add = [&](int run) {
        for (Index element = 0; element < elements; ++element) {
            const QString name = isLab ? player.nameOf(run) : QString();
            all.push_back(
                Series{run, element, elements > 1 ? QStringLiteral("%1[%2]").arg(name).arg(element) : name,
                    analysis::Course(path, element)});
        }
    };
    if (!isLab) {
        add(0);
        return all;
    }
    // the shown run last, on top of the others; of a vector only those that are compared
    for (int run = 0; run < static_cast<int>(player.tree().runs.size()); ++run)
        if (run != player.shown() && (elements == 1 || run == player.compared()))
            add(run);
    add(player.shown());
    return all;
}

std::vector<CurvesView::Panel> CurvesView::panelsFor() const
{
    const TracePtr& trace = session().slot().trace();
    std::vector<Panel> panels;
    if (!trace || trace->steps.empty())
        return panels;
    const bool isDifference = session().display().curves.difference && session().player().compared() >= 0;
    for (const RecordPtr& record : trace->steps.front()->all()) {
        const bool isChosen
            = record->path() == session().selection().record && record->kind() == Kind::Vector;
        if (!(isCurve(record->info) && panels.size() < mostPanels) && !isChosen)
            continue;
        const Index elements = isChosen ? std::min<Index>(record->value.count(), mostElements) : 1;
        panels.push_back(
            {record->path(), quantityOf(record->info), seriesOf(record->path(), elements), isDifference});
    }
    return panels;
}

void CurvesView::renew()
{
    std::vector<Panel> fresh = panelsFor();
    for (Panel& panel : fresh) // what was gathered before is not gathered again
        for (Series& series : panel.series)
            for (Panel& old : panels_)
                for (Series& before : old.series)
                    if (old.path == panel.path && before.name == series.name) // which tells run and element
                        series.course = std::move(before.course);
    panels_ = std::move(fresh);
    gather();
}

void CurvesView::gather()
{
    if (panels_.empty() && session().player().steps() > 0)
        panels_ = panelsFor(); // the first step of a run
    const Slot& slot = session().slot();
    const auto& runs = session().player().tree().runs;
    for (Panel& panel : panels_)
        for (Series& series : panel.series) {
            const auto run = static_cast<std::size_t>(series.run);
            if (!slot.lab && slot.base)
                series.course.follow(slot.base);
            else if (slot.lab && run < runs.size())
                series.course.follow(runs[run]->trace);
        }
}

double CurvesView::xOf(double step) const { return session().display().curves.logSteps ? step + 1 : step; }

double CurvesView::shownX() const
{
    const TracePtr& trace = session().slot().trace();
    const std::size_t at = session().selection().step;
    return trace && at < trace->steps.size() ? static_cast<double>(trace->steps[at]->step()) : NAN;
}

std::vector<CurvesView::Line> CurvesView::linesOf(const Panel& panel, const Style& style) const
{
    const CurveOptions& options = session().display().curves;
    const Player& player = session().player();
    const auto finish = [&](Line line) {
        for (double& x : line.x)
            x = xOf(x);
        if (options.smoothing > 0) {
            line.raw = line.y;
            line.y = analysis::smoothed(line.y, options.smoothing);
        }
        return line;
    };
    const auto colorOf = [&](const Series& series) {
        const std::size_t number = panel.series.size() > 1 && panel.series.back().element > 0
            ? static_cast<std::size_t>(series.element)
            : static_cast<std::size_t>(session().slot().lab ? player.numberOf(series.run) : 0);
        return curveColor(number, style.ground);
    };
    std::vector<Line> lines;
    for (const Series& series : panel.series) {
        if (panel.isDifference) {
            if (series.run != player.shown())
                continue;
            for (const Series& other : panel.series)
                if (other.run == player.compared() && other.element == series.element) {
                    auto [x, y] = analysis::difference(series.course, other.course);
                    lines.push_back(finish({tr("%1 − %2").arg(series.name, other.name),
                        {colorOf(series), style.lineWidth}, std::move(x), std::move(y), {}}));
                }
            continue;
        }
        const Qt::PenStyle dash
            = series.run != player.shown() && series.element > 0 ? Qt::DashLine : Qt::SolidLine;
        lines.push_back(finish({series.name, {colorOf(series), style.lineWidth, dash}, series.course.steps(),
            series.course.values(), {}}));
    }
    return lines;
}

QString CurvesView::caption() const
{
    const Player& player = session().player();
    QStringList parts{
        panels_.size() == 1 ? panels_.front().quantity : tr("%1 quantities over steps").arg(panels_.size())};
    if (session().slot().lab && player.shown() >= 0)
        parts.append(player.compared() < 0
                ? tr("run %1").arg(player.nameOf(player.shown()))
                : tr("runs %1 and %2").arg(player.nameOf(player.shown()), player.nameOf(player.compared())));
    if (const double step = shownX(); std::isfinite(step))
        parts.append(tr("step %1").arg(step));
    return parts.join(QStringLiteral(" · "));
}

QStringList CurvesView::badges() const
{
    const CurveOptions& options = session().display().curves;
    QStringList badges;
    if (options.smoothing > 0)
        badges.append(tr("smoothed %1, raw behind").arg(options.smoothing));
    if (options.difference && session().player().compared() >= 0)
        badges.append(tr("difference of two runs"));
    std::ptrdiff_t gaps = 0;
    for (const Panel& panel : panels_)
        for (const Series& series : panel.series)
            gaps += std::ranges::count_if(series.course.values(), [](double y) { return !std::isfinite(y); });
    if (gaps > 0)
        badges.append(tr("%n values are no numbers and not drawn", nullptr, static_cast<int>(gaps)));
    return badges;
}

std::vector<Record> CurvesView::data() const
{
    std::vector<Record> records;
    for (const Panel& panel : panels_)
        for (const Line& line : linesOf(panel, Style::paper())) {
            const std::string suffix = line.name.isEmpty() ? std::string() : "." + line.name.toStdString();
            Record record = namedRecord(panel.path + suffix, Kind::Vector,
                Tensor::of<double>({static_cast<Index>(line.y.size())}, line.y),
                panel.quantity.toStdString());
            record.axes = {{"step", "", line.x, {}}};
            records.push_back(std::move(record));
        }
    return records;
}

void CurvesView::mouseMoveEvent(QMouseEvent* event)
{
    hover_ = NAN;
    const Style style = screenStyle();
    const auto places = missing().isEmpty() ? placesIn(body(), style) : std::vector<QRectF>();
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i].contains(event->position()))
            continue;
        const PlotFrame frame = frameOf(panels_[i], linesOf(panels_[i], style), places[i], style);
        const double share
            = std::clamp((event->position().x() - frame.area.left()) / frame.area.width(), 0.0, 1.0);
        const double x = frame.x.logarithmic ? frame.x.min * std::pow(frame.x.max / frame.x.min, share)
                                             : frame.x.min + share * (frame.x.max - frame.x.min);
        const StepList& steps = session().slot().trace()->steps;
        const double number = session().display().curves.logSteps ? x - 1 : x;
        const std::size_t at
            = std::min(steps.lowerBound(static_cast<Index>(std::llround(number))), steps.size() - 1);
        hover_ = static_cast<double>(steps[at]->step());
        if (event->buttons() & Qt::LeftButton)
            session().player().goTo(at);
    }
    update();
}

void CurvesView::leaveEvent(QEvent* event)
{
    hover_ = NAN;
    update();
    View::leaveEvent(event);
}

}
