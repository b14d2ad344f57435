// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/catalogue/sweeps.h"

#include <QStandardPaths>

namespace fovea::app {

std::shared_ptr<SweepMemory> sweepMemory()
{
    return std::make_shared<SweepMemory>(
        QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + QStringLiteral("/sweeps.txt"));
}

}
