// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/theory/phase_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

PhaseView::PhaseView(Session& session, QWidget* parent)
    : View(QStringLiteral("phase"), tr("Theory"), session, parent)
    , watch_(new TheoryWatch(session, true, this))
    , hover_(NAN)
{
    connect(watch_, &TheoryWatch::changed, this, &PhaseView::refresh);
    followSteps();
    renew();
}

QString PhaseView::missing() const
{
    if (panelCount() > 0 && session().player().steps() > 0)
        return {};
    const StepList* steps = watch_->steps();
    if (!session().slot().lab && (!steps || steps->size() < 2))
        return tr("Theory stands beside a run here once a lab that has one runs: choose it in the panel "
                  "Lab, then “Start a new run”.");
    if (!watch_->problem().isEmpty())
        return watch_->problem();
    if (watch_->isRunning())
        return tr("Theory is being computed.");
    return watch_->hasTheory() && !watch_->theory().quantities.empty()
        ? tr("This run keeps no signal that theory speaks of.")
        : tr("No theory is known for this run.");
}

double PhaseView::shownStep() const
{
    const TracePtr& trace = session().slot().trace();
    const std::size_t at = session().selection().step;
    return trace && at < trace->steps.size() ? static_cast<double>(trace->steps[at]->step()) : NAN;
}

double PhaseView::xOf(double step) const { return session().display().curves.logSteps ? step + 1 : step; }

QColor PhaseView::colorOf(int run, const Style& style) const
{
    return curveColor(
        session().slot().lab ? static_cast<std::size_t>(session().player().numberOf(run)) : 0, style.ground);
}

QString PhaseView::caption() const
{
    const Player& player = session().player();
    QStringList parts;
    if (!session().slot().lab)
        parts.append(tr("theory beside the run"));
    else if (player.compared() >= 0)
        parts.append(tr("runs %1 and %2, theory of %1")
                         .arg(player.nameOf(player.shown()), player.nameOf(player.compared())));
    else
        parts.append(tr("theory beside run %1").arg(player.nameOf(player.shown())));
    const analysis::Theory& theory = watch_->theory();
    if (!theory.time.empty())
        parts.append(std::isfinite(theory.timePerStep) && theory.timePerStep != 1
                ? tr("%1 = %2 × steps").arg(coreText(theory.time), numberText(theory.timePerStep, 4))
                : coreText(theory.time));
    if (const double step = shownStep(); std::isfinite(step))
        parts.append(tr("step %1").arg(step));
    return parts.join(QStringLiteral(" · "));
}

QStringList PhaseView::badges() const
{
    QStringList badges;
    if (const Index step = watch_->changedAt(); step >= 0)
        badges.append(
            tr("theory dashed: it is of one config, and this run changed its at step %1").arg(step));
    const std::vector<std::string> failing = watch_->theory().failing();
    for (std::size_t i = 0; i < failing.size(); ++i)
        badges.append(i > 0 ? coreText(failing[i])
                            : tr("theory dashed, %1 of its %2 conditions fail: %3")
                                  .arg(failing.size())
                                  .arg(watch_->theory().conditions.size())
                                  .arg(coreText(failing[i])));
    for (const Panel& panel : panels_)
        if (panel.left > 0) {
            badges.append(tr("the first %1 of %2 classes").arg(mostSeries).arg(mostSeries + panel.left));
            break;
        }
    if (lawsLeft_ > 0)
        badges.append(
            tr("%1: the first %2 of %3 elements").arg(lawName_).arg(mostLaws).arg(mostLaws + lawsLeft_));
    return badges;
}

std::vector<Record> PhaseView::data() const
{
    std::vector<Record> records;
    if (!missing().isEmpty())
        return records;
    const auto add = [&](const std::string& path, const std::string& role, const std::string& along,
                         const std::vector<double>& x, const std::vector<double>& y) {
        Record record
            = namedRecord(path, Kind::Vector, Tensor::of<double>({static_cast<Index>(y.size())}, y), role);
        record.axes = {{along, "", x, {}}};
        records.push_back(std::move(record));
    };
    for (const Panel& panel : panels_) {
        const analysis::TheoryQuantity& theory = theoryOf(panel);
        for (const Series& series : panel.series)
            add(series.course.path() + "." + series.name.toStdString(), panel.title.toStdString(), "step",
                series.course.steps(), series.course.values());
        for (const analysis::TheoryCurve& curve : theory.curves)
            add(curve.name, curve.role, "step", curve.steps, curve.values);
        for (const auto& edge : {theory.low, theory.high})
            if (edge)
                add(edge->name, edge->role, "step", edge->steps, edge->values);
    }
    for (const Law& law : laws_) {
        const auto [x, y] = law.points();
        if (!y.empty())
            add("law." + law.found.name.toStdString(), lawTitle_.toStdString(), lawName_.toStdString(), x, y);
    }
    return records;
}

void PhaseView::mouseMoveEvent(QMouseEvent* event)
{
    hover_ = NAN;
    const Style style = screenStyle();
    const auto places = missing().isEmpty() ? placesIn(body(), style) : std::vector<QRectF>();
    for (std::size_t i = 0; i < panels_.size() && i < places.size(); ++i) {
        if (!places[i].contains(event->position()))
            continue;
        const double columns = places[i].width();
        std::vector<Line> lines = foundLines(panels_[i], columns, style);
        for (Line& line : theoryLines(panels_[i], columns, style))
            lines.push_back(std::move(line));
        const PlotFrame frame = frameOf(lines, places[i], style);
        const double share
            = std::clamp((event->position().x() - frame.area.left()) / frame.area.width(), 0.0, 1.0);
        const double x = frame.x.logarithmic ? frame.x.min * std::pow(frame.x.max / frame.x.min, share) - 1
                                             : frame.x.min + share * (frame.x.max - frame.x.min);
        const StepList& steps = session().slot().trace()->steps;
        const std::size_t at
            = std::min(steps.lowerBound(static_cast<Index>(std::llround(x))), steps.size() - 1);
        hover_ = static_cast<double>(steps[at]->step());
        if (event->buttons() & Qt::LeftButton)
            session().player().goTo(at);
    }
    update();
}

void PhaseView::leaveEvent(QEvent* event)
{
    hover_ = NAN;
    update();
    View::leaveEvent(event);
}

}
