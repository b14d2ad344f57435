// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/effect_views.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include "core/analysis/effect.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr int topCount = 5;

QString signedText(double value)
{
    return (value > 0 ? QStringLiteral("+") : QString()) + readingText(value, 2);
}

/// With as many decimals as the largest value needs for two digits: all cells of a map alike.
QString cellText(double value, double largest)
{
    const int decimals
        = largest > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(largest))), 0, 6) : 0;
    const QString text = QString::number(std::abs(value), 'f', decimals);
    const bool isZero = text.toDouble() == 0;
    return (isZero ? QString() : QString(value < 0 ? QChar(0x2212) : QLatin1Char('+'))) + text;
}

QString percent(double share) { return readingText(100 * share, 3) + QStringLiteral(" %"); }

}

ClassesView::ClassesView(Session& session, QWidget* parent)
    : View(QStringLiteral("classes"), tr("Classes"), session, parent)
{
}

double ClassesView::heightFor(double, const Style& style) const
{
    return (topCount * 2.6 + 3.5) * style.textSize;
}

QString ClassesView::missing() const
{
    const TracePtr& trace = session().slot().trace();
    return trace && trace->output.defined() && trace->output.rank() == 1
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
        const std::string label
            = slot.weights ? slot.weights->label(score.index) : std::to_string(score.index);
        rows.push_back({score.index, QString::fromStdString(label), p[i], q[i], effect.logit[i]});
    }
    for (const auto& score : analysis::topClasses(after, 1)) {
        const auto i = static_cast<std::size_t>(score.index);
        if (std::ranges::none_of(rows, [&](const Row& row) { return row.index == score.index; }))
            rows.back() = {score.index,
                QString::fromStdString(
                    slot.weights ? slot.weights->label(score.index) : std::to_string(score.index)),
                p[i], q[i], effect.logit[i]};
    }
    return rows;
}

void ClassesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const bool isEdited = session().slot().edited != nullptr;
    const auto all = rows();
    const double pitch = std::min(body.height() / topCount, 2.8 * style.textSize);
    const double numbers
        = textWidth(QStringLiteral("00.0 % → 00.0 %"), style.smallFont(), style.unitsPerInch);
    double y = body.top();
    for (const Row& row : all) {
        const QRectF line(body.left(), y, body.width(), pitch * 0.6);
        const QRectF bar(body.left(), y + pitch * 0.7, body.width(), pitch * 0.16);
        painter.setPen(style.ink);
        const QString text = isEdited ? percent(row.before) + QStringLiteral(" → ") + percent(row.after)
                                      : percent(row.before);
        paintText(painter, line.adjusted(0, 0, -numbers - style.gap, 0), Qt::AlignLeft | Qt::AlignVCenter,
            row.label, style.textFont());
        paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, text, style.smallFont());
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
    return {record};
}

SweepView::SweepView(Session& session, QWidget* parent)
    : View(QStringLiteral("sweep"), tr("Head sweep"), session, parent)
    , start_(new QPushButton(tr("Sweep all heads"), this))
{
    start_->setToolTip(tr("Switch each head off, one at a time, and measure the effect"));
    connect(start_, &QPushButton::clicked, &session, &Session::startSweep);
    connect(&session, &Session::sweepChanged, this, [this] {
        refresh();
        placeButton();
    });
    connect(&session, &Session::traceChanged, this, &SweepView::placeButton);
}

void SweepView::placeButton()
{
    start_->setVisible(session().slot().weights && !session().sweep());
    start_->adjustSize();
    start_->move((width() - start_->width()) / 2, height() / 2 + 16);
}

void SweepView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeButton();
}

QString SweepView::missing() const
{
    if (session().sweep())
        return {};
    return session().slot().weights ? tr("What does the answer lose without each head?")
                                    : tr("A sweep needs a model, not only a trace.");
}

ValueScale SweepView::scale() const
{
    ValueScale scale;
    scale.quantity = tr("effect on the logit");
    scale.colors = &ColorMap::named(ColorMap::names(ColorMap::Kind::Diverging).first());
    scale.mode = ScaleMode::Shown;
    ValueRange range;
    range.include(session().sweep()->value);
    scale.fit(range);
    return scale;
}

QRectF SweepView::mapRect(const QRectF& body, const Style& style) const
{
    const Tensor& values = session().sweep()->value;
    const double label = 2.4 * style.smallTextSize;
    const double bar = colorBarWidth(scale(), body.height(), style) + style.gap;
    const QRectF room = body.adjusted(label, 0, -bar, -1.6 * style.smallTextSize);
    const double height = room.height() / static_cast<double>(values.dim(0));
    const double width = std::min(room.width() / static_cast<double>(values.dim(1)), 2.5 * height);
    return {room.topLeft(), QSizeF(width * static_cast<double>(values.dim(1)), room.height())};
}

void SweepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor& values = session().sweep()->value;
    const QRectF at = mapRect(body, style);
    const double w = at.width() / static_cast<double>(values.dim(1));
    const double h = at.height() / static_cast<double>(values.dim(0));
    const auto cell = [&](Index layer, Index head) {
        return QRectF(
            at.left() + static_cast<double>(head) * w, at.top() + static_cast<double>(layer) * h, w, h);
    };
    const QFont font = style.smallFont();
    const auto numbers = values.toDoubles();
    const bool hasRoom = w > 1.2 * textWidth(QStringLiteral("−0.000"), font, style.unitsPerInch)
        && h > 1.4 * style.smallTextSize;
    const ValueScale colors = scale();
    paintMap(painter, at, mapImage(values, colors), style);
    for (Index layer = 0; layer < values.dim(0); ++layer) {
        const QRectF first = cell(layer, 0);
        painter.setPen(style.faint);
        paintText(painter, {body.left(), first.top(), first.left() - body.left() - style.gap / 2, h},
            Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("L%1").arg(layer), font);
        for (Index head = 0; hasRoom && head < values.dim(1); ++head) {
            const double value = numbers[static_cast<std::size_t>(layer * values.dim(1) + head)];
            painter.setPen(qGray(colors.color(value)) < 128 ? Qt::white : Qt::black);
            paintText(painter, cell(layer, head), Qt::AlignCenter, cellText(value, colors.max), font);
        }
    }
    painter.setPen(style.faint);
    for (Index head = 0; head < values.dim(1); ++head)
        paintText(painter, {cell(0, head).left(), at.bottom(), w, 1.6 * style.smallTextSize}, Qt::AlignCenter,
            QStringLiteral("H%1").arg(head), font);
    const Selection& s = session().selection();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth));
    if (s.layer < values.dim(0) && s.head < values.dim(1))
        painter.drawRect(cell(s.layer, s.head));
    paintColorBar(
        painter, {at.right() + style.gap, at.top(), body.right() - at.right(), at.height()}, colors, style);
}

QString SweepView::caption() const
{
    if (!session().sweep())
        return {};
    const Tensor& values = session().sweep()->value;
    const Selection& s = session().selection();
    if (s.layer >= values.dim(0) || s.head >= values.dim(1))
        return {};
    const double value = values.toDoubles()[static_cast<std::size_t>(s.layer * values.dim(1) + s.head)];
    return tr("%1: L%2 H%3 off changes it by %4")
        .arg(QString::fromStdString(session().sweep()->info.role))
        .arg(s.layer)
        .arg(s.head)
        .arg(signedText(value));
}

std::vector<Record> SweepView::data() const
{
    return session().sweep() ? std::vector<Record>{*session().sweep()} : std::vector<Record>();
}

std::pair<int, int> SweepView::headAt(QPointF point) const
{
    if (!session().sweep())
        return {-1, -1};
    const QRectF at = mapRect(body(), screenStyle());
    if (!at.contains(point))
        return {-1, -1};
    const Tensor& values = session().sweep()->value;
    return {static_cast<int>((point.y() - at.top()) / at.height() * static_cast<double>(values.dim(0))),
        static_cast<int>((point.x() - at.left()) / at.width() * static_cast<double>(values.dim(1)))};
}

std::vector<EditTarget> SweepView::targetsAt(QPointF point) const
{
    const auto [layer, head] = headAt(point);
    std::vector<EditTarget> targets;
    if (layer >= 0 && layer < session().patterns().layers())
        if (const auto target = headTarget(session(), layer, head))
            targets.push_back(*target);
    return targets;
}

void SweepView::mousePressEvent(QMouseEvent* event)
{
    const auto [layer, head] = headAt(event->position());
    if (event->button() != Qt::LeftButton || layer < 0)
        return View::mousePressEvent(event);
    Selection selection = session().selection();
    selection.layer = layer;
    selection.head = head;
    selection.reading = HeadReading::One;
    session().setSelection(selection);
}

}
