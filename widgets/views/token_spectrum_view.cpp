// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_spectrum_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"
#include "widgets/views/reading.h"

#include "core/analysis/spectrum_profile.h"
#include "core/analysis/token_spectrum.h"

#include <algorithm>
#include <cmath>

namespace fovea {

struct TokenSpectrumView::Row {
    QString name;
    std::array<Tensor, 2> maps; // before, after
    std::array<std::vector<double>, 2> rings;
    ValueScale scale; // of both maps
};

namespace {

constexpr double apart = 12; ///< of panels

bool isThreeAcross(double width, const Style& style) { return width > 44 * style.textSize; }

/// A map in its middle, as large as its shape allows.
QRectF fitted(const QRectF& rect, const Tensor& map)
{
    const QSizeF size = QSizeF(static_cast<double>(map.dim(1)), static_cast<double>(map.dim(0)))
                            .scaled(rect.size(), Qt::KeepAspectRatio);
    return {rect.topLeft(), size};
}

}

TokenSpectrumView::TokenSpectrumView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("token-spectrum"), tr("Spectrum of tokens"), session, parent)
{
    renew();
}

std::array<TokenSpectrumView::Side, 2> TokenSpectrumView::sidesOf(
    const std::vector<RecordPtr>& records, const Record& mixer)
{
    std::array<Side, 2> sides;
    bool isBehind = false;
    for (const RecordPtr& record : records) {
        isBehind = isBehind || record->path() == mixer.path();
        if (record->kind() != Kind::Tokens || !analysis::fillsGrid(*record))
            continue;
        if (!isBehind)
            sides[0].tokens = record;
        else if (!sides[1].tokens)
            sides[1].tokens = record;
    }
    for (Side& side : sides) {
        if (!side.tokens)
            return {};
        side.spectrum = analysis::tokenSpectrum(*side.tokens);
        side.mean = analysis::channelMean(side.spectrum);
        side.rings = analysis::radialProfile(side.spectrum);
        side.meanRings = analysis::radialProfile(side.mean);
    }
    return sides;
}

/// What was there stays until the next is, but for another run.
void TokenSpectrumView::renew()
{
    const Change change = changeOfRun();
    const TracePtr& trace = session().slot().trace();
    const std::size_t step = session().selection().step;
    const auto mixers = trace ? mixersOf(*trace, step) : std::vector<Mixer>();
    const int chosen = chosenMixer(mixers, session().selection());
    const Mixer mixer = chosen < 0 ? Mixer() : mixers[static_cast<std::size_t>(chosen)];
    if (change == Change::Run || !mixer.record)
        sides_ = {};
    if (change == Change::None && mixer.record == asked_.record)
        return;
    asked_ = mixer;
    if (!mixer.record)
        return stop();
    begin(
        [slot = session().slot(), services = session().services(), step, record = mixer.record](
            const Job::Context& context) {
            return sidesOf(tokensOf(slot, services, step, record->info.block, record, context), *record);
        },
        [this, mixer](std::array<Side, 2> sides) {
            sides_ = std::move(sides);
            mixer_ = mixer;
        });
}

void TokenSpectrumView::reselect()
{
    renew();
    update();
}

QString TokenSpectrumView::missing() const
{
    if (sides_[0].tokens && sides_[1].tokens)
        return {};
    return missingRun(session(),
        reason(tr("Computing the spectra."),
            asked_.record ? tr("The tokens of this block fill no grid, or were not recorded.")
                          : tr("Nothing here mixes tokens by filters or attention.")));
}

Index TokenSpectrumView::channel(const Side& side) const
{
    return std::clamp<Index>(session().selection().channel, 0, side.spectrum.value.dim(0) - 1);
}

double TokenSpectrumView::heightFor(double width, const Style& style) const
{
    const double body = width - 2 * style.gap;
    const bool isWide = isThreeAcross(body, style);
    const double panel = (body - (isWide ? 2 : 1) * apart) / (isWide ? 3 : 2);
    return (isWide ? 2 : 3) * (panel - 4.5 * style.textSize) + (isWide ? 1 : 2) * apart
        + frameHeight(width, style);
}

TokenSpectrumView::Row TokenSpectrumView::rowOf(bool isMean) const
{
    Row row;
    row.name = isMean ? tr("mean of channels") : tr("channel %1").arg(channel(sides_[0]));
    ValueRange range;
    for (std::size_t i = 0; i < 2; ++i) {
        const Side& side = sides_[i];
        row.maps[i] = (isMean ? side.mean : side.spectrum).value.at(isMean ? 0 : channel(side));
        row.rings[i]
            = (isMean ? side.meanRings : side.rings).value.at(isMean ? 0 : channel(side)).toDoubles();
        range.include(row.maps[i]);
    }
    range.minPositive = std::max(range.minPositive, range.max * 1e-3); // three decades
    range.min = std::max(range.min, range.minPositive);
    row.scale.quantity = tr("|fft2| / √(H W)");
    row.scale.colors = &ColorMap::named(session().display().colors);
    row.scale.logarithmic = true;
    row.scale.fit(range);
    return row;
}

void TokenSpectrumView::drawMaps(
    QPainter& painter, const Row& row, const QRectF& before, const QRectF& after, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize,
                 bar = colorBarWidth(row.scale, after.height(), style) + style.textSize;
    const double side = std::min({before.width(), after.width() - bar, before.height() - line});
    for (std::size_t i = 0; i < 2; ++i) {
        const QRectF& place = i == 0 ? before : after;
        const QRectF map = fitted({place.left(), place.top() + line, side, side}, row.maps[i]);
        painter.setPen(style.faint);
        paintText(painter, {place.left(), place.top(), place.width(), line}, Qt::AlignLeft | Qt::AlignVCenter,
            (i == 0 ? tr("before, %1") : tr("after, %1")).arg(row.name), style.smallFont());
        paintMap(painter, map, mapImage(row.maps[i], row.scale), style);
        if (i == 1)
            paintColorBar(
                painter, {map.right() + style.textSize, map.top(), bar, map.height()}, row.scale, style);
    }
}

void TokenSpectrumView::drawCurves(
    QPainter& painter, const Row& row, const QRectF& place, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize;
    ValueRange range;
    for (const auto& rings : row.rings)
        for (const double value : rings)
            range.include(value);
    AxisSpec x{tr("radius (cycles per token)"), 0, 0.5}, y;
    y.logarithmic = range.minPositive < INFINITY;
    y.min = y.logarithmic ? std::max(range.minPositive, range.max * 1e-6) / 1.2 : 0;
    y.max = y.logarithmic ? range.max * 1.2 : 1;
    const PlotFrame frame = PlotFrame::within(place.adjusted(0, line, 0, 0), x, y, style);
    paintAxes(painter, frame, style);
    const std::array colors{style.faint, style.accent};
    const std::array names{tr("before"), tr("after")};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& radii = sides_[i].rings.axes[1].values;
        paintCurve(painter, frame, radii, row.rings[i],
            {colors[i], 1.5 * style.lineWidth, i == 0 ? Qt::DashLine : Qt::SolidLine});
        painter.setPen(colors[i]);
        paintText(painter, {frame.area.left(), place.top(), frame.area.width(), line},
            (i == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, names[i], style.smallFont());
    }
}

void TokenSpectrumView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const bool isWide = isThreeAcross(body.width(), style);
    const int columns = isWide ? 3 : 2, rows = isWide ? 2 : 3;
    const double width = (body.width() - (columns - 1) * apart) / columns,
                 height = (body.height() - (rows - 1) * apart) / rows;
    const auto place = [&](int column, int row) {
        return QRectF(
            body.left() + column * (width + apart), body.top() + row * (height + apart), width, height);
    };
    for (const int i : {0, 1}) {
        const Row row = rowOf(i == 1);
        drawMaps(painter, row, place(0, i), place(1, i), style);
        drawCurves(painter, row, isWide ? place(2, i) : place(i, 2), style);
    }
}

QString TokenSpectrumView::caption() const
{
    if (!sides_[0].tokens || !sides_[1].tokens)
        return {};
    return tr("%1 · before: %2 · after: %3")
        .arg(layerName(mixer_.number), QString::fromStdString(sides_[0].tokens->path()),
            QString::fromStdString(sides_[1].tokens->path()));
}

QStringList TokenSpectrumView::badges() const
{
    QStringList all{
        tr("frequency 0 in the middle"), tr("three decades of colour, one scale for before and after")};
    if (sides_[0].tokens && sides_[0].tokens->queries && sides_[0].tokens->queries->specialCount() > 0)
        all << tr("special tokens left out");
    return all;
}

std::vector<Record> TokenSpectrumView::data() const
{
    std::vector<Record> all;
    for (const Side& side : sides_)
        if (side.tokens)
            all.insert(all.end(), {side.spectrum, side.mean, side.rings, side.meanRings});
    return all;
}

}
