// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curve_colors.h"

#include <array>

namespace fovea {

namespace {

// What is near the accent comes last.
constexpr std::array<QRgb, 6> onLight{0x0072b2, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00, 0xd55e00};
constexpr std::array<QRgb, 6> onDark{0x56b4e9, 0x009e73, 0xcc79a7, 0xf0e442, 0xe69f00, 0xd55e00};

}

std::size_t curveColors() { return onLight.size(); }

QColor curveColor(std::size_t index, const QColor& ground)
{
    const auto& colors = ground.lightness() > 127 ? onLight : onDark;
    return QColor(colors[index % colors.size()]);
}

}
