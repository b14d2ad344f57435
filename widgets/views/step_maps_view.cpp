// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/step_maps_view.h"

#include "widgets/plots/painters.h"
#include "widgets/session/player.h"
#include "widgets/views/reading.h"

#include "core/analysis/attention_stats.h"
#include "core/trace/attention.h"
#include "core/trace/patterns.h"

#include <QPainter>

#include <algorithm>

namespace fovea {

namespace {

constexpr std::size_t mostSteps = 6;

bool hasMap(const Record& record)
{
    return (record.kind() == Kind::Attention || record.kind() == Kind::Matrix)
        && (record.value.defined() || record.factors.defined()) && record.value.dtype() != DType::C64;
}

/// Positions of at most mostSteps steps, the first and the last among them, evenly spread.
std::vector<std::size_t> spreadSteps(std::size_t count)
{
    std::vector<std::size_t> positions;
    const std::size_t shown = std::min(count, mostSteps);
    for (std::size_t i = 0; i < shown; ++i)
        positions.push_back(shown < 2 ? 0 : (2 * i * (count - 1) + shown - 1) / (2 * (shown - 1)));
    return positions;
}

/// The record of that path at a step by its number; nullptr: there is none.
RecordPtr recordAt(const Trace& trace, const std::string& path, Index step)
{
    const auto found
        = std::ranges::lower_bound(trace.steps, step, {}, [](const StepPtr& one) { return one->step(); });
    return found != trace.steps.end() && (*found)->step() == step ? (*found)->find(path) : nullptr;
}

}

StepMapsView::StepMapsView(Session& session, QWidget* parent)
    : View(QStringLiteral("step-maps"), tr("Maps over steps"), session, parent)
{
    for (const auto signal : {&Player::runsChanged, &Player::grew})
        connect(&session.player(), signal, this, &StepMapsView::refresh);
    renew();
}

std::string StepMapsView::chosenPath() const
{
    const TracePtr& trace = session().slot().trace();
    if (!trace || trace->steps.empty())
        return {};
    const std::string& selected = session().selection().record;
    if (const RecordPtr record = trace->find(selected, 0); record && hasMap(*record))
        return selected;
    for (const RecordPtr& record : trace->matching("*pattern", 0)) // in the order of the forward pass
        if (hasMap(*record))
            return record->path();
    return {};
}

void StepMapsView::renew()
{
    rows_.clear();
    path_ = chosenPath();
    const TracePtr& trace = session().slot().trace();
    if (path_.empty())
        return;
    const Player& player = session().player();
    const bool isOfLab = session().slot().lab != nullptr, isCompared = isOfLab && player.compared() >= 0;
    std::vector<std::pair<Row, TracePtr>> runs{{{}, trace}};
    if (isCompared) {
        const int other = player.compared();
        runs.front().first = {player.nameOf(player.shown()), player.differenceOf(player.shown()), {}};
        runs.emplace_back(Row{player.nameOf(other), player.differenceOf(other), {}},
            player.tree().runs[static_cast<std::size_t>(other)]->trace);
    }
    for (auto& [row, of] : runs) {
        for (const std::size_t position : spreadSteps(trace->steps.size())) {
            const Index step = trace->steps[position]->step();
            const RecordPtr record = of ? recordAt(*of, path_, step) : nullptr;
            row.panels.push_back({position, step, record && hasMap(*record) ? record : nullptr});
        }
        rows_.push_back(std::move(row));
    }
}

/// Another signal needs other panels, another head another map of them.
void StepMapsView::reselect()
{
    if (chosenPath() != path_)
        renew();
    update();
}

QString StepMapsView::missing() const
{
    const TracePtr& trace = session().slot().trace();
    if (!rows_.empty())
        return {};
    return trace && !trace->steps.empty()
        ? tr("This run keeps no attention and no matrix.")
        : tr("A map is drawn here at several steps once a lab runs: “Start a new run” in the panel Lab.");
}

Tensor StepMapsView::mapOf(const Record& record) const
{
    if (record.kind() != Kind::Attention)
        return record.value;
    const Shape shape = shapeOf(record);
    const Selection& s = session().selection();
    const auto held = [](int value, Index extent) {
        return std::clamp(value, 0, static_cast<int>(std::max<Index>(extent, 1)) - 1);
    };
    return attentionMap(record, {held(s.group, shape[0]), held(s.head, shape[1])});
}

ValueScale StepMapsView::scale() const
{
    ValueRange shown;
    for (const Row& row : rows_)
        for (const Panel& panel : row.panels)
            if (panel.record)
                shown.include(mapOf(*panel.record));
    const bool isShare = path_.ends_with("pattern");
    ValueScale scale;
    if (shown.min >= 0)
        scale = sequentialScale(
            session().display(), isShare ? tr("attention") : tr("value"), {shown, shown, shown});
    else {
        scale.quantity = tr("value");
        scale.colors = &ColorMap::named(ColorMap::names(ColorMap::Kind::Diverging).first());
        scale.fit(shown);
    }
    if (scale.mode != ScaleMode::Fixed)
        scale.mode = ScaleMode::Shown;
    return scale;
}

PanelGrid StepMapsView::gridIn(const QRectF& body, const ValueScale& scale, const Style& style) const
{
    const auto columns = static_cast<int>(rows_.front().panels.size()),
               count = columns * static_cast<int>(rows_.size());
    return PanelGrid::within(ColorBarRoom::in(body, scale, style).rest(body), count, columns, 1, style);
}

void StepMapsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const ValueScale colors = scale();
    const PanelGrid grid = gridIn(body, colors, style);
    QRectF maps;
    for (int i = 0; i < grid.count; ++i) {
        const QPoint cell(i % grid.columns, i / grid.columns);
        const Panel& panel = panelAt(cell);
        const Row& row = rows_[static_cast<std::size_t>(cell.y())];
        const QString step = columnName(cell.x());
        painter.setPen(style.ink);
        paintText(painter, grid.titleOf(i), Qt::AlignLeft | Qt::AlignVCenter,
            row.name.isEmpty() ? step : tr("%1 · %2").arg(row.name, step) + row.difference, style.textFont());
        const QRectF place = grid.panelOf(i);
        maps = maps.united(place);
        if (panel.record) {
            paintMap(painter, place, mapImage(mapOf(*panel.record), colors), style);
        } else {
            painter.setPen(style.faint);
            paintText(painter, place, Qt::AlignCenter, tr("not kept"), style.smallFont());
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(style.grid, style.axisWidth));
        painter.drawRect(place);
    }
    ColorBarRoom::in(body, colors, style).paint(painter, maps, body, colors, style);
}

double StepMapsView::heightFor(double width, const Style& style) const
{
    if (!missing().isEmpty())
        return View::heightFor(width, style);
    const auto columns = static_cast<int>(rows_.front().panels.size());
    const ValueScale colors = scale();
    const QRectF rest
        = ColorBarRoom::in(QRectF(0, 0, width, width), colors, style).rest(QRectF(0, 0, width, width));
    const double below = width - rest.height(); // of a bar that lies
    return PanelGrid::heightFor(rest.width(), columns * static_cast<int>(rows_.size()), columns, 1, style)
        + below + frameHeight(width, style);
}

QString StepMapsView::caption() const
{
    if (!missing().isEmpty())
        return {};
    const QString path = QString::fromStdString(path_);
    const RecordPtr record = session().slot().trace()->find(path_, 0);
    if (!record || record->kind() != Kind::Attention)
        return path;
    const int heads = static_cast<int>(shapeOf(*record)[1]);
    return tr("%1 · head %2 · rows query, columns key")
        .arg(path)
        .arg(std::clamp(session().selection().head, 0, std::max(heads, 1) - 1));
}

QStringList StepMapsView::badges() const
{
    const std::size_t recorded = session().slot().trace()->steps.size();
    QStringList all{tr("all on one scale")};
    if (recorded > mostSteps)
        all.append(tr("%1 of %2 recorded steps").arg(mostSteps).arg(recorded));
    return all;
}

std::vector<Record> StepMapsView::data() const
{
    std::vector<Record> records;
    for (const Row& row : rows_)
        for (const Panel& panel : row.panels)
            if (panel.record) {
                const std::string run = row.name.isEmpty() ? "" : "." + row.name.toLower().toStdString();
                records.push_back(namedRecord(path_ + run + ".step." + std::to_string(panel.step),
                    Kind::Matrix, mapOf(*panel.record), panel.record->info.role));
            }
    return records;
}

const StepMapsView::Panel& StepMapsView::panelAt(QPoint cell) const
{
    return rows_[static_cast<std::size_t>(cell.y())].panels[static_cast<std::size_t>(cell.x())];
}

QSize StepMapsView::cells() const
{
    return {static_cast<int>(rows_.front().panels.size()), static_cast<int>(rows_.size())};
}

QPoint StepMapsView::current() const
{
    for (int column = 0; column < cells().width(); ++column)
        if (panelAt({column, 0}).position == session().selection().step)
            return {column, 0};
    return none;
}

void StepMapsView::goTo(QPoint cell) { session().player().goTo(panelAt(cell).position); }

QString StepMapsView::columnName(int column) const { return tr("step %1").arg(panelAt({column, 0}).step); }

QString StepMapsView::cellText(QPoint cell) const
{
    const Panel& panel = panelAt(cell);
    const QString place = rowName(cell.y()).isEmpty()
        ? columnName(cell.x())
        : tr("run %1, %2").arg(rowName(cell.y()), columnName(cell.x()));
    if (!panel.record)
        return tr("%1: not kept").arg(place);
    const Tensor map = mapOf(*panel.record);
    const std::vector<double> values = map.toDoubles();
    if (panel.record->kind() != Kind::Attention)
        return tr("%1: from %2 to %3")
            .arg(place, numberText(*std::ranges::min_element(values)),
                numberText(*std::ranges::max_element(values)));
    const std::vector<double> entropies = analysis::entropyPerQuery(map);
    double sum = 0;
    for (const double entropy : entropies)
        sum += entropy;
    return tr("%1: entropy / log n %2 in the mean over queries")
        .arg(place, numberText(sum / static_cast<double>(entropies.size())));
}

QRectF StepMapsView::cellRect(QPoint cell) const
{
    return gridIn(body(), scale(), screenStyle()).panelOf(cell.y() * cells().width() + cell.x());
}

QPoint StepMapsView::cellAt(QPointF point) const
{
    const int panel = gridIn(body(), scale(), screenStyle()).at(point);
    return panel < 0 ? none : QPoint(panel % cells().width(), panel / cells().width());
}

}
