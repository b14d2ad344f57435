// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_plate_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/analysis/filter_response.h"
#include "core/analysis/spectrum_profile.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double between = 12; ///< of panels

/// Two maps with axes and bars beside one another would have no room there.
bool isOneColumn(double width, const Style& style) { return width < 44 * style.textSize; }

/// Cells around the values of an axis, each as wide as the way to the next.
AxisSpec axisOf(const Axis& axis)
{
    const std::vector<double>& at = axis.values;
    const double half = at.size() > 1 ? (at[1] - at[0]) / 2 : 0.5;
    AxisSpec spec;
    spec.label = coreText(axis.name); // the unit is a badge
    spec.min = at.front() - half;
    spec.max = at.back() + half;
    spec.whole = half == 0.5;
    return spec;
}

ValueScale scaleWith(ColorMap::Kind kind, const QString& quantity, const Tensor& map)
{
    ValueScale scale;
    scale.quantity = quantity;
    scale.colors = &ColorMap::named(ColorMap::names(kind).first());
    ValueRange range;
    range.include(map);
    scale.fit(range);
    return scale;
}

/// Grey where there is no number: nothing passes there, so that it has no phase.
QImage cellsOf(const Tensor& map, const ValueScale& scale)
{
    QImage cells = mapImage(map, scale).convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < cells.height(); ++y)
        for (int x = 0; x < cells.width(); ++x)
            if (!std::isfinite(map.data()[y * map.dim(1) + x]))
                cells.setPixelColor(x, y, Qt::transparent);
    return cells;
}

/// A channel of a Grid with its axes in the units of the record, and a colour bar.
void paintPlane(QPainter& painter, const QRectF& rect, const Record& grid, const Tensor& map,
    const ValueScale& scale, const Style& style)
{
    AxisSpec y = axisOf(grid.axes[1]);
    y.downward = true;
    const ColorBarRoom bar{false, colorBarWidth(scale, rect.height(), style), style.textSize};
    PlotFrame frame = PlotFrame::within(bar.rest(rect), axisOf(grid.axes[2]), y, style);
    const double aspect = static_cast<double>(map.dim(0)) / static_cast<double>(map.dim(1));
    const QSizeF size = QSizeF(1, aspect).scaled(frame.area.size(), Qt::KeepAspectRatio);
    frame.area = QRectF(frame.area.topLeft(), size);
    paintMap(painter, frame.area, cellsOf(map, scale), style);
    paintAxes(painter, frame, style, true);
    bar.paint(painter, frame.area, rect, scale, style);
}

std::vector<double> rowOf(const Record& matrix, Index row) { return matrix.value.at(row).toDoubles(); }

/// One channel's curve and the mean over all.
struct Profile {
    std::vector<double> x, own, mean;
    double most() const
    {
        double most = 0;
        for (const auto& curve : {own, mean})
            for (const double value : curve)
                most = std::isfinite(value) ? std::max(most, value) : most;
        return most;
    }
};

Profile profileOf(const Record& profiles, Index channel)
{
    return {profiles.axes[1].values, rowOf(profiles, channel), rowOf(analysis::channelMean(profiles), 0)};
}

/// Directions come round: 180 degrees are 0.
Profile closed(Profile profile)
{
    profile.x.push_back(180);
    profile.own.push_back(profile.own.front());
    profile.mean.push_back(profile.mean.front());
    return profile;
}

void paintProfile(QPainter& painter, const QRectF& rect, const Profile& profile, const AxisSpec& x,
    const AxisSpec& y, const Style& style)
{
    const PlotFrame frame = PlotFrame::within(rect, x, y, style);
    paintAxes(painter, frame, style);
    paintCurve(painter, frame, profile.x, profile.mean, {style.faint, style.lineWidth, Qt::DashLine});
    paintCurve(painter, frame, profile.x, profile.own, {style.accent, style.lineWidth});
}

}

FilterPlateView::FilterPlateView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("filter"), tr("Filter"), session, parent)
{
    renew();
}

FilterPlateView::Plate FilterPlateView::plateOf(const RecordPtr& weight, const QString& layer)
{
    return {weight, layer, analysis::filterMagnitude(*weight), analysis::filterPhase(*weight),
        analysis::filterKernel(*weight), analysis::filterRadial(*weight), analysis::filterAngular(*weight),
        analysis::kernelRadius(*weight)};
}

/// What was there stays until the next is.
void FilterPlateView::renew()
{
    const bool isOther = changeOfRun() == Change::Run;
    FilterBank bank;
    bank.read(session());
    const int layer = bank.empty() ? -1 : std::max(0, bank.layerOf(session().selection().record));
    const RecordPtr now = layer < 0 ? nullptr : bank.weight(layer);
    if (isOther || !now)
        plate_ = {};
    if (now == asked_ && !isOther)
        return;
    asked_ = now;
    if (!now)
        return stop();
    begin([now, name = bank.name(layer)](const Job::Context&) { return plateOf(now, name); },
        [this](Plate plate) { plate_ = std::move(plate); });
}

void FilterPlateView::reselect()
{
    renew();
    update();
}

QString FilterPlateView::missing() const
{
    return plate_.weight ? QString() : reason(tr("Computing the filter."), FilterBank::missing(session()));
}

int FilterPlateView::channel() const
{
    return std::clamp(session().selection().channel, 0, static_cast<int>(plate_.phase.value.dim(0)) - 1);
}

/// How large a map gets with that many columns, beside axes and a bar.
double FilterPlateView::mapSide(const QSizeF& body, int columns, const Style& style)
{
    const int rows = panels / columns;
    const double width = (body.width() - (columns - 1) * between) / columns,
                 height = (body.height() - (rows - 1) * between) / rows;
    return std::min(width - 12 * style.textSize, height - 4 * style.textSize);
}

std::array<QRectF, FilterPlateView::panels> FilterPlateView::places(
    const QRectF& body, const Style& style) const
{
    int columns = 1;
    for (const int more : {2, panels})
        if (mapSide(body.size(), more, style) > mapSide(body.size(), columns, style))
            columns = more;
    const int rows = panels / columns;
    const double width = (body.width() - (columns - 1) * between) / columns,
                 height = (body.height() - (rows - 1) * between) / rows;
    std::array<QRectF, panels> all;
    for (int i = 0; i < panels; ++i)
        all[static_cast<std::size_t>(i)] = QRectF(body.left() + i % columns * (width + between),
            body.top() + static_cast<double>(i / columns) * (height + between), width, height);
    return all;
}

double FilterPlateView::heightFor(double width, const Style& style) const
{
    const double body = width - 2 * style.gap;
    const int columns = isOneColumn(body, style) ? 1 : 2, rows = panels / columns;
    const double map
        = (body - (columns - 1) * between) / columns - 12 * style.textSize; // beside axes and a bar
    return rows * (map + 4 * style.textSize) + (rows - 1) * between + frameHeight(width, style);
}

/// Radii above directions, on one scale.
void FilterPlateView::drawProfiles(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize, half = (rect.height() - line - between) / 2;
    const QRectF above(rect.left(), rect.top() + line, rect.width(), half),
        below = above.translated(0, half + between);
    const Profile radial = profileOf(plate_.radial, channel()),
                  angular = closed(profileOf(plate_.angular, channel()));
    const double most = std::max(radial.most(), angular.most());
    const AxisSpec y{tr("mean"), 0, most > 0 ? 1.05 * most : 1};
    paintProfile(painter, above, radial, {tr("radius"), 0, 0.5}, y, style);
    AxisSpec direction{tr("direction (degrees)"), 0, 180};
    direction.degrees = true;
    paintProfile(painter, below, angular, direction, y, style);
    const double left = PlotFrame::within(above, {tr("radius"), 0, 0.5}, y, style).area.left();
    const QRectF legend(left, rect.top(), rect.right() - left, line);
    const QString own = tr("channel %1").arg(channel()),
                  other = tr("mean of %1").arg(plate_.radial.value.dim(0));
    painter.setPen(style.accent);
    paintText(painter, legend, Qt::AlignLeft | Qt::AlignVCenter, own, style.smallFont());
    painter.setPen(style.faint);
    if (textWidth(own + other, style.smallFont(), style.unitsPerInch) + style.gap < legend.width())
        paintText(painter, legend, Qt::AlignRight | Qt::AlignVCenter, other, style.smallFont());
}

/// As the display wants it: by itself, by its logarithm, or in dB below its largest, as far as -60.
void FilterPlateView::drawMagnitude(
    QPainter& painter, const QRectF& rect, const Tensor& magnitude, const Style& style) const
{
    Display display = session().display();
    ValueRange range;
    range.include(magnitude);
    if (display.filterMagnitude != "dB" || !(range.max > 0)) {
        display.logarithmic = display.logarithmic || display.filterMagnitude == "log";
        return paintPlane(painter, rect, plate_.magnitude, magnitude,
            sequentialScale(display, tr("magnitude"), {range, range, range}), style);
    }
    Tensor decibels(magnitude.shape());
    std::ranges::transform(magnitude.values<float>(), decibels.writable().begin(),
        [&](float m) { return std::max(-60.0F, 20 * std::log10(m / static_cast<float>(range.max))); });
    ValueScale scale;
    scale.quantity = tr("magnitude");
    scale.unit = tr("dB");
    scale.colors = &ColorMap::named(display.colors);
    scale.mode = ScaleMode::Fixed;
    scale.min = -60;
    scale.max = 0;
    scale.data.min = 20 * std::log10(range.min / range.max); // what lies below the bar's end
    scale.data.max = 0;
    paintPlane(painter, rect, plate_.magnitude, decibels, scale, style);
}

void FilterPlateView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const auto at = places(body, style);
    const Index c = channel();
    const Tensor magnitude = plate_.magnitude.value.at(c), phase = plate_.phase.value.at(c),
                 kernel = plate_.kernel.value.at(c);
    drawMagnitude(painter, at[0], magnitude, style);
    ValueScale turn = scaleWith(ColorMap::Kind::Cyclic, tr("phase"), phase);
    turn.unit = tr("rad");
    turn.data = {}; // nothing lies beyond a whole turn
    paintPlane(painter, at[1], plate_.phase, phase, turn, style);
    paintPlane(painter, at[2], plate_.kernel, kernel,
        scaleWith(ColorMap::Kind::Diverging, tr("kernel"), kernel), style);
    drawProfiles(painter, at[3], style);
}

QString FilterPlateView::caption() const
{
    if (!plate_.weight)
        return {};
    const auto radius = static_cast<double>(plate_.radius.value.data()[channel()]);
    return tr("%1 · channel %2 · kernel reaches %3 tokens")
        .arg(plate_.layer)
        .arg(channel())
        .arg(std::isfinite(radius) ? numberText(radius, 3) : QStringLiteral("–"));
}

QStringList FilterPlateView::badges() const
{
    QStringList all{tr("frequencies in cycles per token, kernel in tokens")};
    const auto phases = plate_.phase.value.at(channel());
    if (std::ranges::any_of(phases.values<float>(), [](float value) { return std::isnan(value); }))
        all << tr("grey: nothing passes, no phase");
    return all;
}

bool FilterPlateView::drawsEdited() const { return plate_.weight && plate_.weight->edited; }

std::vector<Record> FilterPlateView::data() const
{
    if (!plate_.weight)
        return {};
    return {plate_.magnitude, plate_.phase, plate_.kernel, plate_.radial, plate_.angular, plate_.radius};
}

}
