// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_brush_view.h"

#include "core/analysis/filter_response.h"

#include <algorithm>
#include <cmath>

namespace fovea {

FilterBrushView::FilterBrushView(Session& session, QWidget* parent)
    : View(QStringLiteral("filter-brush"), tr("Brush"), session, parent)
    , mapsJob_(new Job(this))
    , effectsJob_(new Job(this))
    , rest_(new QTimer(this))
{
    effectsJob_->setBackground(true);
    mapsJob_->setBackground(true);
    rest_->setSingleShot(true);
    rest_->setInterval(restMs);
    connect(rest_, &QTimer::timeout, this, &FilterBrushView::measureControls);
    buildBar();
    connect(mapsJob_, &Job::failed, this, [this](const QString& text) {
        mapsProblem_ = text;
        update();
    });
    connect(effectsJob_, &Job::failed, this, [this](const QString& text) {
        effectsProblem_ = text;
        update();
    });
    connect(&session, &Session::editsChanged, this, &FilterBrushView::editsChanged);
    renew();
}

QString FilterBrushView::missing() const
{
    if (bank_.empty())
        return FilterBank::missing(session());
    return session().slot().weights ? QString() : tr("The brush needs a model, not only a trace.");
}

void FilterBrushView::editsChanged()
{
    if (isApplying_) // the stroke shows itself
        return;
    isDown_ = false; // of other edits than it began on
    forgetControls();
    rest_->start(); // a slider may be under way
    if (waitsToBeSeen())
        return;
    preview();
    update();
}

BrushSubject FilterBrushView::selected() const
{
    const Slot& slot = session().slot();
    BrushSubject now{slot.weights, slot.base, {}, 0, {}};
    if (bank_.empty())
        return now;
    const int layer = std::max(0, bank_.layerOf(session().selection().record));
    const Record& weight = *bank_.weight(layer);
    const analysis::FilterPlane size = analysis::planeOf(weight);
    now.path = weight.path();
    now.channel = bank_.channelOf(layer, session().selection());
    now.plane = {size.rows, size.cols, weight.value.dim(2)};
    return now;
}

void FilterBrushView::renew()
{
    bank_.read(session());
    look(selected());
    preview();
    showBar();
    if (window()->isVisible())
        measure();
}

/// Another filter than before ends the stroke on that one, and all that was measured of it.
void FilterBrushView::look(const BrushSubject& now)
{
    layer_ = bank_.empty() ? -1 : bank_.layerOf(now.path);
    if (now == shows_)
        return;
    isDown_ = false;
    if (now.weights != shows_.weights || now.path != shows_.path || now.plane != shows_.plane
        || (now.channel != shows_.channel && brush_.scope == BrushScope::Channel))
        firstStroke_ = nextStroke();
    shows_ = now;
    pictures_ = {};
    mapBefore_ = mapAfter_ = {};
    mapsJob_->cancel();
    forgetControls();
    const auto last = [](Index count) { return std::max(0, static_cast<int>(count) - 1); };
    cursor_ = {std::min(cursor_.x(), last(now.plane.cols)), std::min(cursor_.y(), last(now.plane.rows))};
}

void FilterBrushView::reselect()
{
    if (selected() == shows_)
        update();
    else
        refresh();
}

void FilterBrushView::showEvent(QShowEvent* event)
{
    View::showEvent(event);
    if (!mapBefore_.defined() && !mapsJob_->isRunning()) // it was made where nobody saw it
        measure();
}

void FilterBrushView::preview()
{
    const bool isThere = missing().isEmpty() && layer_ >= 0;
    if (isThere && shows_.isOf(session().slot())) // else a renewal follows
        pictures_ = picturesOf(session().slot(), shows_, *bank_.weight(layer_));
}

bool FilterBrushView::drawsEdited() const { return !session().slot().edits.empty(); }

QString FilterBrushView::caption() const
{
    if (!missing().isEmpty())
        return {};
    QString all = tr("%1 · channel %2").arg(bank_.name(layer_)).arg(shows_.channel);
    if (!pictures_.region.empty()) {
        const FrequencyPlane& plane = shows_.plane;
        Index held = 0;
        for (Index bin = 0; bin < plane.count(); ++bin)
            held += pictures_.region[static_cast<std::size_t>(bin)] ? plane.weight(bin) : 0;
        all += tr(" · %1 of %2 frequencies").arg(held).arg(plane.rows * plane.cols);
    }
    return all;
}

QStringList FilterBrushView::badges() const
{
    QStringList all{tr("frequency 0 in the middle, kernel in tokens")};
    if (const auto& control = pictures_.control; control.energy > 0)
        all << tr("controls of equal energy: %1 % of the region's energy, %2 % of its frequencies")
                   .arg(std::lround(100 * control.energy))
                   .arg(std::lround(100 * control.shared));
    for (const QString& problem : {mapsProblem_, effectsProblem_})
        if (!problem.isEmpty())
            all << problem;
    return all;
}

}
