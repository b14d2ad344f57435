// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"

#include "widgets/plots/painters.h"

#include <cmath>

namespace fovea {

ColorBar::ColorBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setScale(scale_);
}

void ColorBar::setScale(const ValueScale& scale)
{
    scale_ = scale;
    setAccessibleName(tr("Colour bar: %1").arg(scale.label()));
    setAccessibleDescription(tr("from %1 to %2").arg(numberText(scale.min), numberText(scale.max)));
    updateGeometry();
    update();
}

QSize ColorBar::sizeHint() const
{
    const Style style = Style::screen(palette(), font(), logicalDpiY());
    const double width = colorBarWidth(scale_, std::max(height(), 100), style) + 2 * style.gap;
    return {static_cast<int>(std::ceil(width)), 100};
}

void ColorBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Style style = Style::screen(palette(), font(), logicalDpiY());
    painter.fillRect(rect(), style.ground);
    const double margin = style.smallTextSize;
    paintColorBar(painter, QRectF(rect()).adjusted(style.gap, margin, 0, -margin), scale_, style);
}

}
