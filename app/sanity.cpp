// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sanity.h"

#include "app/resources.h"

#include <QStandardPaths>

namespace fovea::app {

std::shared_ptr<io::SanityMemory> sanityMemory()
{
    constexpr auto name = "/sanity.json";
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return std::make_shared<io::SanityMemory>(
        std::vector<std::string>{resourcesFolder() + "/models" + name}, folder.toStdString() + name);
}

}
