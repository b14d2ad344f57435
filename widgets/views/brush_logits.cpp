// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_logits.h"

#include "widgets/plots/text.h"
#include "widgets/plots/ticks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace fovea {

namespace {

QString logitsText(const char* text) { return QCoreApplication::translate("BrushLogits", text); }

QString numberName() { return logitsText("equal number"); }
QString energyName() { return logitsText("equal energy"); }

double logitPitch(const Style& style) { return 1.5 * style.smallTextSize; }

double smallWidth(const QString& text, const Style& style)
{
    return textWidth(text, style.smallFont(), style.unitsPerInch);
}

/// Widths that hold still whatever the numbers are.
struct LogitColumns {
    double logit, change, range;

    explicit LogitColumns(const Style& style)
        : logit(smallWidth(QStringLiteral("−0.000 → −0.000"), style) + 2 * style.gap)
        , change(smallWidth(QStringLiteral("−0.000"), style) + 2 * style.gap)
        , range(
              std::max(smallWidth(QStringLiteral("−0.000 … −0.000"), style), smallWidth(numberName(), style))
              + 2 * style.gap)
    {
    }
};

double logitOf(const Tensor& values, int label) { return static_cast<double>(values.data()[label]); }

/// Of three digits, but three decimals at most.
QString logitText(double logit)
{
    return std::abs(logit) < 1 ? QString::number(logit, 'f', 3).replace('-', u'−') : readingText(logit, 3);
}

QString spreadText(const std::array<Tensor, controlSeeds>& changes, bool isKnown, int label)
{
    if (!isKnown)
        return QStringLiteral("–");
    const auto [least, most]
        = std::ranges::minmax(changes, {}, [&](const Tensor& t) { return logitOf(t, label); });
    return QStringLiteral("%1 … %2").arg(signedText(logitOf(least, label)), signedText(logitOf(most, label)));
}

/// Right-aligned texts, each in a column of its own from the right end of a line, and one at its left.
class LogitLine {
public:
    LogitLine(QPainter& painter, const QRectF& rect, const Style& style)
        : painter_(painter)
        , rest_(rect)
        , style_(style)
    {
    }
    void right(const QString& text, double width, const QColor& color)
    {
        painter_.setPen(color);
        paintText(painter_, {rest_.right() - width, rest_.top(), width, rest_.height()},
            Qt::AlignRight | Qt::AlignVCenter, text, style_.smallFont());
        rest_.setRight(rest_.right() - width);
    }
    void left(const QString& text, const QColor& color)
    {
        painter_.setPen(color);
        paintText(painter_, rest_, Qt::AlignLeft | Qt::AlignVCenter, text, style_.smallFont());
    }

private:
    QPainter& painter_;
    QRectF rest_;
    const Style& style_;
};

void paintHead(LogitLine head, const LogitColumns& columns, const BrushLogitsRoom& room, const Style& style)
{
    if (room.isWide) {
        head.right(energyName(), columns.range, style.faint);
        head.right(numberName(), columns.range, style.faint);
    }
    head.right(logitsText("change"), columns.change, style.faint);
    if (!room.isTight)
        head.right(logitsText("logit"), columns.logit, style.faint);
    head.left(logitsText("class"), style.faint);
}

void paintClass(LogitLine row, const BrushLogits& logits, int label, const LogitColumns& columns,
    const BrushLogitsRoom& room, const Style& style)
{
    const BrushEffects& controls = logits.controls;
    const double before = logitOf(logits.before, label),
                 after = logitOf(logits.after.defined() ? logits.after : logits.before, label);
    if (room.isWide) {
        row.right(spreadText(controls.energy, controls.isKnown(), label), columns.range, style.ink);
        row.right(spreadText(controls.number, controls.isKnown(), label), columns.range, style.ink);
    }
    row.right(signedText(after - before), columns.change, style.accent);
    if (!room.isTight)
        row.right(
            QStringLiteral("%1 → %2").arg(logitText(before), logitText(after)), columns.logit, style.ink);
    row.left(logits.name(label), style.ink);
}

}

std::vector<int> BrushLogits::classes(int most) const
{
    const auto winnerOf = [](const Tensor& logits) {
        const auto values = logits.values<float>();
        return static_cast<int>(std::ranges::max_element(values) - values.begin());
    };
    std::vector<int> all(static_cast<std::size_t>(before.count()));
    std::iota(all.begin(), all.end(), 0);
    std::ranges::stable_sort(all, std::greater<>(), [&](int label) { return before.data()[label]; });
    all.resize(std::min(all.size(), static_cast<std::size_t>(most)));
    if (after.defined() && std::ranges::find(all, winnerOf(after)) == all.end())
        all.push_back(winnerOf(after));
    return all;
}

QString BrushLogits::name(int label) const
{
    const auto i = static_cast<std::size_t>(label);
    return i < labels.size() ? QString::fromStdString(labels[i]) : logitsText("class %1").arg(label);
}

BrushLogits logitsOf(const Slot& slot, const BrushEffects& controls)
{
    const bool hasRun = slot.edited && areLogits(slot.edited->output);
    return {
        slot.base->output, hasRun ? slot.edited->output : Tensor(), controls, slot.weights->parts().labels};
}

BrushLogitsRoom BrushLogitsRoom::in(QSizeF column, const Style& style, int least)
{
    const LogitColumns columns(style);
    const double names = 6 * style.smallTextSize;
    BrushLogitsRoom room;
    room.isWide = names + columns.logit + columns.change + 2 * columns.range <= column.width();
    room.isTight = names + columns.logit + columns.change > column.width();
    const int others = room.isWide ? 2 : 4; // the head, a new winner, and the random cuts
    const int fitting = static_cast<int>(column.height() / logitPitch(style)) - others;
    room.classes = std::clamp(fitting, least, std::max(least, 5));
    room.height = (room.classes + others) * logitPitch(style);
    return room;
}

void paintLogits(QPainter& painter, const QRectF& rect, const BrushLogits& logits,
    const BrushLogitsRoom& room, const Style& style)
{
    const LogitColumns columns(style);
    QRectF next(rect.left(), rect.top(), rect.width(), logitPitch(style));
    const auto line = [&] {
        const LogitLine made(painter, next, style);
        next.translate(0, logitPitch(style));
        return made;
    };
    const QString indent = QStringLiteral("  ");
    const bool isBrief = smallWidth(indent + numberName(), style) + columns.range > rect.width();
    paintHead(line(), columns, room, style);
    const auto labels = logits.classes(room.classes);
    for (const int label : labels) {
        paintClass(line(), logits, label, columns, room, style);
        if (room.isWide || label != labels.front())
            continue;
        const BrushEffects& controls = logits.controls; // of the first class, below it
        for (const bool isEnergy : {false, true}) {
            LogitLine random = line();
            random.right(spreadText(isEnergy ? controls.energy : controls.number, controls.isKnown(), label),
                columns.range, style.ink);
            const QString name = isBrief ? logitsText(isEnergy ? "energy" : "number")
                                         : (isEnergy ? energyName() : numberName());
            random.left(indent + name, style.faint);
        }
    }
}

}
