// What a screen reader sees of a View: a table when the view has cells, else a picture. The one place that
// knows Qt's accessibility.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QPoint>

#include <memory>

namespace fovea {

class View;

/// From now on every View is told so. Call it as often as you like.
void installAccessibleViews();
/// What there is to say of the keyboard's cell when `before` was said last: Focus on another cell,
/// ValueChange on the same one, DescriptionChanged of a view without cells.
std::unique_ptr<QAccessibleEvent> cursorEvent(View& view, QPoint before);

}
