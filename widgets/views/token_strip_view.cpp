// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_strip_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/kept_view.h"
#include "widgets/views/reading.h"

#include "core/analysis/effect.h"
#include "core/analysis/run_again.h"
#include "core/tensor/error.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace fovea {

namespace {

constexpr QChar between(u';'); ///< of paths

}

TokenStripView::TokenStripView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("token-strip"), tr("Strip of pictures"), session, parent)
    , button_(new QToolButton(this))
{
    button_->setText(tr("Pictures…"));
    button_->setToolTip(tr("Choose the pictures of the strip, beside the one that is open"));
    connect(button_, &QToolButton::clicked, this, &TokenStripView::choosePictures);
    renew();
}

void TokenStripView::choosePictures()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Pictures of the strip"));
    if (files.isEmpty())
        return;
    Display display = session().display();
    display.strip = files.join(between).toStdString();
    session().setDisplay(display);
}

TokenStripView::Row TokenStripView::rowOf(
    const Slot& slot, const TracePtr& trace, const QImage& picture, const std::string& path)
{
    Row row;
    row.name = QFileInfo(QString::fromStdString(path)).completeBaseName();
    row.picture = picture;
    const auto fates = analysis::tokenFates(*trace);
    if (!fates)
        throw Error("this model drops no tokens");
    row.fates = *fates;
    for (int group = 0; group < row.fates.groupCount(); ++group)
        row.kept.push_back(keptPicture(picture, row.fates, group, true));
    const auto best = analysis::topClasses(trace->output, 1);
    const auto& labels = slot.weights->parts().labels;
    if (!best.empty())
        row.answer = static_cast<std::size_t>(best[0].index) < labels.size()
            ? QString::fromStdString(labels[static_cast<std::size_t>(best[0].index)])
            : tr("class %1").arg(best[0].index);
    return row;
}

TokenStripView::Rows TokenStripView::computed(
    const Slot& slot, const Services& services, const std::string& pictures, const Job::Context& context)
{
    Rows rows{rowOf(slot, slot.trace(), inputPicture(slot), slot.input ? slot.input->path : std::string())};
    const QStringList paths = QString::fromStdString(pictures).split(between, Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < paths.size(); ++i) {
        const std::string path = paths[i].trimmed().toStdString();
        const Document document = services.open(path, {}, context);
        if (!document.input)
            throw Error(path, "expected a picture");
        Slot other = slot;
        other.input = document.input;
        other.prepared = prepareInput(*document.input, *slot.architecture, *slot.weights, slot.modelPath);
        ExecuteOptions options;
        options.pool = services.pool;
        options.stop = context.stop;
        options.patches = patchesOf(services, context);
        options = analysis::onceMore(*slot.trace(), std::move(options));
        for (const analysis::Judgement& group : rows.front().fates.groups)
            options.record.push_back(group.path);
        const TracePtr trace = execute(*slot.architecture, *slot.weights, other.prepared.values, options);
        rows.push_back(rowOf(slot, trace, inputPicture(other), path));
        context.progress(static_cast<double>(i + 1) / static_cast<double>(paths.size()));
    }
    return rows;
}

void TokenStripView::renew()
{
    button_->setVisible(session().slot().weights != nullptr);
    const Slot& slot = session().slot();
    Asked now{slot.trace(), session().display().strip};
    if (now == asked_)
        return;
    asked_ = std::move(now);
    stop();
    if (!slot.weights || !asked_.trace || !analysis::tokenFates(*asked_.trace)) {
        rows_.clear();
        return;
    }
    begin([slot, services = session().services(), pictures = asked_.pictures](
              const Job::Context& context) { return computed(slot, services, pictures, context); },
        [this](const Rows& rows) { rows_ = rows; }, tr("Running the pictures of the strip"));
}

QString TokenStripView::missing() const
{
    if (!problem().isEmpty())
        return problem();
    if (!rows_.empty())
        return {};
    if (!session().slot().weights || !session().slot().trace())
        return tr("Which patches are kept needs a model and an input.");
    return reason(tr("Running the pictures…"), tr("This model drops no tokens."));
}

QString TokenStripView::caption() const
{
    return rows_.size() == 1 ? tr("1 picture") : tr("%1 pictures").arg(rows_.size());
}

QStringList TokenStripView::badges() const { return {tr("white: dropped")}; }

std::vector<Record> TokenStripView::data() const
{
    std::vector<Record> all;
    for (const Row& row : rows_) {
        all.push_back(analysis::survivalMap(row.fates));
        all.back().info.path = "tokens." + row.name.toStdString();
    }
    return all;
}

PanelGrid TokenStripView::panels(const QRectF& body, const Style& style) const
{
    const Area extent = rows_.front().fates.layout->extent();
    const int columns = rows_.front().fates.groupCount() + 1;
    return PanelGrid::within(body, static_cast<int>(rows_.size()) * columns, columns,
        std::clamp(extent.height / std::max(extent.width, 1e-9), 0.2, 5.0), style);
}

double TokenStripView::heightFor(double width, const Style& style) const
{
    if (rows_.empty())
        return width;
    const PanelGrid grid = panels({0, 0, width - 2 * style.gap, 1e6}, style);
    return PanelGrid::heightFor(width - 2 * style.gap, grid.count, grid.columns, grid.aspect, style)
        + frameHeight(width, style);
}

void TokenStripView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    for (int panel = 0; panel < grid.count; ++panel) {
        const Row& row = rows_[static_cast<std::size_t>(panel / grid.columns)];
        const int group = panel % grid.columns - 1;
        painter.setPen(style.ink);
        paintText(painter, grid.titleOf(panel), Qt::AlignLeft | Qt::AlignVCenter,
            group < 0 ? row.answer
                      : tr("group %1: %2 %").arg(group).arg(numberText(100 * row.fates.keptShare(group), 2)),
            style.smallFont());
        paintMap(painter, grid.panelOf(panel),
            group < 0 ? row.picture : row.kept[static_cast<std::size_t>(group)], style);
    }
}

QSize TokenStripView::cells() const
{
    return rows_.empty() ? QSize()
                         : QSize(rows_.front().fates.groupCount() + 1, static_cast<int>(rows_.size()));
}

void TokenStripView::goTo(QPoint cell)
{
    cursor_ = cell;
    refresh();
}

QString TokenStripView::cellText(QPoint cell) const
{
    const Row& row = rows_[static_cast<std::size_t>(cell.y())];
    return cell.x() == 0
        ? tr("%1, answer %2").arg(row.name, row.answer)
        : tr("%1, %2: %3 % kept")
              .arg(row.name, columnName(cell.x()), numberText(100 * row.fates.keptShare(cell.x() - 1), 3));
}

QString TokenStripView::columnName(int column) const
{
    return column == 0 ? tr("input") : tr("group %1").arg(column - 1);
}

QString TokenStripView::rowName(int row) const { return rows_[static_cast<std::size_t>(row)].name; }

QRectF TokenStripView::cellRect(QPoint cell) const
{
    const PanelGrid grid = panels(body(), screenStyle());
    return grid.panelOf(cell.y() * grid.columns + cell.x());
}

QPoint TokenStripView::cellAt(QPointF point) const
{
    if (rows_.empty())
        return none;
    const PanelGrid grid = panels(body(), screenStyle());
    const int panel = grid.at(point);
    return panel < 0 ? none : QPoint(panel % grid.columns, panel / grid.columns);
}

void TokenStripView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    button_->adjustSize();
    button_->move(width() - button_->width() - 4, height() - button_->height() - 1);
}

}
