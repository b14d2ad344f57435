// The words on a figure's page. It checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/page.h"

namespace fovea {

/// What is written on a page, in the order of the painting.
inline QStringList textsOn(const figure::Page& page)
{
    QStringList texts;
    for (const figure::PageItem& item : page.items())
        if (const auto* text = std::get_if<figure::TextItem>(&item.what))
            texts << text->text.trimmed();
    return texts;
}

}
