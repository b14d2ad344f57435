// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/matrix_view.h"

#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include "core/analysis/attention_stats.h"

namespace fovea {

namespace {

/// Names of the tokens that stand at the positions of a group.
QStringList namesOf(const TokenLayout& tokens, Index count, const std::function<int(int)>& tokenAt)
{
    QStringList names;
    for (int i = 0; i < static_cast<int>(count); ++i) {
        const int token = tokenAt(i);
        names.append(token < 0 ? QStringLiteral("-") : QString::fromStdString(tokens.name(token)));
    }
    return names;
}

}

MatrixView::MatrixView(Session& session, QWidget* parent)
    : View(QStringLiteral("matrix"), tr("Attention matrix"), session, parent)
    , plot_(new MatrixPlot)
{
    setCanvas(plot_);
    connect(plot_, &MatrixPlot::hovered, this, &MatrixView::hover);
    connect(plot_, &MatrixPlot::pinned, this, &MatrixView::pin);
}

/// Whether a row of the map is what a query shares out.
static bool sumsToOne(HeadReading reading)
{
    return reading == HeadReading::One || reading == HeadReading::Mean;
}

MatrixContent MatrixView::content() const
{
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    const Record& record = *patterns.layer(s.layer);
    MatrixContent content;
    content.values = patterns.map({s.layer, s.head, s.reading}, s.group);
    ValueRange own;
    own.include(content.values);
    content.scale
        = sequentialScale(session().display(), tr("attention"), {own, patterns.range(s.layer), own});
    content.rowLabel = tr("query");
    content.columnLabel = tr("key");
    content.rowNames = namesOf(patterns.queries(s.layer), content.values.dim(0),
        [&](int position) { return queryToken(record, s.group, position); });
    content.columnNames = namesOf(patterns.keys(s.layer), content.values.dim(1),
        [&](int position) { return keyToken(record, s.group, position); });
    content.top.label = tr("received");
    content.right.label = tr("entropy / log n");
    content.top.values = analysis::receivedPerKey(content.values);
    content.right.values = analysis::entropyPerQuery(
        sumsToOne(s.reading) ? content.values : analysis::asShares(content.values));
    return content;
}

double MatrixView::heightFor(double width, const Style& style) const
{
    if (!missing().isEmpty())
        return View::heightFor(width, style);
    sync();
    return plot_->heightFor(width - 2 * style.gap, style) + frameHeight(width, style);
}

void MatrixView::sync() const
{
    const Selection& s = session().selection();
    const Held wanted{s.layer, s.head, s.group, s.reading};
    if (!missing().isEmpty() || wanted == held_)
        return;
    held_ = wanted;
    plot_->setContent(content());
}

void MatrixView::mark() const
{
    if (!missing().isEmpty())
        return;
    const QPoint cell = current();
    plot_->mark(cell.y(), cell.x());
}

QPoint MatrixView::current() const
{
    const Selection& s = session().selection();
    const Record& record = *session().patterns().layer(s.layer);
    const CellReading cell = readCell(session().patterns(), s);
    const TokenPosition query = findQuery(record, cell.queryToken);
    return {cell.keyToken < 0 ? -1 : findKey(record, s.group, cell.keyToken),
        query.group == s.group ? query.position : -1};
}

void MatrixView::goTo(QPoint place)
{
    Selection selection = session().selection();
    (selection.pin.empty() ? selection.hover : selection.pin) = cellOf(place.y(), place.x());
    session().setSelection(selection);
}

const MatrixContent& MatrixView::shown() const
{
    sync();
    return plot_->content();
}

QSize MatrixView::cells() const
{
    const Tensor& values = shown().values;
    return {static_cast<int>(values.dim(1)), static_cast<int>(values.dim(0))};
}

QString MatrixView::cellText(QPoint cell) const
{
    return tr("query %1, key %2, %3")
        .arg(rowName(cell.y()), columnName(cell.x()),
            rankedText(shown().values.at(cell.y()).values<float>(), static_cast<std::size_t>(cell.x()),
                Direction::QueryRow));
}

QRectF MatrixView::cellRect(QPoint cell) const
{
    return plot_->rectOf(cell.y(), cell.x()).translated(plot_->pos());
}

QPoint MatrixView::cellAt(QPointF point) const
{
    const auto [row, column] = plot_->cellAt(point - plot_->pos());
    return {column, row};
}

void MatrixView::renew()
{
    held_ = Held();
    reselect();
}

void MatrixView::reselect()
{
    if (!isVisible())
        return;
    sync();
    mark();
    update(QRectF(0, body().bottom(), width(), height() - body().bottom()).toAlignedRect());
}

void MatrixView::showEvent(QShowEvent* event)
{
    View::showEvent(event);
    reselect();
}

void MatrixView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    sync();
    mark();
    plot_->paintFigure(painter, body, style);
}

Cell MatrixView::cellOf(int row, int column) const
{
    const Selection& s = session().selection();
    const Patterns& patterns = session().patterns();
    if (patterns.empty())
        return {};
    const Record& record = *patterns.layer(s.layer);
    const int query = row < 0 ? -1 : queryToken(record, s.group, row);
    const int key = column < 0 ? -1 : keyToken(record, s.group, column);
    Cell cell;
    if (query >= 0)
        cell.query = spotOf(patterns.queries(s.layer), query);
    if (key >= 0)
        cell.key = spotOf(patterns.keys(s.layer), key);
    return cell;
}

void MatrixView::hover(int row, int column)
{
    Selection selection = session().selection();
    selection.hover = cellOf(row, column);
    session().setSelection(selection);
}

void MatrixView::pin(int row, int column)
{
    Selection selection = session().selection();
    const Cell cell = cellOf(row, column);
    selection.pin = selection.pin == cell ? Cell() : cell;
    session().setSelection(selection);
}

std::vector<EditTarget> MatrixView::targetsAt(QPointF) const
{
    const Selection& s = session().selection();
    std::vector<EditTarget> targets;
    if (session().patterns().empty())
        return targets;
    for (const auto& target : {headTarget(session(), s.layer, s.head), blockTarget(session(), s.layer)})
        if (target)
            targets.push_back(*target);
    return targets;
}

QString MatrixView::caption() const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    if (patterns.empty())
        return {};
    const auto groups = shapeOf(*patterns.layer(s.layer))[0];
    const QString name = mapName(patterns, s);
    return groups > 1 ? tr("%1 · window %2 of %3").arg(name).arg(s.group + 1).arg(groups) : name;
}

QStringList MatrixView::badges() const
{
    QStringList all
        = attentionBadges(session().display()) + QStringList{scaleBadge(session().display().scale)};
    if (!sumsToOne(session().selection().reading))
        all << tr("entropy: of rows divided by their sum");
    return all;
}

std::vector<Record> MatrixView::data() const
{
    if (!missing().isEmpty())
        return {};
    const MatrixContent now = content();
    const std::string path = session().patterns().layer(session().selection().layer)->path();
    const auto vector = [&](const std::vector<double>& values) {
        return Tensor::of<double>({static_cast<Index>(values.size())}, values);
    };
    Record map = namedRecord(path, Kind::Matrix, now.values, "attention"),
           received
        = namedRecord(path + ".received", Kind::Vector, vector(now.top.values), "mean attention received"),
           entropy = namedRecord(
               path + ".entropy", Kind::Vector, vector(now.right.values), "entropy over log of the keys");
    nameAxis(map, 0, "query", now.rowNames);
    nameAxis(map, 1, "key", now.columnNames);
    nameAxis(received, 0, "key", now.columnNames);
    nameAxis(entropy, 0, "query", now.rowNames);
    return {map, received, entropy};
}

}
