// What a stroke does to the logits: the most probable classes before and after, beside random cuts. It runs
// nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/views/brush_work.h"

#include <QPainter>
#include <QRectF>

namespace fovea {

/// Logits [class] without and with the edits; `after` is undefined while nothing was run.
struct BrushLogits {
    Tensor before, after;
    BrushEffects controls;
    std::vector<std::string> labels; ///< as many as are known

    /// The `most` most probable classes of `before`, then the most probable of `after` if it is none of them.
    std::vector<int> classes(int most) const;
    QString name(int label) const;
};

/// `slot.base` has logits.
BrushLogits logitsOf(const Slot& slot, const BrushEffects& controls);

/// How much room the lines take in a column, and how many classes that is: as many as have room, from `least`
/// to five.
struct BrushLogitsRoom {
    bool isWide = false; ///< the random cuts stand beside each class, not below the first
    bool isTight = false; ///< no logits, only their changes
    int classes = 0;
    double height = 0;

    static BrushLogitsRoom in(QSizeF column, const Style& style, int least = 1);
};

void paintLogits(QPainter& painter, const QRectF& rect, const BrushLogits& logits,
    const BrushLogitsRoom& room, const Style& style);

}
