// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/theory_curves_view.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// A record's curves side by side, a column for each line; a record for each line where their places differ.
std::vector<Record> tablesOf(
    const TheoryPanel& panel, std::size_t quantity, const TheoryGrid& grid, const std::string& path)
{
    const auto curveOf = [&](const TheoryLine& line) -> const TheoryCurve& { return line.curves[quantity]; };
    const std::vector<double>& x = curveOf(panel.lines.front()).x;
    const bool isOneTable
        = std::ranges::all_of(panel.lines, [&](const TheoryLine& line) { return curveOf(line).x == x; });
    std::vector<Record> records;
    if (!isOneTable) {
        for (std::size_t i = 0; i < panel.lines.size(); ++i) {
            const TheoryCurve& curve = curveOf(panel.lines[i]);
            records.push_back(namedRecord(path + "." + std::to_string(i + 1), Kind::Vector,
                Tensor::of<double>({static_cast<Index>(curve.y.size())}, curve.y),
                grid.records[quantity].label + ", " + panel.lines[i].label));
            records.back().axes = {{grid.axis, "", curve.x, {}}};
        }
        return records;
    }
    const std::size_t lines = panel.lines.size();
    std::vector<double> values(x.size() * lines);
    Axis names{"line", "", {}, {}};
    for (std::size_t line = 0; line < lines; ++line) {
        names.labels.push_back(
            panel.lines[line].label.empty() ? grid.records[quantity].path : panel.lines[line].label);
        for (std::size_t i = 0; i < x.size(); ++i)
            values[i * lines + line] = curveOf(panel.lines[line]).y[i];
    }
    records.push_back(namedRecord(path, Kind::Matrix,
        Tensor::of<double>({static_cast<Index>(x.size()), static_cast<Index>(lines)}, values),
        grid.records[quantity].label));
    records.back().axes = {{grid.axis, "", x, {}}, std::move(names)};
    return records;
}

/// Where each line is marked, and its curves there.
Record marksOf(const TheoryPanel& panel, const TheoryGrid& grid, const std::string& path)
{
    std::vector<double> values;
    Record record;
    record.info = {path, Kind::Points, grid.mark, -1, ""};
    record.info.fields.push_back(grid.axis);
    for (const DrawnRecord& drawn : grid.records)
        record.info.fields.push_back(drawn.path);
    Axis names{"line", "", {}, {}};
    for (const TheoryLine& line : panel.lines) {
        names.labels.push_back(line.label);
        values.push_back(line.markX);
        values.insert(values.end(), line.markY.begin(), line.markY.end());
    }
    record.value = Tensor::of<double>(
        {static_cast<Index>(panel.lines.size()), static_cast<Index>(record.info.fields.size())}, values);
    record.finite = allFinite(record.value);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes.front() = std::move(names);
    return record;
}

}

TheoryCurvesView::TheoryCurvesView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("theory-curves"), tr("Theory of many configs"), session, parent)
{
    connect(&session.player(), &Player::runsChanged, this, &TheoryCurvesView::refresh);
    connect(&LabStudies::of(session), &LabStudies::changed, this, &TheoryCurvesView::refresh);
    renew();
}

void TheoryCurvesView::renew()
{
    Config study = LabStudies::studyOf(session());
    for (const char* ofSweeps : {"lab_across", "lab_level", "lab_seeds", "lab_steps", "lab_element"})
        study.set(ofSweeps, findField(study.schema(), ofSweeps)->standard);
    Asked now{studiedLab(session()), std::move(study)};
    if (now == asked_)
        return;
    asked_ = std::move(now);
    stop();
    grid_.reset();
    if (!asked_.of.lab)
        return;
    begin(
        [asked = asked_](const Job::Context& context) {
            const auto panels = gridOf(asked.of, asked.study);
            return theoryGrid(
                {asked.of.lab, panels, drawnRecords(asked.study.text("lab_records"), "lab_records"),
                    asked.study.text("lab_mark")},
                [&] { context.stop.check(); });
        },
        [this](const TheoryGrid& grid) { take(grid); });
}

void TheoryCurvesView::take(const TheoryGrid& grid)
{
    grid_ = grid;
    plots_ = {};
    colors_ = {};
    const bool isSplit = asked_.study.text("lab_records").empty();
    for (const TheoryPanel& panel : grid.panels) {
        const QString title = QString::fromStdString(panel.label);
        if (!isSplit) {
            add(panel, 0, grid.records.size(), title,
                grid.records.size() == 1 ? coreText(grid.records.front().label) : QString());
            continue;
        }
        for (std::size_t i = 0; i < grid.records.size(); ++i)
            add(panel, i, 1,
                (title.isEmpty() ? QString() : title + QStringLiteral(": "))
                    + coreText(grid.records[i].label),
                {});
    }
    plots_.markName = grid.mark.empty() ? QString() : coreText(grid.mark);
    for (const DrawnRecord& drawn : grid.records)
        if (drawn.isStairs)
            plots_.stairsName = coreText(drawn.label);
}

void TheoryCurvesView::add(const TheoryPanel& panel, std::size_t from, std::size_t count,
    const QString& title, const QString& quantity)
{
    CurvePanel made{title, {coreText(grid_->axis), 0, 0}, {quantity, 0, 0}, {}, {}};
    for (const TheoryLine& line : panel.lines) {
        const std::size_t color = colors_.of(line.label);
        for (std::size_t i = from; i < from + count; ++i) {
            const DrawnRecord& drawn = grid_->records[i];
            made.curves.push_back({QString::fromStdString(line.label), color, drawn.isStairs, false,
                line.curves[i].x, line.curves[i].y, {}, {}, count > 1 ? coreText(drawn.label) : QString()});
        }
        if (std::isfinite(line.markX))
            made.marks.push_back({line.markX, count == 1 ? line.markY[from] : CurvePanels::none, color});
    }
    plots_.panels.push_back(std::move(made));
}

QString TheoryCurvesView::missing() const
{
    if (!asked_.of.lab)
        return whyNoLab(session());
    return grid_ ? QString() : reason(tr("The theory is being computed."), tr("There is no theory."));
}

QString TheoryCurvesView::caption() const
{
    QStringList parts{QString::fromStdString(asked_.of.lab->identity().name)};
    if (const std::string& fields = asked_.study.text("lab_fields"); !fields.empty())
        parts.append(QString::fromStdString(fields)
                         .replace(QLatin1Char(','), QStringLiteral(" · "))
                         .replace(QLatin1Char('='), QLatin1Char(' ')));
    return parts.join(QStringLiteral(" · "));
}

std::vector<Record> TheoryCurvesView::data() const
{
    std::vector<Record> all;
    for (std::size_t p = 0; grid_ && p < grid_->panels.size(); ++p) {
        const TheoryPanel& panel = grid_->panels[p];
        for (std::size_t i = 0; i < grid_->records.size(); ++i)
            for (Record& table :
                tablesOf(panel, i, *grid_, panelPath(p, grid_->panels.size(), grid_->records[i].path)))
                all.push_back(std::move(table));
        if (!grid_->mark.empty())
            all.push_back(marksOf(panel, *grid_, panelPath(p, grid_->panels.size(), "marks")));
    }
    return all;
}

void TheoryCurvesView::goTo(QPoint cell)
{
    cursor_ = cell;
    announce();
    update();
}

double TheoryCurvesView::heightFor(double width, const Style& style) const
{
    return plots_.heightFor(width - 2 * style.gap, style) + frameHeight(width, style);
}

void TheoryCurvesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    plots_.draw(painter, body, style);
}

}
