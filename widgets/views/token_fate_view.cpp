// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_fate_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include "core/analysis/relevance_question.h"
#include "core/analysis/token_counterfactuals.h"

#include <QPainter>
#include <QTimer>

#include <cmath>

namespace fovea {

namespace {

double storyLine(const Style& style) { return 1.5 * style.smallTextSize; }

/// A line in as many as it takes, broken between words.
QStringList wrapped(const QString& line, double width, const Style& style)
{
    QStringList all;
    for (const QString& word : line.split(QLatin1Char(' '))) {
        const QString longer = all.isEmpty() ? word : all.last() + QLatin1Char(' ') + word;
        if (!all.isEmpty() && textWidth(longer, style.smallFont(), style.unitsPerInch) < width)
            all.last() = longer;
        else
            all << word;
    }
    return all;
}

}

TokenFateView::TokenFateView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("token-fate"), tr("What decided"), session, parent)
    , timer_(new QTimer(this))
{
    timer_->setSingleShot(true);
    timer_->setInterval(200); // while a slider moves, nobody reads it
    connect(timer_, &QTimer::timeout, this, &TokenFateView::measure);
    renew();
}

int TokenFateView::label() const
{
    const Slot& slot = session().slot();
    try {
        return slot.weights && slot.trace()->output.defined()
            ? analysis::classNamed(session().display().relevanceClass, *slot.weights, slot.trace()->output)
            : -1;
    } catch (const Error&) {
        return -1; // the relevance views say so
    }
}

QString TokenFateView::labelName() const
{
    const auto& labels = session().slot().weights->parts().labels;
    const auto at = static_cast<std::size_t>(asked_.label);
    return coreText(analysis::classText(asked_.label, at < labels.size() ? labels[at] : std::string()));
}

void TokenFateView::renew()
{
    FatesView::renew();
    ask();
}

void TokenFateView::reselect()
{
    ask();
    FatesView::reselect();
}

void TokenFateView::ask()
{
    Asked now{session().slot().trace(), hasFates() ? chosenGroup() : 0, hasFates() ? label() : -1};
    if (now == asked_)
        return;
    asked_ = std::move(now);
    map_.reset();
    stop();
    isDue_ = hasFates() && asked_.label >= 0;
    if (isDue_)
        timer_->start();
}

void TokenFateView::measure()
{
    const Slot& slot = session().slot();
    isDue_ = false;
    if (!hasFates() || asked_.label < 0 || map_ || isRunning() || !isSettled())
        return;
    begin(
        [slot, services = session().services(), asked = asked_,
            path = fates().groups[static_cast<std::size_t>(asked_.group)].path](const Job::Context& context) {
            ExecuteOptions options;
            options.pool = services.pool;
            options.stop = context.stop;
            options.progress = context.progress;
            options.patches = patchesOf(services, context);
            return std::make_shared<const Record>(analysis::counterfactualFates(
                *slot.architecture, *slot.weights, asked.trace, path, asked.label, options));
        },
        [this](std::shared_ptr<const Record> map) { map_ = std::move(map); },
        tr("Turning each patch's fate"));
}

std::optional<double> TokenFateView::attentionBefore(int group, int token) const
{
    const int depth = fates().groups[static_cast<std::size_t>(group)].depth;
    const RecordPtr pattern = session().record("blocks." + std::to_string(depth - 1) + ".attn.pattern");
    if (depth == 0 || !pattern || !pattern->value.defined() || !pattern->queries)
        return std::nullopt;
    const int cls = pattern->queries->specialNamed("cls");
    const int key = pattern->keys->tokenAt(layout().centre(token));
    if (cls < 0 || key < 0)
        return std::nullopt;
    const Index heads = pattern->value.dim(1), n = pattern->value.dim(2);
    double sum = 0;
    for (Index h = 0; h < heads; ++h)
        sum += static_cast<double>(pattern->value.data()[(h * n + cls) * n + key]);
    return sum / static_cast<double>(heads);
}

QStringList TokenFateView::story() const
{
    const int chosen = token();
    if (chosen < 0 || layout().isSpecial(chosen))
        return {tr("Point at a patch.")};
    QStringList lines{tr("Patch %1").arg(tokenName(layout(), chosen))};
    for (int group = 0; group < groups(); ++group) {
        lines << tr("%1: %2").arg(groupName(group), fateText(group, chosen));
        if (const auto attention = attentionBefore(group, chosen))
            lines << tr("    the class token's attention before: %1").arg(numberText(*attention, 3));
        if (!fates().groups[static_cast<std::size_t>(group)].kept[static_cast<std::size_t>(chosen)])
            break;
    }
    const float change = map_ ? map_->value.data()[chosen] : NAN;
    if (std::isfinite(change)) {
        const bool isKept
            = fates().groups[static_cast<std::size_t>(asked_.group)].kept[static_cast<std::size_t>(chosen)];
        lines << (isKept ? tr("dropped by %1 it would change the logit of %2 by %3")
                         : tr("kept by %1 it would change the logit of %2 by %3"))
                     .arg(groupName(asked_.group), labelName(), signedText(static_cast<double>(change)));
    }
    return lines;
}

TokenMap TokenFateView::map() const
{
    TokenMap map;
    map.tokens = map.anchorTokens = &layout();
    for (int token = 0; token < layout().tokens(); ++token) {
        const float value = map_ ? map_->value.data()[token] : NAN;
        map.values.values.push_back(value);
        map.values.isMet.push_back(std::isfinite(value));
    }
    map.scale.quantity = tr("Δ logit");
    map.scale.colors = &ColorMap::named("RdBu");
    map.scale.mode = ScaleMode::Map;
    map.scale.fit(map.values.range());
    map.picture = picture();
    map.opacity = session().display().opacity;
    map.grid = session().display().grid;
    map.anchor = token();
    return map;
}

/// The height of the longest story, where its lines need not be broken.
double TokenFateView::storyHeight(const Style& style) const
{
    return (3.0 * groups() + 3) * storyLine(style);
}

/// The story stands below the map or beside it, whichever leaves the larger map.
QRectF TokenFateView::mapRoom(const QRectF& body, const Style& style) const
{
    const QRectF above = body.adjusted(0, 0, 0, -storyHeight(style) - style.gap),
                 beside = body.adjusted(0, 0, -body.width() / 2, 0);
    const auto size
        = [&](const QRectF& room) { return TokenMapPlaces::within(room, map(), style).picture.width(); };
    return size(above) < size(beside) ? beside : above;
}

PanelGrid TokenFateView::panels(const QRectF& body, const Style& style) const
{
    PanelGrid grid{body, 1, 1, {}, 0, aspect(), 0};
    grid.area = TokenMapPlaces::within(mapRoom(body, style), map(), style).picture;
    grid.cell = grid.area.size();
    return grid;
}

double TokenFateView::heightFor(double width, const Style& style) const
{
    return hasFates() ? TokenMapPlaces::heightFor(width - 2 * style.gap, map(), style) + storyHeight(style)
            + frameHeight(width, style)
                      : width;
}

QString TokenFateView::caption() const
{
    if (!hasFates() || asked_.label < 0)
        return {};
    const QString what
        = tr("%1, each patch's other fate, logit of %2").arg(groupName(asked_.group), labelName());
    return map_ ? what : problem().isEmpty() ? tr("%1: computing…").arg(what) : problem();
}

QStringList TokenFateView::badges() const
{
    return QStringList{tr("red: the logit would rise"), tr("without colour: gone before")}
    + pictureBadges(session().slot());
}

std::vector<Record> TokenFateView::data() const
{
    std::vector<Record> all = FatesView::data();
    if (map_)
        all.push_back(*map_);
    return all;
}

QString TokenFateView::cellText(QPoint cell) const
{
    const int columns = layout().gridCols();
    const int at = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    const float change = map_ && at >= 0 ? map_->value.data()[at] : NAN;
    const QString text = FatesView::cellText(cell);
    return std::isfinite(change)
        ? tr("%1; the other fate: %2 in the logit").arg(text, signedText(static_cast<double>(change)))
        : text;
}

void TokenFateView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const QRectF room = mapRoom(body, style);
    if (map_)
        paintTokenMap(painter, room, map(), style);
    else // there is nothing that a colour bar could say
        paintMap(painter, panels(body, style).panelOf(0), picture(), style);
    const bool isBeside = room.width() < body.width() - 1;
    const double line = storyLine(style);
    QRectF text = isBeside
        ? QRectF(room.right() + 2 * style.gap, body.top(), body.right() - room.right() - 2 * style.gap, line)
        : QRectF(body.left(), room.bottom() + style.gap, body.width(), line);
    painter.setPen(style.ink);
    for (const QString& one : story())
        for (const QString& part : wrapped(one, text.width(), style)) {
            if (text.bottom() <= body.bottom() + 1)
                paintText(painter, text, Qt::AlignLeft | Qt::AlignVCenter, part, style.smallFont());
            text.translate(0, line);
        }
}

}
