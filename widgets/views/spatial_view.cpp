// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/spatial_view.h"

#include "widgets/plots/painters.h"
#include "widgets/session/navigate.h"
#include "widgets/session/patterns.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include <QLabel>
#include <QMouseEvent>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace fovea {

SpatialView::SpatialView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : View(id, title, session, parent)
    , chip_(new QToolButton(this))
    , hint_(new QLabel(this))
{
    hint_->setForegroundRole(QPalette::PlaceholderText);
    hint_->setAttribute(Qt::WA_TransparentForMouseEvents);
    hint_->hide();
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

void SpatialView::setHint(const QString& text) { hint_->setText(text); }

double SpatialView::heightFor(double width, const Style& style) const
{
    return missing().isEmpty()
        ? TokenMapPlaces::heightFor(width - 2 * style.gap, map(), style) + frameHeight(width, style)
        : width;
}

QString SpatialView::caption() const
{
    return mapName(session().patterns(), session().selection()) + QStringLiteral(" · ")
        + anchorName(session().patterns(), session().selection());
}

QStringList SpatialView::badges() const
{
    return attentionBadges(session().display()) + pictureBadges(session().slot())
        + QStringList{scaleBadge(session().display().scale)};
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
    const int token = placesOf(now).tokenAt(point, *now.anchorTokens);
    return token < 0 ? std::nullopt : std::optional(spotOf(*now.anchorTokens, token));
}

QPointF SpatialView::pointOf(const TokenLayout& tokens, int token) const
{
    return placesOf(map()).pointOf(tokens, token);
}

QPoint SpatialView::current() const
{
    const TokenMap now = map();
    int strongest = now.other;
    for (std::size_t i = 0; i < now.values.values.size() && now.other < 0; ++i)
        if (const float value = now.values.values[i]; std::isfinite(value)
            && (strongest < 0 || value > now.values.values[static_cast<std::size_t>(strongest)]))
            strongest = static_cast<int>(i);
    return TokenCells{now.tokens}.cellOf(strongest);
}

void SpatialView::goTo(QPoint cell)
{
    const TokenMap now = map();
    const int token = TokenCells{now.tokens}.tokenAt(cell);
    Selection selection = session().selection();
    Cell& moving = otherOf(selection.pin, selection.direction) ? selection.pin : selection.hover;
    if (token >= 0)
        otherOf(moving, selection.direction) = spotOf(*now.tokens, token);
    session().setSelection(selection);
}

QString SpatialView::cellText(QPoint cell) const
{
    const TokenMap now = map();
    const int token = TokenCells{now.tokens}.tokenAt(cell);
    const Direction direction = session().selection().direction;
    const bool isRow = direction == Direction::QueryRow;
    const QString anchor = tokenName(*now.anchorTokens, now.anchor), other = tokenName(*now.tokens, token);
    const QString names = tr("query %1, key %2").arg(isRow ? anchor : other, isRow ? other : anchor);
    const auto index = static_cast<std::size_t>(token);
    return token < 0 || !now.values.meets(index)
        ? tr("%1, not seen").arg(names)
        : names + QStringLiteral(", ") + rankedText(now.values.values, index, direction);
}

QRectF SpatialView::cellRect(QPoint cell) const
{
    const TokenMap now = map();
    return placesOf(now).rectOf(cell, now);
}

QPoint SpatialView::cellAt(QPointF point) const
{
    const TokenMap now = map();
    return placesOf(now).cellAt(point, now);
}

void SpatialView::moveBy(int columns, int rows)
{
    if (!session().patterns().empty())
        session().setSelection(movedCell(session().patterns(), session().selection(), columns, rows));
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

void SpatialView::renew()
{
    picture_ = QImage();
    placeHint();
}

void SpatialView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeHint();
}

void SpatialView::placeHint()
{
    hint_->adjustSize();
    hint_->move(width() - hint_->width() - 8, 8);
    hintHasRoom_ = false;
    if (missing().isEmpty() && !hint_->text().isEmpty()) {
        const TokenMap now = map();
        const TokenMapPlaces places = placesOf(now);
        hintHasRoom_ = places.specials.left() + now.anchorTokens->specialCount() * places.special < hint_->x()
            && hint_->geometry().bottom() < places.picture.top();
    }
    placeChip();
}

void SpatialView::placeChip()
{
    const Selection& selection = session().selection();
    hint_->setVisible(selection.pin.empty() && hintHasRoom_);
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
    setHint(tr("hover a patch · click to pin it"));
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
    map.values = {patterns.line({s.layer, s.head, s.reading}, s.direction, map.anchor),
        patterns.reach(s.layer, s.direction, map.anchor)};
    Ranges ranges{map.values.range(), {}, {}};
    for (int head = 0; head < patterns.heads(s.layer); ++head)
        ranges.layer.include(
            TokenValues{patterns.line({s.layer, head}, s.direction, map.anchor), map.values.isMet}.range());
    ranges.shown = ranges.layer;
    map.scale = sequentialScale(session().display(), tr("attention"), ranges);
    return map;
}

QStringList OverlayView::badges() const
{
    QStringList all = SpatialView::badges();
    const Patterns& patterns = session().patterns();
    const Selection& s = session().selection();
    const auto isMet = patterns.reach(s.layer, s.direction, patterns.anchorToken(s.layer, s));
    if (std::ranges::find(isMet, false) != isMet.end())
        all.prepend(tr("without colour: not seen"));
    if (session().display().scale == ScaleMode::Layer || session().display().scale == ScaleMode::Shown)
        all.back() = session().selection().direction == Direction::QueryRow
            ? tr("colours: this layer, this query")
            : tr("colours: this layer, this key");
    return all;
}

std::vector<Record> OverlayView::data() const
{
    if (!missing().isEmpty())
        return {};
    const Selection& s = session().selection();
    const TokenMap now = map();
    const std::vector<float>& values = now.values.values;
    const bool isRow = s.direction == Direction::QueryRow;
    Record record = namedRecord(session().patterns().layer(s.layer)->path() + (isRow ? ".row" : ".column"),
        Kind::Vector, Tensor::of<float>({static_cast<Index>(values.size())}, values), "attention");
    QStringList names;
    for (int token = 0; token < static_cast<int>(values.size()); ++token)
        names.append(QString::fromStdString(now.tokens->name(token)));
    nameAxis(record, 0, isRow ? "key" : "query", names);
    return {record};
}

}
