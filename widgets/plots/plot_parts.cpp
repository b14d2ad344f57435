// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_parts.h"

#include <qcustomplot.h>

namespace fovea {

namespace {

/// Something of ours on a layer of the plot.
class Painted : public QCPLayerable {
public:
    Painted(
        QCustomPlot* plot, const QString& layer, QCPLayoutElement* clip, std::function<void(QPainter&)> paint)
        : QCPLayerable(plot, layer)
        , clip_(clip)
        , paint_(std::move(paint))
    {
    }

protected:
    QRect clipRect() const override { return clip_->rect(); }
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    void draw(QCPPainter* painter) override
    {
        painter->save();
        paint_(*painter);
        painter->restore();
    }

private:
    QCPLayoutElement* clip_;
    std::function<void(QPainter&)> paint_;
};

/// The ticks that figures have.
class Ticker : public QCPAxisTicker {
public:
    using Ticks = std::function<std::vector<Tick>()>;
    explicit Ticker(Ticks ticks)
        : ticks_(std::move(ticks))
    {
    }
    void generate(const QCPRange&, const QLocale&, QChar, int, QVector<double>& ticks,
        QVector<double>* subTicks, QVector<QString>* labels) override
    {
        ticks.clear();
        if (subTicks)
            subTicks->clear();
        if (labels)
            labels->clear();
        for (const Tick& tick : ticks_()) {
            ticks << tick.value;
            if (labels)
                *labels << tick.text;
        }
    }

private:
    Ticks ticks_;
};

}

void addPainted(
    QCustomPlot* plot, const QString& layer, QCPLayoutElement* clip, std::function<void(QPainter&)> paint)
{
    new Painted(plot, layer, clip, std::move(paint)); // the plot owns it
}

QSharedPointer<QCPAxisTicker> tickerOf(std::function<std::vector<Tick>()> ticks)
{
    return QSharedPointer<QCPAxisTicker>(new Ticker(std::move(ticks)));
}

void keepWithin(QCPAxis* axis, const AxisSpec* whole)
{
    QObject::connect(
        axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), axis, [=](const QCPRange& range) {
            if (whole->max > whole->min)
                axis->setRange(range.bounded(whole->min, whole->max));
        });
}

void follow(QCPAxis* first, QCPAxis* second)
{
    QObject::connect(first, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), second,
        qOverload<const QCPRange&>(&QCPAxis::setRange));
}

QCPMarginGroup* marginGroup(QCustomPlot* plot, const QString& name)
{
    auto* group = plot->findChild<QCPMarginGroup*>(name);
    if (!group) {
        group = new QCPMarginGroup(plot);
        group->setObjectName(name);
    }
    return group;
}

void restyleAxis(QCPAxis* axis, const AxisSpec& spec, const Style& style)
{
    const QPen pen(style.ink, style.axisWidth);
    axis->setBasePen(pen);
    axis->setTickPen(pen);
    axis->setTicks(!spec.bare);
    axis->setTickLabels(!spec.bare);
    axis->setTickLength(0, static_cast<int>(style.tickLength));
    axis->setTickLabelColor(style.ink);
    axis->setLabelColor(style.ink);
    axis->setTickLabelFont(style.smallFont());
    axis->setLabelFont(style.textFont());
    axis->setLabel(spec.label);
    axis->setRangeReversed(spec.downward);
    axis->setScaleType(spec.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
}

}
