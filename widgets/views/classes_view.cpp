// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/classes_view.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/reading.h"

#include "core/analysis/effect.h"

#include <QPainter>

#include <algorithm>

namespace fovea {

namespace {

constexpr int topCount = 5;

double pitchOf(const Style& style) { return 2.8 * style.textSize; }

QString className(const Slot& slot, int index)
{
    return slot.weights && !slot.weights->parts().labels.empty()
        ? QString::fromStdString(slot.weights->label(index))
        : ClassesView::tr("class %1").arg(index);
}

QString percent(double share) { return readingText(100 * share, 3) + QStringLiteral(" %"); }

}

ClassesView::ClassesView(Session& session, QWidget* parent)
    : View(QStringLiteral("classes"), tr("Classes"), session, parent)
{
}

double ClassesView::heightFor(double width, const Style& style) const
{
    const auto count = missing().isEmpty() ? rows().size() : std::size_t{topCount};
    return static_cast<double>(count) * pitchOf(style) + frameHeight(width, style);
}

QString ClassesView::missing() const
{
    const TracePtr& trace = session().slot().trace();
    return trace && trace->output.defined() && analysis::answerOf(trace->output).rank() == 1
        ? QString()
        : tr("The model has given no answer yet.");
}

std::vector<ClassesView::Row> ClassesView::rows() const
{
    const Slot& slot = session().slot();
    const Tensor before = slot.base->output, after = slot.trace()->output;
    const auto p = analysis::softmax(before), q = analysis::softmax(after);
    const auto effect = analysis::effectOf(before, after);
    std::vector<Row> rows;
    for (const auto& score : analysis::topClasses(before, topCount)) {
        const auto i = static_cast<std::size_t>(score.index);
        rows.push_back({score.index, className(slot, score.index), p[i], q[i], effect.logit[i]});
    }
    for (const auto& score : analysis::topClasses(after, 1)) {
        const auto i = static_cast<std::size_t>(score.index);
        if (std::ranges::none_of(rows, [&](const Row& row) { return row.index == score.index; }))
            rows.back() = {score.index, className(slot, score.index), p[i], q[i], effect.logit[i]};
    }
    return rows;
}

QString ClassesView::Row::text(bool isEdited) const
{
    return isEdited ? percent(before) + QStringLiteral(" → ") + percent(after) : percent(before);
}

void ClassesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const bool isEdited = session().slot().edited != nullptr;
    const auto all = rows();
    const double pitch = std::min(body.height() / static_cast<double>(all.size()), pitchOf(style));
    double numbers = 0; // of the widest: probabilities may be tiny
    for (const Row& row : all)
        numbers = std::max(numbers, textWidth(row.text(isEdited), style.smallFont(), style.unitsPerInch));
    double y = body.top();
    for (const Row& row : all) {
        const QRectF line(body.left(), y, body.width(), pitch * 0.6);
        const QRectF bar(body.left(), y + pitch * 0.7, body.width(), pitch * 0.16);
        painter.setPen(style.ink);
        paintText(painter, line.adjusted(0, 0, -numbers - style.gap, 0), Qt::AlignLeft | Qt::AlignVCenter,
            row.label, style.textFont());
        paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, row.text(isEdited), style.smallFont());
        painter.fillRect(bar, style.grid);
        painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * row.after, bar.height())), style.accent);
        if (isEdited) {
            const double x = bar.left() + bar.width() * row.before;
            painter.setPen(QPen(style.ink, 1.5 * style.axisWidth));
            painter.drawLine(QPointF(x, bar.top() - 1), QPointF(x, bar.bottom() + 1));
        }
        y += pitch;
    }
}

QString ClassesView::caption() const
{
    if (!missing().isEmpty())
        return {};
    const Slot& slot = session().slot();
    if (!slot.edited)
        return tr("probability");
    return tr("%1: Δ logit %2").arg(rows().front().label, signedText(rows().front().logitDifference));
}

QStringList ClassesView::badges() const
{
    const Slot& slot = session().slot();
    if (!missing().isEmpty() || !slot.edited)
        return {};
    const auto best = rows().front();
    return {tr("Δ probability %1").arg(signedText(best.after - best.before)),
        tr("KL %1 nat").arg(readingText(analysis::effectOf(slot.base->output, slot.edited->output).kl, 2))};
}

QString ClassesView::spokenText() const
{
    if (!missing().isEmpty())
        return missing();
    const bool isEdited = session().slot().edited != nullptr;
    QStringList lines;
    for (const Row& row : rows())
        lines.append(isEdited ? tr("%1 from %2 to %3").arg(row.label, percent(row.before), percent(row.after))
                              : tr("%1 %2").arg(row.label, percent(row.before)));
    return (lines + badges()).join(QStringLiteral(", "));
}

std::vector<Record> ClassesView::data() const
{
    if (!missing().isEmpty())
        return {};
    std::vector<double> values;
    const auto all = rows();
    for (const Row& row : all)
        values.insert(
            values.end(), {static_cast<double>(row.index), row.before, row.after, row.logitDifference});
    Record record = namedRecord("classes", Kind::Points,
        Tensor::of<double>({static_cast<Index>(all.size()), 4}, values), "most probable classes");
    record.info.fields = {"class", "before", "after", "logit_difference"};
    record.axes = defaultAxes(record.info, record.value.shape());
    QStringList labels;
    for (const Row& row : all)
        labels.append(row.label);
    nameAxis(record, 0, "label", labels);
    return {record};
}

}
