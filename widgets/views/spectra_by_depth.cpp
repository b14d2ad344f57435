// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/spectra_by_depth.h"

#include "core/analysis/attention_spectrum.h"
#include "core/analysis/filter_response.h"
#include "core/analysis/spectrum_profile.h"
#include "core/analysis/token_spectrum.h"

#include <algorithm>

namespace fovea {

namespace {

using DepthCurve = DepthCurvesView::DepthCurve;

std::vector<DepthCurve> bandSpectra(
    const Slot& slot, const Services&, std::size_t step, const Job::Context& context)
{
    std::vector<DepthCurve> curves;
    for (const Mixer& mixer : mixersOf(*slot.trace(), step)) {
        context.stop.check();
        if (!mixer.isFilter() && !analysis::hasShifts(*mixer.record))
            continue; // the class token alone asks, or the keys lie on another grid
        const Record spectrum = mixer.isFilter() ? analysis::filterMagnitude(*mixer.record)
                                                 : analysis::attentionSpectrum(*mixer.record);
        curves.push_back(
            {analysis::channelMean(analysis::relativeProfile(spectrum)), mixer.number, !mixer.isFilter()});
    }
    return curves;
}

/// Of the stream that each block leaves.
std::vector<DepthCurve> logAmplitudes(
    const Slot& slot, const Services& services, std::size_t step, const Job::Context& context)
{
    std::vector<DepthCurve> curves;
    const auto mixers = mixersOf(*slot.trace(), step);
    std::vector<std::pair<std::string, int>> blocks; // path, number
    for (const Mixer& mixer : mixers)
        if (blocks.empty() || blocks.back().first != mixer.record->info.block)
            blocks.emplace_back(mixer.record->info.block, mixer.number);
    for (const auto& [block, number] : blocks) {
        context.stop.check();
        context.progress(static_cast<double>(curves.size()) / static_cast<double>(blocks.size()));
        RecordPtr record;
        for (const RecordPtr& one : tokensOf(slot, services, step, block, nullptr, context))
            if (one->path() == block + ".out")
                record = one;
        if (!record || !analysis::fillsGrid(*record))
            continue;
        if (record->queries->gridRows() != record->queries->gridCols())
            continue; // no diagonal
        const auto mixer = std::ranges::find(mixers, number, &Mixer::number);
        curves.push_back(
            {analysis::relativeLogAmplitude(*record), number, mixer != mixers.end() && !mixer->isFilter()});
    }
    return curves;
}

}

BandSpectraView::BandSpectraView(Session& session, QWidget* parent)
    : DepthCurvesView(QStringLiteral("band-spectra"), tr("Spectra by depth"), bandSpectra, session, parent)
{
}

AxisSpec BandSpectraView::valueAxis() const
{
    AxisSpec axis;
    axis.label = tr("magnitude / flat");
    axis.logarithmic = true;
    return axis;
}

QString BandSpectraView::nothing() const
{
    return tr("Nothing here mixes the tokens of a grid by filters or attention.");
}

QStringList BandSpectraView::badges() const
{
    return {tr("mean over channels or heads, each by its own energy"),
        tr("attention: patches only, special tokens' share left out")};
}

LogAmplitudeView::LogAmplitudeView(Session& session, QWidget* parent)
    : DepthCurvesView(QStringLiteral("log-amplitude"), tr("Log amplitudes"), logAmplitudes, session, parent)
{
}

AxisSpec LogAmplitudeView::valueAxis() const
{
    AxisSpec axis;
    axis.label = tr("Δ log amplitude");
    return axis;
}

QString LogAmplitudeView::nothing() const { return tr("No block here leaves its tokens on a square grid."); }

QStringList LogAmplitudeView::badges() const
{
    return {tr("natural log, relative to frequency 0, along the diagonal, of this picture")};
}

}
