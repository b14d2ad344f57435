// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/survival_view.h"

#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include <QPainter>

namespace fovea {

SurvivalView::SurvivalView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("survival"), tr("Survival"), session, parent)
{
    renew();
}

TokenMap SurvivalView::map() const
{
    TokenMap map;
    map.tokens = map.anchorTokens = &layout();
    for (int token = 0; token < layout().tokens(); ++token) {
        map.values.values.push_back(static_cast<float>(fates().droppedIn(token)));
        map.values.isMet.push_back(!layout().isSpecial(token));
    }
    map.scale.quantity = tr("dropped by group (%1: kept)").arg(groups());
    map.scale.whole = true;
    map.scale.mode = ScaleMode::Fixed;
    map.scale.min = 0;
    map.scale.max = groups();
    map.scale.colors = &ColorMap::named(session().display().colors);
    map.scale.fit(map.values.range());
    map.picture = picture();
    map.opacity = session().display().opacity;
    map.grid = session().display().grid;
    map.anchor = token();
    return map;
}

PanelGrid SurvivalView::panels(const QRectF& body, const Style& style) const
{
    PanelGrid grid{body, 1, 1, {}, 0, aspect(), 0};
    const QRectF picture = TokenMapPlaces::within(body, map(), style).picture;
    grid.area = picture;
    grid.cell = picture.size();
    return grid;
}

double SurvivalView::heightFor(double width, const Style& style) const
{
    return hasFates()
        ? TokenMapPlaces::heightFor(width - 2 * style.gap, map(), style) + frameHeight(width, style)
        : width;
}

QStringList SurvivalView::badges() const { return pictureBadges(session().slot()); }

std::vector<Record> SurvivalView::data() const
{
    std::vector<Record> all = FatesView::data();
    if (hasFates())
        all.push_back(analysis::survivalMap(fates()));
    return all;
}

QString SurvivalView::cellText(QPoint cell) const
{
    const int columns = layout().gridCols();
    const int token = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    if (token < 0)
        return tr("no token");
    const int group = fates().droppedIn(token);
    return group == groups() ? tr("%1: kept to the end").arg(tokenName(layout(), token))
                             : tr("%1: dropped by %2, %3")
                                   .arg(tokenName(layout(), token), groupName(group), fateText(group, token));
}

void SurvivalView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    paintTokenMap(painter, body, map(), style);
}

}
