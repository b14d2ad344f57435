// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/threshold_view.h"

#include "widgets/plots/text.h"
#include "widgets/views/reading.h"

#include "core/analysis/effect.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>

#include <cmath>

namespace fovea {

namespace {

constexpr int steps = 1000, repeats = 15, mostClasses = 5;
const std::string everyGroup = "stages.*.keep";

QString shareText(double share) { return QStringLiteral("%1 %").arg(numberText(100 * share, 3)); }

}

ThresholdView::ThresholdView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("token-threshold"), tr("Threshold"), session, parent)
    , timer_(new QTimer(this))
    , bar_(new QWidget(this))
    , slider_(new QSlider(Qt::Horizontal))
    , number_(new QDoubleSpinBox)
{
    auto* row = new QHBoxLayout(bar_);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("&Threshold"));
    label->setBuddy(slider_);
    slider_->setRange(1, steps - 1);
    slider_->setAccessibleName(tr("Threshold"));
    number_->setRange(1.0 / steps, 1 - 1.0 / steps);
    number_->setDecimals(3);
    number_->setSingleStep(0.01);
    number_->setAccessibleName(tr("Threshold as a number"));
    for (QWidget* widget : std::initializer_list<QWidget*>{label, slider_, number_})
        row->addWidget(widget, widget == slider_ ? 1 : 0);
    connect(slider_, &QSlider::valueChanged, this,
        [this](int value) { setThreshold(static_cast<double>(value) / steps, slider_->isSliderDown()); });
    connect(
        number_, &QDoubleSpinBox::valueChanged, this, [this](double value) { setThreshold(value, false); });
    timer_->setSingleShot(true);
    timer_->setInterval(120); // while one drags, the picture is more than the clock
    connect(timer_, &QTimer::timeout, this, &ThresholdView::measure);
    giveNoWay();
    renew();
}

QString ThresholdView::missing() const
{
    if (const QString why = FatesView::missing(); !why.isEmpty())
        return why;
    return threshold(0) ? QString() : tr("This model decides by another rule than a threshold.");
}

void ThresholdView::setThreshold(double value, bool isDrag)
{
    if (!missing().isEmpty())
        return;
    const Slot& slot = session().slot();
    std::vector<Edit> edits = slot.edits;
    std::erase_if(
        edits, [](const Edit& edit) { return edit.verb == "threshold" && edit.path == everyGroup; });
    const double own = slot.weights ? slot.weights->config().real("threshold") : 0.5;
    const QString text = QString::number(value, 'g', 6);
    if (std::abs(value - own) > 1e-9)
        edits.push_back(Edit{everyGroup, "threshold", {text.toStdString()}});
    session().setEdits(
        std::move(edits), tr("threshold %1").arg(text), isDrag ? QStringLiteral("threshold") : QString());
}

void ThresholdView::renew()
{
    FatesView::renew();
    if (missing().isEmpty()) {
        const QSignalBlocker one(slider_), other(number_);
        const double now = *threshold(0);
        if (!slider_->isSliderDown())
            slider_->setValue(static_cast<int>(std::lround(now * steps)));
        number_->setValue(now);
    }
    bar_->setEnabled(session().slot().weights != nullptr);
    if (measured_ != session().slot().trace())
        measureSoon();
    placeBar();
}

void ThresholdView::measureSoon()
{
    stop();
    cost_.reset();
    later_ = missing().isEmpty() && session().slot().weights;
    if (later_)
        timer_->start();
}

void ThresholdView::measure()
{
    later_ = false;
    const Slot& slot = session().slot();
    if (!missing().isEmpty() || !slot.weights || !isSettled())
        return;
    measured_ = slot.trace();
    begin(
        [slot, services = session().services()](const Job::Context& context) {
            ExecuteOptions options;
            options.pool = services.pool;
            options.stop = context.stop;
            options.progress = context.progress;
            options.patches = patchesOf(services, context);
            return analysis::measureTokenCost(
                *slot.architecture, *slot.weights, *slot.trace(), repeats, options);
        },
        [this](const analysis::TokenCost& cost) { cost_ = cost; }, tr("Measuring what dropping saves"));
}

void ThresholdView::addCosts(std::vector<Row>& all) const
{
    const auto ratio = [](double now, double full) { return shareText(full > 0 ? now / full : 0); };
    const auto mega = [](std::int64_t macs) { return numberText(static_cast<double>(macs) / 1e6, 4); };
    const auto milli = [](double seconds) { return numberText(1e3 * seconds, 3); };
    if (!cost_) {
        all.push_back({tr("cost"), {problem().isEmpty() ? tr("measuring…") : problem(), {}, {}}});
        return;
    }
    all.push_back({tr("MACs, million"),
        {mega(cost_->fullMacs), mega(cost_->macs),
            ratio(static_cast<double>(cost_->macs), static_cast<double>(cost_->fullMacs))}});
    all.push_back({tr("time, ms"),
        {milli(cost_->fullSeconds), milli(cost_->seconds), ratio(cost_->seconds, cost_->fullSeconds)}});
}

void ThresholdView::addLogits(std::vector<Row>& all) const
{
    if (!cost_)
        return;
    const float *full = cost_->fullLogits.data(), *now = cost_->logits.data();
    const auto& labels = session().slot().weights->parts().labels;
    for (const auto& best : analysis::topClasses(cost_->fullLogits, mostClasses)) {
        const auto c = static_cast<std::size_t>(best.index);
        const QString name = c < labels.size() ? QString::fromStdString(labels[c]) : tr("class %1").arg(c);
        all.push_back({tr("logit, %1").arg(name),
            {numberText(static_cast<double>(full[c]), 4), numberText(static_cast<double>(now[c]), 4),
                signedText(static_cast<double>(now[c]) - static_cast<double>(full[c]))}});
    }
}

std::vector<ThresholdView::Row> ThresholdView::rows() const
{
    std::vector<Row> all;
    for (int group = 0; group < groups(); ++group)
        all.push_back({tr("kept, %1").arg(groupName(group)),
            {shareText(1), shareText(fates().keptShare(group)), QString()}});
    addCosts(all);
    addLogits(all);
    return all;
}

QString ThresholdView::caption() const
{
    return missing().isEmpty() ? tr("threshold %1").arg(numberText(*threshold(0), 4)) : QString();
}

QStringList ThresholdView::badges() const
{
    QStringList all{tr("time: median of %1 forward passes, turn by turn").arg(repeats)};
    if (const QString empty = emptyText(); !empty.isEmpty())
        all.prepend(empty);
    return all;
}

void ThresholdView::placeBar()
{
    bar_->setVisible(missing().isEmpty());
    const QRectF room = body();
    bar_->setGeometry(static_cast<int>(room.left()), static_cast<int>(room.top()),
        static_cast<int>(room.width()), bar_->sizeHint().height());
}

void ThresholdView::resizeEvent(QResizeEvent* event)
{
    FatesView::resizeEvent(event);
    placeBar();
}

/// Below the slider, which a figure has not.
QRectF ThresholdView::tableIn(const QRectF& body, const Style& style) const
{
    const double line = 1.6 * style.textSize;
    const bool isScreen = body == this->body();
    return body.adjusted(0, (isScreen ? bar_->sizeHint().height() + 8 : 0) + line, 0, 0);
}

double ThresholdView::heightFor(double width, const Style& style) const
{
    return missing().isEmpty()
        ? (static_cast<double>(rows().size()) + 1) * 1.6 * style.textSize + frameHeight(width, style)
        : width;
}

QSize ThresholdView::cells() const { return {3, static_cast<int>(rows().size())}; }

void ThresholdView::goTo(QPoint cell)
{
    cursor_ = cell;
    refresh();
}

QString ThresholdView::columnName(int column) const
{
    const QString names[] = {tr("all patches"), tr("now"), tr("now / all, or change")};
    return names[column];
}

QString ThresholdView::rowName(int row) const { return rows()[static_cast<std::size_t>(row)].name; }

QString ThresholdView::cellText(QPoint cell) const
{
    return tr("%1, %2: %3")
        .arg(rowName(cell.y()), columnName(cell.x()),
            rows()[static_cast<std::size_t>(cell.y())].columns[cell.x()]);
}

QRectF ThresholdView::cellRect(QPoint cell) const
{
    const Style style = screenStyle();
    const QRectF table = tableIn(body(), style);
    const double line = 1.6 * style.textSize, name = 0.4 * table.width(), column = 0.2 * table.width();
    return {table.left() + name + cell.x() * column, table.top() + cell.y() * line, column, line};
}

QPoint ThresholdView::cellAt(QPointF point) const
{
    for (int row = 0; row < cells().height(); ++row)
        for (int column = 0; column < 3; ++column)
            if (cellRect({column, row}).contains(point))
                return {column, row};
    return none;
}

void ThresholdView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const QRectF table = tableIn(body, style);
    const double line = 1.6 * style.textSize, name = 0.4 * table.width(), column = 0.2 * table.width();
    const auto cell = [&](int x, double row) {
        return QRectF(table.left() + name + x * column, table.top() + row * line, column - style.gap, line);
    };
    painter.setPen(style.faint);
    const QString heads[] = {tr("all patches"), tr("now"), tr("now / all")};
    for (int x = 0; x < 3; ++x)
        paintText(painter, cell(x, -1), Qt::AlignRight | Qt::AlignVCenter, heads[x], style.smallFont());
    const std::vector<Row> all = rows();
    for (std::size_t y = 0; y < all.size(); ++y) {
        const auto row = static_cast<double>(y);
        painter.setPen(style.ink);
        paintText(painter, QRectF(table.left(), table.top() + row * line, name - style.gap, line),
            Qt::AlignLeft | Qt::AlignVCenter, all[y].name, style.textFont());
        const bool isNote = all[y].columns[1].isEmpty() && all[y].columns[2].isEmpty();
        for (int x = 0; x < (isNote ? 1 : 3); ++x)
            paintText(painter, isNote ? cell(0, row).adjusted(0, 0, 2 * column, 0) : cell(x, row),
                (isNote ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, all[y].columns[x],
                style.textFont());
    }
}

std::vector<Record> ThresholdView::data() const
{
    if (!missing().isEmpty())
        return {};
    std::vector<Record> all = FatesView::data();
    if (!cost_)
        return all;
    const float values[] = {static_cast<float>(cost_->fullMacs), static_cast<float>(cost_->macs),
        static_cast<float>(cost_->fullSeconds), static_cast<float>(cost_->seconds)};
    Record table = namedRecord(
        "tokens.cost", Kind::Matrix, Tensor::of<float>({2, 2}, std::span<const float>(values)), "cost");
    nameAxis(table, 0, "quantity", {"multiply-accumulates", "seconds"});
    nameAxis(table, 1, "run", {"all patches", "now"});
    Record logits = namedRecord("tokens.logits", Kind::Vector, cost_->logits, "logits now");
    Record full = namedRecord("tokens.full_logits", Kind::Vector, cost_->fullLogits, "logits of all patches");
    all.insert(all.end(), {table, logits, full});
    return all;
}

}
