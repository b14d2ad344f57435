// What Canvas needs of QCustomPlot in our own shape: layers that we paint, our ticks, our look. For
// canvas.cpp only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/ticks.h"

#include <QPainter>
#include <QSharedPointer>

#include <functional>

class QCPAxis;
class QCPAxisTicker;
class QCPLayoutElement;
class QCPMarginGroup;
class QCustomPlot;

namespace fovea {

/// Something of ours on a layer of the plot, clipped to an element of its layout.
void addPainted(
    QCustomPlot* plot, const QString& layer, QCPLayoutElement* clip, std::function<void(QPainter&)> paint);
/// The ticks that figures have.
QSharedPointer<QCPAxisTicker> tickerOf(std::function<std::vector<Tick>()> ticks);
/// Zoom and drag stop at the ends of the whole axis, which may change.
void keepWithin(QCPAxis* axis, const AxisSpec* whole);
/// The second axis shows the range of the first.
void follow(QCPAxis* first, QCPAxis* second);
/// The margin group of that name, made at first use.
QCPMarginGroup* marginGroup(QCustomPlot* plot, const QString& name);
void restyleAxis(QCPAxis* axis, const AxisSpec& spec, const Style& style);

}
