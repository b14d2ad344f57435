// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/schedule.h"

#include <cmath>
#include <numbers>

namespace fovea::train {

double Schedule::at(Index step) const
{
    if (step < warmup)
        return rate * static_cast<double>(step + 1) / static_cast<double>(warmup);
    if (form == Form::Epochs)
        return rate * std::pow(gamma, static_cast<double>(step / epoch));
    if (form == Form::Constant || steps <= warmup)
        return rate;
    const double share = static_cast<double>(step - warmup) / static_cast<double>(steps - warmup);
    return rate * (1 + std::cos(std::numbers::pi * std::min(share, 1.0))) / 2;
}

}
