// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/views/accessible_view.h"
#include "widgets/views/reading.h"

#include <QAccessible>
#include <QPainter>

#include <functional>

namespace fovea {

namespace {

const QString separator = QStringLiteral(" · ");

/// The parts in as few lines as fit, broken between parts.
QStringList wrapped(
    const QStringList& parts, const QString& between, const std::function<bool(const QString&)>& fits)
{
    QStringList lines;
    for (const QString& part : parts)
        if (!lines.isEmpty() && fits(lines.last() + between + part))
            lines.last() += between + part;
        else
            lines.append(part);
    return lines;
}

}

View::View(const QString& id, const QString& title, Session& session, QWidget* parent)
    : QWidget(parent)
    , id_(id)
    , title_(title)
    , session_(session)
{
    setObjectName(id);
    installAccessibleViews();
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&session, &Session::traceChanged, this, &View::refresh);
    connect(&session, &Session::displayChanged, this, &View::refresh);
    connect(&session, &Session::inputChanged, this, &View::refresh);
    connect(&session, &Session::selectionChanged, this, [this] {
        isMoved_ = true;
        if (!isBehind() || hasFocus()) // the keyboard's, which tells where it went
            bringUpToDate();
    });
}

/// Hidden, or wholly outside of what its window shows: QMainWindow hides no dock that is behind a tab, it
/// moves it away.
bool View::isBehind() const
{
    const QWidget* owner = window()->parentWidget();
    if (!window()->isVisible() && !owner)
        return false; // a figure's, or not shown yet
    if (!window()->isVisible()) // a floating dock that was closed
        return owner->window()->isVisible();
    QRect seen = rect();
    for (const QWidget* at = this; !at->isWindow() && !seen.isEmpty(); at = at->parentWidget())
        seen = seen.translated(at->pos()) & at->parentWidget()->rect();
    return !isVisible() || seen.isEmpty();
}

bool View::waitsToBeSeen()
{
    const bool waits = isBehind();
    isStale_ = isStale_ || waits;
    return waits;
}

void View::bringUpToDate()
{
    const auto renewStale = [this] {
        if (std::exchange(isStale_, false))
            renewNow();
    };
    renewStale();
    if (!std::exchange(isMoved_, false))
        return;
    reselect();
    renewStale(); // another record was chosen, say
    announce();
}

void View::followSteps()
{
    connect(&session_.player(), &Player::runsChanged, this,
        [this] { // at once: runs that are gone are not asked for
            isStale_ = true;
            bringUpToDate();
        });
    connect(&session_.player(), &Player::grew, this, [this] {
        if (waitsToBeSeen())
            return;
        if (isStale_) // seen, and not painted yet
            return bringUpToDate();
        gather();
        update();
    });
}

void View::refresh()
{
    if (waitsToBeSeen())
        return;
    isStale_ = true;
    bringUpToDate();
}

void View::renewNow()
{
    renew();
    if (canvas_) {
        canvas_->setVisible(missing().isEmpty());
        canvas_->setGeometry(body().toRect());
    }
    update();
    QAccessibleTableModelChangeEvent other(this, QAccessibleTableModelChangeEvent::ModelReset);
    QAccessible::updateAccessibility(&other);
    announce();
}

QString View::spokenText() const
{
    return missing().isEmpty() ? (QStringList{caption()} + allBadges()).join(separator) : missing();
}

void View::announce()
{
    if (!QAccessible::isActive() || !hasFocus())
        return;
    QAccessible::updateAccessibility(cursorEvent(*this, told_).get());
    const CellTable* table = cellTable();
    told_ = table ? table->current() : CellTable::none;
}

void View::setCanvas(QWidget* canvas)
{
    canvas_ = canvas;
    canvas->setParent(this);
    canvas->setVisible(missing().isEmpty());
}

void View::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!isBehind())
        bringUpToDate();
}

void View::resizeEvent(QResizeEvent*)
{
    if (canvas_)
        canvas_->setGeometry(body().toRect());
}

double View::heightFor(double width, const Style& style) const
{
    return 0.75 * width + (ColorBarRoom::isNarrow(width, style) ? 4 * style.textSize : 0); // a bar below
}

QString View::missing() const
{
    if (!session_.patterns().empty())
        return {};
    const Slot& slot = session_.slot();
    if (!slot.weights && !slot.base)
        return tr("Open a model, or drop one here.");
    if (!slot.base && !slot.input)
        return tr("Drop a picture here: the model has nothing to look at yet.");
    return slot.base ? tr("This trace holds no attention pattern.") : tr("The model is running.");
}

Style View::screenStyle() const { return Style::screen(palette(), font(), logicalDpiX()); }

QStringList View::allBadges() const
{
    const auto count = session_.slot().edits.size();
    const QString edited = count == 1 ? tr("1 edit") : tr("%1 edits").arg(count);
    return drawsEdited() ? QStringList{edited} + badges() : badges();
}

QString View::longestCaption() const
{
    QString longest = caption();
    if (const Patterns& patterns = session_.patterns(); !patterns.empty())
        longest.replace(
            anchorName(patterns, session_.selection()), longestAnchorName(patterns, session_.selection()));
    return longest;
}

View::Footer View::footerFor(double width, const Style& style) const
{
    if (!missing().isEmpty())
        return {{QString()}, {}};
    const auto fits = [&](const QString& text) {
        return textWidth(text, style.smallFont(), style.unitsPerInch) + 2 * style.gap <= width;
    };
    const QStringList done = allBadges();
    const QString longest = longestCaption();
    if (fits(longest + done.join(separator)))
        return {{caption()}, done.join(separator)};
    Footer footer{wrapped(caption().split(separator), separator, fits), {}};
    const auto lines = wrapped(longest.split(separator), separator, fits).size();
    while (footer.lines.size() < lines)
        footer.lines.append(QString());
    footer.badgeLine = static_cast<int>(footer.lines.size());
    footer.lines += wrapped(done, separator, fits);
    return footer;
}

QRectF View::bodyOf(const QRectF& rect, const Style& style) const
{
    const double pad = style.gap;
    const auto lines = static_cast<double>(footerFor(rect.width() - 2 * pad, style).lines.size());
    return rect.adjusted(pad, pad, -pad, -(pad + (0.6 + 1.4 * lines) * style.textSize));
}

double View::frameHeight(double width, const Style& style) const
{
    const QRectF rect(0, 0, width, width);
    return width - bodyOf(rect, style).height();
}

void View::paintMissing(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const double room = rect.width() - 2 * style.gap, pitch = 1.4 * style.textSize;
    const QStringList lines = wrapped(missing().split(QLatin1Char(' ')), QStringLiteral(" "),
        [&](const QString& text) { return textWidth(text, style.textFont(), style.unitsPerInch) <= room; });
    QRectF line(rect.left() + style.gap, rect.center().y() - pitch * static_cast<double>(lines.size()) / 2,
        room, pitch);
    painter.setPen(style.faint);
    for (const QString& text : lines) {
        paintText(painter, line, Qt::AlignCenter, text, style.textFont());
        line.translate(0, pitch);
    }
}

void View::paintFooter(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const QRectF body = bodyOf(rect, style);
    const Footer footer = footerFor(body.width(), style);
    const double pitch = 1.4 * style.textSize;
    QRectF line(body.left(), body.bottom() + 0.6 * style.textSize, body.width(), pitch);
    for (int i = 0; i < static_cast<int>(footer.lines.size()); ++i) {
        painter.setPen(i < footer.badgeLine ? style.faint : style.accent);
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, footer.lines[i], style.smallFont());
        if (i == 0 && !footer.beside.isEmpty()) {
            painter.setPen(style.accent);
            paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, footer.beside, style.smallFont());
        }
        line.translate(0, pitch);
    }
}

void View::paint(QPainter& painter, const QRectF& rect, const Style& style) const
{
    painter.fillRect(rect, style.ground);
    if (!missing().isEmpty())
        return paintMissing(painter, rect, style);
    draw(painter, bodyOf(rect, style), style);
    paintFooter(painter, rect, style);
}

void View::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Style style = screenStyle();
    const QRectF all(rect());
    if (!canvas_) {
        paint(painter, all, style);
    } else {
        painter.fillRect(all, style.ground);
        missing().isEmpty() ? paintFooter(painter, all, style) : paintMissing(painter, all, style);
    }
    if (hasFocus()) {
        painter.setPen(QPen(style.accent, 1));
        painter.drawRect(all.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

}
