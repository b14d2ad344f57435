// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include "core/analysis/filter_response.h"
#include "core/source/stored_filters.h"

#include <QComboBox>
#include <QDoubleSpinBox>

#include <algorithm>
#include <cmath>

namespace fovea {

FilterBrushView::FilterBrushView(Session& session, QWidget* parent)
    : View(QStringLiteral("filter-brush"), tr("Brush"), session, parent)
    , mapsJob_(new Job(this))
    , effectsJob_(new Job(this))
{
    effectsJob_->setBackground(true);
    buildBar();
    connect(&session, &Session::editsChanged, this, [this] {
        if (isDown_) // the stroke shows itself
            return;
        preview();
        update();
    });
    renew();
}

QString FilterBrushView::missing() const
{
    if (bank_.empty())
        return FilterBank::missing(session());
    return session().slot().weights ? QString() : tr("The brush needs a model, not only a trace.");
}

void FilterBrushView::renew()
{
    bank_.read(session());
    layer_ = bank_.empty() ? -1 : std::max(0, bank_.layerOf(session().selection().record));
    preview();
    showBar();
    if (isVisible())
        measure();
}

void FilterBrushView::reselect()
{
    if (isDown_)
        return;
    const Selection& s = session().selection();
    const int layer = bank_.empty() ? -1 : std::max(0, bank_.layerOf(s.record));
    const bool isSame = layer == layer_ && before_.kernel.defined() && shownChannel_ == channel();
    if (!isSame)
        renew();
    update();
}

namespace {

/// A record of one channel of a filter alone.
Record channelOf(const Record& weight, const Tensor& all, Index channel)
{
    Record one = weight;
    const Index size = all.count() / all.dim(0);
    one.value = Tensor({1, all.dim(1), all.dim(2)}, DType::C64);
    std::ranges::copy(all.values<std::complex<float>>().subspan(
                          static_cast<std::size_t>(channel * size), static_cast<std::size_t>(size)),
        one.value.writable<std::complex<float>>().begin());
    return one;
}

}

void FilterBrushView::preview()
{
    region_.clear();
    const Slot& slot = session().slot();
    if (!missing().isEmpty() || layer_ < 0)
        return;
    const Record& weight = *bank_.weight(layer_);
    const auto stored = storedFilters(*slot.weights);
    const Tensor own = stored(weight.path());
    const RecordPtr base = slot.base ? slot.base->find(weight.path()) : nullptr;
    const Tensor before = own.defined() && own.shape() == weight.value.shape() ? own
        : base                                                                 ? base->value
                                                                               : weight.value;
    const analysis::FilterPlane size = analysis::planeOf(weight);
    plane_ = {size.rows, size.cols, before.dim(2)};
    const std::string shows = weight.path() + "." + std::to_string(channel());
    if (shows != shows_)
        before_.map = after_.map = Tensor();
    shows_ = shows;
    shownChannel_ = channel();
    std::vector<Edit> edits;
    for (const Edit& edit : slot.edits)
        if (isOf(edit, weight.path(), shownChannel_) && edit.verb != "patch")
            edits.push_back(edit);
    Tensor after = before;
    try {
        EditPlan plan(
            edits, slot.signalInfos(), slot.architecture->blocks(slot.weights->config()), {}, stored);
        Shown shown{.path = weight.info.path, .queries = weight.queries};
        after
            = plan.apply(shown, before.reshaped(Shape{1, before.dim(0), before.dim(1), before.dim(2)})).at(0);
        for (const Edit& edit : edits)
            if (const auto region = regionOf(edit))
                region_ = region->bins(plane_,
                    channelOf(weight, before, shownChannel_).value.values<std::complex<float>>(),
                    weight.path(), shownChannel_);
    } catch (const std::exception&) {
        after = before; // the run says what is wrong with the edit
    }
    const Record a = channelOf(weight, before, shownChannel_), b = channelOf(weight, after, shownChannel_);
    before_.magnitude = analysis::filterMagnitude(a).value.at(0);
    before_.kernel = analysis::filterKernel(a).value.at(0);
    after_.magnitude = analysis::filterMagnitude(b).value.at(0);
    after_.kernel = analysis::filterKernel(b).value.at(0);
    reachEnergy(a, edits);
}

/// How near the controls of equal energy come, on this channel.
void FilterBrushView::reachEnergy(const Record& channel, const std::vector<Edit>& edits)
{
    energyReached_ = 0;
    const auto last = std::find_if(
        edits.rbegin(), edits.rend(), [](const Edit& edit) { return regionOf(edit).has_value(); });
    if (region_.empty() || last == edits.rend())
        return;
    const auto k = channel.value.values<std::complex<float>>();
    const double wanted = tallyOf(plane_, k, region_).energy;
    for (int seed = 0; seed < controlSeeds && wanted > 0; ++seed) {
        FrequencyRegion drawn = *regionOf(*last);
        drawn.draw = FrequencyRegion::Draw::EqualEnergy;
        drawn.seed = static_cast<std::uint64_t>(seed);
        const Bins bins = drawn.bins(plane_, k, channel.path(), shownChannel_);
        energyReached_ += tallyOf(plane_, k, bins).energy / wanted / controlSeeds;
    }
}

bool FilterBrushView::drawsEdited() const { return !session().slot().edits.empty(); }

BrushTarget FilterBrushView::target() const
{
    const Record& weight = *bank_.weight(layer_);
    BrushTarget target{weight.path(), weight.info.block, channel(), {}};
    for (int layer = 0; layer < bank_.layers(); ++layer)
        if (bank_.weight(layer)->value.shape() == weight.value.shape())
            target.others.push_back(bank_.weight(layer)->path());
    return target;
}

PlanePoint FilterBrushView::pointOf(QPoint cell) const
{
    return {static_cast<double>(cell.y() - plane_.rows / 2) / static_cast<double>(plane_.rows),
        static_cast<double>(cell.x() - plane_.cols / 2) / static_cast<double>(plane_.cols)};
}

Index FilterBrushView::binOf(QPoint cell) const
{
    const Index y = (cell.y() - plane_.rows / 2 + plane_.rows) % plane_.rows,
                x = (cell.x() - plane_.cols / 2 + plane_.cols) % plane_.cols;
    return x < plane_.bins ? y * plane_.bins + x
                           : (plane_.rows - y) % plane_.rows * plane_.bins + plane_.cols - x;
}

void FilterBrushView::putDown(QPoint cell, bool adds)
{
    beforeStroke_ = kept_ = session().slot().edits;
    if (!adds)
        std::erase_if(
            kept_, [this](const Edit& edit) { return std::ranges::find(own_, edit) != own_.end(); });
    isDown_ = true;
    ++strokes_;
    from_ = to_ = cell;
    painted_.assign(static_cast<std::size_t>(plane_.count()), 0);
    moveTo(cell);
}

void FilterBrushView::moveTo(QPoint cell)
{
    const QPoint step = cell - to_; // a fast pointer leaves no gap
    const int steps = std::max({1, std::abs(step.x()), std::abs(step.y())});
    for (int i = 0; i <= steps && brush_.tool == BrushTool::Free; ++i)
        painted_[static_cast<std::size_t>(binOf(to_ + step * i / steps))] = 1;
    to_ = cursor_ = cell;
    apply();
}

void FilterBrushView::apply()
{
    const FrequencyRegion region = brush_.tool == BrushTool::Free
        ? FrequencyRegion::ofBins(plane_, painted_)
        : regionBetween(brush_.tool, pointOf(from_), pointOf(to_), plane_);
    if (brush_.act == BrushAct::Swap && brush_.block.empty())
        return;
    own_ = editsOf(brush_, target(), region);
    std::vector<Edit> edits = kept_;
    edits.insert(edits.end(), own_.begin(), own_.end());
    session().setEdits(edits, tr("brush"), QStringLiteral("brush %1").arg(strokes_));
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
    own_.clear();
    session().setEdits(beforeStroke_, tr("brush"), QStringLiteral("brush %1").arg(strokes_));
    preview();
    update();
}

void FilterBrushView::clearStrokes()
{
    isDown_ = false;
    own_.clear();
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [](const Edit& edit) { return regionOf(edit).has_value(); });
    session().setEdits(edits, tr("clear the brush"));
}

void FilterBrushView::setBrush(const Brush& brush)
{
    const bool hasStroke = !own_.empty() && !isDown_
        && std::ranges::all_of(own_, [this](const Edit& edit) { return session().hasEdit(edit); });
    brush_ = brush;
    showBar();
    if (!hasStroke || !missing().isEmpty())
        return;
    const auto region = regionOf(own_.front()); // the stroke stays where it is
    if (brush_.act == BrushAct::Swap && brush_.block.empty())
        return;
    std::vector<Edit> edits = session().slot().edits;
    std::erase_if(edits, [this](const Edit& edit) { return std::ranges::find(own_, edit) != own_.end(); });
    own_ = editsOf(brush_, target(), *region);
    edits.insert(edits.end(), own_.begin(), own_.end());
    session().setEdits(edits, tr("brush"), QStringLiteral("brush %1 bar").arg(strokes_));
}

QString FilterBrushView::caption() const
{
    if (!missing().isEmpty())
        return {};
    QString all = tr("%1 · channel %2").arg(bank_.name(layer_)).arg(shownChannel_);
    if (!region_.empty()) {
        Index held = 0;
        for (Index bin = 0; bin < plane_.count(); ++bin)
            held += region_[static_cast<std::size_t>(bin)] ? plane_.weight(bin) : 0;
        all += tr(" · %1 of %2 frequencies").arg(held).arg(plane_.rows * plane_.cols);
    }
    return all;
}

QStringList FilterBrushView::badges() const
{
    QStringList all{tr("frequency 0 in the middle, kernel in tokens")};
    if (energyReached_ > 0)
        all << tr("controls of equal energy hold %1 % of it").arg(std::lround(100 * energyReached_));
    return all;
}

}
