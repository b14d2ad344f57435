// What the brush's strokes make of the session's edits.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include <algorithm>

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

void FilterBrushView::putDown(QPoint cell, bool adds)
{
    forgetControls(); // at once: the run has the threads
    beforeStroke_ = kept_ = session().slot().edits;
    ownBefore_ = own_;
    addTo(made_, own_);
    if (!adds)
        std::erase_if(kept_, [this](const Edit& edit) { return contains(own_, edit); });
    isDown_ = true;
    ++strokes_;
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
    const std::vector<Edit> own = editsOf(brush_, target(), region);
    std::vector<Edit> edits = kept_;
    edits.insert(edits.end(), own.begin(), own.end());
    session().setEdits(edits, tr("brush"), QStringLiteral("brush %1").arg(strokes_), Merge::Always);
    if (session().slot().edits == edits) // else they were refused
        own_ = own;
    forgetControls();
    preview();
    update();
}

void FilterBrushView::lift()
{
    isDown_ = false;
    measure();
}

void FilterBrushView::cancelStroke()
{
    isDown_ = false;
    own_ = ownBefore_;
    const bool isLast = session().history().undoLabel() == tr("brush");
    if (isLast && session().slot().edits != beforeStroke_)
        session().undo(); // so that no step is left that changes nothing
    session().setEdits(beforeStroke_, tr("brush")); // if something else was done meanwhile
    preview();
    update();
}

void FilterBrushView::clearStrokes()
{
    isDown_ = false;
    addTo(made_, own_);
    own_.clear();
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [this](const Edit& edit) { return contains(made_, edit); });
    session().setEdits(edits, tr("clear the brush"));
}

void FilterBrushView::setBrush(const Brush& brush)
{
    const bool hasStroke = !own_.empty() && !isDown_
        && std::ranges::all_of(own_, [this](const Edit& edit) { return session().hasEdit(edit); });
    brush_ = brush;
    showBar();
    const bool isAimless = brush_.act == BrushAct::Swap && brush_.block.empty();
    if (!hasStroke || !missing().isEmpty() || isAimless)
        return;
    const auto region = regionOf(own_.front()); // the stroke stays where it is
    const std::vector<Edit> own = editsOf(brush_, target(), *region);
    if (own == own_)
        return; // another tool alone: edits stay in their order
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [this](const Edit& edit) { return contains(own_, edit); });
    edits.insert(edits.end(), own.begin(), own.end());
    session().setEdits(edits, tr("brush"), QStringLiteral("brush %1 bar").arg(strokes_));
    if (session().slot().edits != edits)
        return;
    addTo(made_, own_);
    own_ = own;
}

}
