// What the brush's strokes make of the session's edits.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include <algorithm>
#include <iterator>

namespace fovea {

BrushTarget FilterBrushView::target() const
{
    const Record& weight = *bank_.weight(layer_);
    BrushTarget target{weight.path(), weight.info.block, shows_.channel, {}};
    for (int layer = 0; layer < bank_.layers(); ++layer)
        if (bank_.weight(layer)->value.shape() == weight.value.shape())
            target.others.push_back(bank_.weight(layer)->path());
    return target;
}

namespace {

QString keyOf(int stroke) { return QStringLiteral("brush %1").arg(stroke); }

}

/// So that no two are called alike, whichever brush they are of.
int FilterBrushView::nextStroke()
{
    static int made = 0;
    return ++made;
}

/// Undo and redo bring edits back with the strokes they are of, so that what is there says which is last.
int FilterBrushView::lastStroke() const
{
    int last = 0;
    for (const Edit& edit : session().slot().edits)
        if (edit.stroke >= firstStroke_)
            last = std::max(last, edit.stroke);
    return last;
}

std::vector<Edit> FilterBrushView::editsOfStroke(int stroke) const
{
    std::vector<Edit> all;
    std::ranges::copy_if(session().slot().edits, std::back_inserter(all),
        [stroke](const Edit& edit) { return stroke > 0 && edit.stroke == stroke; });
    return all;
}

void FilterBrushView::putDown(QPoint cell, bool adds)
{
    forgetControls(); // at once: the run has the threads
    beforeStroke_ = kept_ = session().slot().edits;
    if (const int last = lastStroke(); !adds && last > 0)
        std::erase_if(kept_, [last](const Edit& edit) { return edit.stroke == last; });
    isDown_ = true;
    stroke_ = nextStroke();
    from_ = to_ = cell;
    painted_.assign(static_cast<std::size_t>(shows_.plane.count()), 0);
    moveTo(cell);
}

void FilterBrushView::moveTo(QPoint cell)
{
    if (!missing().isEmpty())
        return;
    const QPoint step = cell - to_; // a fast pointer leaves no gap
    const int steps = std::max({1, std::abs(step.x()), std::abs(step.y())});
    for (int i = 0; i <= steps && brush_.tool == BrushTool::Free; ++i)
        painted_[static_cast<std::size_t>(binOf(to_ + step * i / steps))] = 1;
    to_ = cursor_ = cell;
    apply();
}

void FilterBrushView::apply()
{
    if (brush_.act == BrushAct::Swap && brush_.block.empty())
        return;
    const FrequencyRegion region = brush_.tool == BrushTool::Free
        ? FrequencyRegion::ofBins(shows_.plane, painted_)
        : regionBetween(brush_.tool, pointOf(from_), pointOf(to_), shows_.plane);
    std::vector<Edit> edits = kept_;
    for (Edit& edit : editsOf(brush_, target(), region)) {
        edit.stroke = stroke_;
        edits.push_back(std::move(edit));
    }
    isApplying_ = true;
    session().setEdits(std::move(edits), tr("brush"), keyOf(stroke_), Merge::Always);
    isApplying_ = false;
    forgetControls();
    preview();
    update();
}

void FilterBrushView::lift()
{
    if (session().slot().edits == beforeStroke_)
        return cancelStroke(); // it came to nothing
    isDown_ = false;
    measure();
}

void FilterBrushView::cancelStroke()
{
    isDown_ = false;
    if (!session().takeBackEdits(keyOf(stroke_)))
        session().setEdits(beforeStroke_, tr("brush")); // something else was done meanwhile
    measure();
    preview();
    update();
}

void FilterBrushView::clearStrokes()
{
    isDown_ = false;
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [](const Edit& edit) { return edit.stroke > 0; });
    session().setEdits(edits, tr("clear the brush"));
}

void FilterBrushView::setBrush(const Brush& brush)
{
    const int last = lastStroke();
    const std::vector<Edit> before = editsOfStroke(last);
    brush_ = brush;
    if (brush_.act == BrushAct::Swap && brush_.scope == BrushScope::All)
        brush_.scope = BrushScope::Layer;
    showBar();
    const bool isAimless = brush_.act == BrushAct::Swap && brush_.block.empty();
    if (before.empty() || isDown_ || !missing().isEmpty() || isAimless)
        return;
    const auto region = regionOf(before.front()); // the stroke stays where it is
    std::vector<Edit> after = editsOf(brush_, target(), *region);
    if (after == before)
        return; // another tool alone: edits stay in their order
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [last](const Edit& edit) { return edit.stroke == last; });
    for (Edit& edit : after) {
        edit.stroke = last;
        edits.push_back(std::move(edit));
    }
    session().setEdits(std::move(edits), tr("brush"), keyOf(last) + QStringLiteral(" bar"));
}

}
