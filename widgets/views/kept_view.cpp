// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/kept_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/token_map.h"

#include <QPainter>

namespace fovea {

QImage keptPicture(const QImage& picture, const analysis::TokenFates& fates, int group, bool isWhite)
{
    QImage image = picture.convertToFormat(QImage::Format_RGB32);
    const TokenLayout& layout = *fates.layout;
    const Area extent = layout.extent();
    const double sx = image.width() / extent.width, sy = image.height() / extent.height;
    QPainter painter(&image);
    painter.setCompositionMode(
        isWhite ? QPainter::CompositionMode_Source : QPainter::CompositionMode_SourceOver);
    for (int token = 0; token < layout.tokens(); ++token)
        if (fates.droppedIn(token) <= group)
            for (const int cell : layout.cells(token)) {
                const Area area = layout.cellArea(cell);
                const QRectF rect(
                    (area.x - extent.x) * sx, (area.y - extent.y) * sy, area.width * sx, area.height * sy);
                painter.fillRect(rect, isWhite ? QColor(Qt::white) : QColor(0, 0, 0, 185));
            }
    return image;
}

KeptView::KeptView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("kept"), tr("Kept patches"), session, parent)
{
    renew();
}

void KeptView::renew()
{
    FatesView::renew();
    images_.clear();
}

const QImage& KeptView::imageOf(int panel) const
{
    if (images_.empty())
        images_.resize(static_cast<std::size_t>(groups()) + 1);
    QImage& image = images_[static_cast<std::size_t>(panel)];
    if (image.isNull())
        image = panel == 0
            ? picture()
            : keptPicture(picture(), fates(), panel - 1, session().display().dropped == "whitened");
    return image;
}

PanelGrid KeptView::panels(const QRectF& body, const Style& style) const
{
    return PanelGrid::within(body, groups() + 1, 0, aspect(), style);
}

double KeptView::heightFor(double width, const Style& style) const
{
    return hasFates()
        ? PanelGrid::heightFor(width - 2 * style.gap, groups() + 1, groups() + 1, aspect(), style)
            + frameHeight(width, style)
        : width;
}

QStringList KeptView::badges() const
{
    QStringList all{session().display().dropped == "whitened" ? tr("white: dropped") : tr("dark: dropped")};
    if (const QString empty = emptyText(); !empty.isEmpty())
        all.prepend(empty);
    for (int group = 0; group < groups(); ++group)
        for (int token = 0; token < layout().tokens(); ++token)
            if (isClose(group, token)) {
                all << tr("dashed: within 1e-4 of the threshold");
                return all + pictureBadges(session().slot());
            }
    return all + pictureBadges(session().slot());
}

void KeptView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    for (int panel = 0; panel < grid.count; ++panel) {
        const QRectF place = grid.panelOf(panel);
        const int group = groupOfPanel(panel);
        painter.setPen(group == chosenGroup() ? style.accent : style.ink);
        paintText(painter, grid.titleOf(panel), Qt::AlignLeft | Qt::AlignVCenter,
            group < 0 ? tr("input") : keptText(group, true), style.smallFont());
        paintMap(painter, place, imageOf(panel), style);
        if (session().display().grid)
            paintTokenGrid(painter, place, layout(), style);
        for (int token = 0; group >= 0 && token < layout().tokens(); ++token)
            if (isClose(group, token))
                outline(painter, token, place, style, true);
        outline(painter, token(), place, style);
    }
}

}
