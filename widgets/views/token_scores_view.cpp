// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_scores_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>

namespace fovea {

TokenScoresView::TokenScoresView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("token-scores"), tr("Scores"), session, parent)
{
    renew();
}

void TokenScoresView::renew() { FatesView::renew(); }

RecordPtr TokenScoresView::perHead(int group) const
{
    const RecordPtr record
        = session().record(fates().groups[static_cast<std::size_t>(group)].block + ".scores");
    return record && record->kind() == Kind::Heads && record->value.dim(2) == 1 && record->queries ? record
                                                                                                   : nullptr;
}

int TokenScoresView::heads() const
{
    int most = 0;
    for (int group = 0; group < groups(); ++group)
        if (const RecordPtr record = perHead(group))
            most = std::max(most, static_cast<int>(record->value.dim(0)));
    return most;
}

TokenValues TokenScoresView::valuesOf(int group, int head) const
{
    const analysis::Judgement& judged = fates().groups[static_cast<std::size_t>(group)];
    TokenValues all;
    const RecordPtr record = head < 0 ? nullptr : perHead(group);
    for (int token = 0; token < layout().tokens(); ++token) {
        const auto at = static_cast<std::size_t>(token);
        bool isMet = judged.stood[at] && !layout().isSpecial(token);
        double value = judged.score[at];
        if (head >= 0 && isMet) {
            const int own = record ? record->queries->tokenAt(layout().centre(token)) : -1;
            isMet = own >= 0;
            value = isMet ? static_cast<double>(record->value.data()[head * record->value.dim(1) + own]) : 0;
        }
        all.values.push_back(static_cast<float>(value));
        all.isMet.push_back(isMet);
    }
    return all;
}

ValueScale TokenScoresView::scale() const
{
    ValueRange shown;
    for (int group = 0; group < groups(); ++group)
        for (int head = -1; head < heads(); ++head)
            shown.include(valuesOf(group, head).range());
    Display display = session().display();
    display.scale = ScaleMode::Shown;
    return sequentialScale(display, tr("score"), {shown, shown, shown});
}

ColorBarRoom TokenScoresView::barRoom(const QRectF& body, const Style& style) const
{
    return ColorBarRoom::in(body, scale(), style);
}

PanelGrid TokenScoresView::panels(const QRectF& body, const Style& style) const
{
    return PanelGrid::within(
        barRoom(body, style).rest(body), groups() * columns(), columns(), aspect(), style);
}

double TokenScoresView::heightFor(double width, const Style& style) const
{
    if (!hasFates())
        return width;
    const QRectF trial(0, 0, width - 2 * style.gap, width);
    const QSizeF rest = barRoom(trial, style).rest(trial).size();
    return PanelGrid::heightFor(rest.width(), groups() * columns(), columns(), aspect(), style) + width
        - rest.height() + frameHeight(width, style);
}

QStringList TokenScoresView::badges() const
{
    return QStringList{tr("without colour: gone"), scaleBadge(ScaleMode::Shown)};
}

std::vector<Record> TokenScoresView::data() const
{
    std::vector<Record> all = FatesView::data();
    for (int group = 0; group < groups(); ++group)
        if (const RecordPtr record = perHead(group))
            all.push_back(*record);
    return all;
}

QString TokenScoresView::cellText(QPoint cell) const
{
    QString text = FatesView::cellText(cell);
    const int columns = layout().gridCols(), group = cell.x() / columns;
    const int token = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    QStringList values;
    for (int head = 0; token >= 0 && head < heads(); ++head)
        if (const TokenValues one = valuesOf(group, head); one.meets(static_cast<std::size_t>(token)))
            values << numberText(static_cast<double>(one.values[static_cast<std::size_t>(token)]), 3);
    return values.isEmpty() ? text : text + tr("\nheads: %1").arg(values.join(QStringLiteral(", ")));
}

void TokenScoresView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    const ValueScale colors = scale();
    QRectF maps;
    for (int panel = 0; panel < grid.count; ++panel) {
        const QRectF place = grid.panelOf(panel);
        const int group = panel / columns(), head = panel % columns() - 1;
        painter.setPen(group == chosenGroup() ? style.accent : style.ink);
        paintText(painter, grid.titleOf(panel), Qt::AlignLeft | Qt::AlignVCenter,
            head >= 0 ? tr("head %1").arg(head) : groupName(group), style.smallFont());
        paintMap(painter, place, gridImage(layout(), valuesOf(group, head), colors), style);
        outline(painter, token(), place, style);
        maps = maps.united(place);
    }
    barRoom(body, style).paint(painter, maps, body, colors, style);
}

}
