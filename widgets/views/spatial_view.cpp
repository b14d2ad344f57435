// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/spatial_view.h"

#include "widgets/plots/painters.h"
#include "widgets/session/navigate.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// The first sample of f32 [1, channel, y, x], each value between the extremes as grey or RGB.
QImage stretched(const Tensor& input)
{
    if (!input.defined() || input.rank() != 4 || input.dtype() != DType::F32)
        return {};
    const Tensor sample = input.at(0);
    ValueRange range;
    range.include(sample);
    const double span = range.max > range.min ? range.max - range.min : 1;
    const int height = static_cast<int>(sample.dim(1)), width = static_cast<int>(sample.dim(2));
    const bool isColor = sample.dim(0) >= 3;
    QImage image(width, height, QImage::Format_RGB32);
    const auto value = [&](Index channel, int y, int x) {
        const double v = static_cast<double>(sample.data()[(channel * height + y) * width + x]);
        return std::isfinite(v) ? static_cast<int>(std::lround((v - range.min) / span * 255)) : 0;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            image.setPixel(x, y,
                isColor ? qRgb(value(0, y, x), value(1, y, x), value(2, y, x))
                        : qRgb(value(0, y, x), value(0, y, x), value(0, y, x)));
    return image;
}

}

QImage inputPicture(const Slot& slot)
{
    if (slot.prepared.picture.defined())
        return pictureImage(slot.prepared.picture);
    return slot.trace() ? stretched(slot.trace()->input) : QImage();
}

SpatialView::SpatialView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : View(id, title, session, parent)
    , chip_(new QToolButton(this))
{
    chip_->setObjectName(QStringLiteral("pinChip"));
    chip_->setAccessibleName(tr("Release the pin"));
    chip_->setToolTip(tr("Release the pin (Esc)"));
    chip_->setCursor(Qt::ArrowCursor);
    chip_->hide();
    connect(chip_, &QToolButton::clicked, this, [this] {
        Selection selection = this->session().selection();
        selection.pin = {};
        this->session().setSelection(selection);
    });
}

double SpatialView::heightFor(double width, const Style& style) const
{
    return 0.9 * width + 2 * style.textSize;
}

QString SpatialView::caption() const
{
    return mapName(session().patterns(), session().selection()) + QStringLiteral(" · ")
        + anchorName(session().patterns(), session().selection());
}

QStringList SpatialView::badges() const
{
    QStringList all = attentionBadges(session().display());
    const Slot& slot = session().slot();
    if (!slot.prepared.picture.defined() && slot.trace() && slot.trace()->input.rank() == 4)
        all.append(tr("picture stretched to its extremes"));
    return all + QStringList{scaleBadge(session().display().scale)};
}

TokenMap SpatialView::whole() const
{
    TokenMap all = map();
    if (picture_.isNull())
        picture_ = inputPicture(session().slot());
    all.picture = picture_;
    all.opacity = session().display().opacity;
    all.grid = session().display().grid;
    return all;
}

void SpatialView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    paintTokenMap(painter, body, whole(), style);
}

std::optional<Spot> SpatialView::spotAt(QPointF point) const
{
    const TokenMap now = map();
    if (!now.anchorTokens)
        return std::nullopt;
    const int token = TokenMapPlaces::within(body(), now, screenStyle()).tokenAt(point, *now.anchorTokens);
    return token < 0 ? std::nullopt : std::optional(spotOf(*now.anchorTokens, token));
}

QPointF SpatialView::pointOf(const TokenLayout& tokens, int token) const
{
    return TokenMapPlaces::within(body(), map(), screenStyle()).pointOf(tokens, token);
}

std::vector<EditTarget> SpatialView::targetsAt(QPointF point) const
{
    std::vector<EditTarget> targets;
    const int layer = session().selection().layer;
    const auto spot = session().patterns().empty() ? std::nullopt : spotAt(point);
    if (!spot)
        return targets;
    for (const auto& target :
        {tokenTarget(session(), layer, fovea::tokenAt(session().patterns().queries(layer), *spot)),
            headTarget(session(), layer, session().selection().head), blockTarget(session(), layer)})
        if (target)
            targets.push_back(*target);
    return targets;
}

void SpatialView::mouseMoveEvent(QMouseEvent* event)
{
    if (!missing().isEmpty())
        return;
    Selection selection = session().selection();
    selection.hover = {};
    const bool isPinned = anchorOf(selection.pin, selection.direction).has_value();
    (isPinned ? otherOf : anchorOf)(selection.hover, selection.direction) = spotAt(event->position());
    session().setSelection(selection);
}

void SpatialView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !missing().isEmpty())
        return View::mousePressEvent(event);
    const auto spot = spotAt(event->position());
    Selection selection = session().selection();
    auto& pin = anchorOf(selection.pin, selection.direction);
    pin = pin == spot ? std::nullopt : spot;
    otherOf(selection.pin, selection.direction) = {};
    session().setSelection(selection);
}

void SpatialView::reselect()
{
    placeChip();
    update();
}

void SpatialView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeChip();
}

void SpatialView::placeChip()
{
    const Selection& selection = session().selection();
    chip_->setVisible(!selection.pin.empty() && missing().isEmpty());
    if (!chip_->isVisibleTo(this))
        return;
    chip_->setText(tr("pinned: %1  ×").arg(anchorName(session().patterns(), selection)));
    chip_->adjustSize();
    chip_->move(width() - chip_->width() - 4, 4);
}

OverlayView::OverlayView(Session& session, QWidget* parent)
    : SpatialView(QStringLiteral("overlay"), tr("Attention on the picture"), session, parent)
{
}

TokenMap OverlayView::map() const
{
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    TokenMap map;
    map.tokens = &patterns.far(s.layer, s.direction);
    map.anchorTokens = &patterns.near(s.layer, s.direction);
    map.anchor = patterns.anchorToken(s.layer, s);
    map.other = s.other() ? fovea::tokenAt(*map.tokens, *s.other()) : -1;
    map.values = patterns.line({s.layer, s.head, s.reading}, s.direction, map.anchor);
    Ranges ranges{rangeOf(map.values), {}, {}};
    for (int head = 0; head < patterns.heads(s.layer); ++head)
        for (const float value : patterns.line({s.layer, head}, s.direction, map.anchor))
            ranges.layer.include(static_cast<double>(value));
    ranges.shown = ranges.layer;
    map.scale = sequentialScale(session().display(), tr("attention"), ranges);
    return map;
}

std::vector<Record> OverlayView::data() const
{
    if (!missing().isEmpty())
        return {};
    const Selection& s = session().selection();
    const TokenMap now = map();
    Record record = namedRecord(session().patterns().layer(s.layer)->path()
            + (s.direction == Direction::QueryRow ? ".row" : ".column"),
        Kind::Vector, Tensor::of<float>({static_cast<Index>(now.values.size())}, now.values), "attention");
    return {record};
}

}
