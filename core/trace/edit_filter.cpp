// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit_filter.h"

#include "core/run/random.h"
#include "core/tensor/error.h"
#include "core/trace/frequency_region.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <complex>
#include <numbers>

namespace fovea::edits {

namespace {

using Complex = std::complex<float>;

/// A verb's argument: what it takes itself, and where on the plane.
struct Stroke {
    std::string own; ///< of gain, phase and from
    FrequencyRegion region;
};

Stroke strokeOf(const Edit& edit)
{
    Stroke stroke;
    std::string rest = edit.args.empty() ? "" : edit.args[0];
    if (edit.verb == "lowpass") {
        stroke.region.shape = FrequencyRegion::Shape::Ring;
        constexpr double least = 1e-12; // frequency 0 is never cut
        stroke.region.edges = {std::max(static_cast<double>(*numberIn(rest)), least), 1};
        return stroke;
    }
    bool hasRegion = !edit.args.empty();
    if (edit.verb == "gain" || edit.verb == "phase" || edit.verb == "from") {
        const auto colon = rest.find(':');
        stroke.own = rest.substr(0, colon);
        hasRegion = colon != std::string::npos;
        rest = hasRegion ? rest.substr(colon + 1) : "";
    }
    if (hasRegion)
        stroke.region = FrequencyRegion::parse(rest);
    return stroke;
}

std::optional<std::uint64_t> seedIn(const std::string& text)
{
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(seed) : std::nullopt;
}

/// One channel of a filter, and what of it a stroke touches.
struct Touched {
    FrequencyPlane plane;
    Index channel;
    std::size_t first; ///< place of the channel's first bin in the value
    Bins bins;

    bool has(Index bin) const { return bins[static_cast<std::size_t>(bin)] != 0; }
    std::size_t at(Index bin) const { return first + static_cast<std::size_t>(bin); }
};

FrequencyPlane planeOf(const Tensor& value, const Target& target)
{
    return {value.dim(2), planeWidth(target.domain, value.dim(3), target.layout.get()), value.dim(3)};
}

/// Takes away the bins that the indices behind the path do not name.
void keepNamed(Bins& bins, const FrequencyPlane& plane, const Selection& selection)
{
    for (Index bin = 0; bin < plane.count(); ++bin)
        if ((selection[2] >= 0 && selection[2] != bin / plane.bins)
            || (selection[3] >= 0 && selection[3] != bin % plane.bins))
            bins[static_cast<std::size_t>(bin)] = 0;
}

/// A stroke's bins, said of the edit and the signal when they cannot be.
Bins fixedBins(const FrequencyRegion& region, const FrequencyPlane& plane, const Target& target)
{
    try {
        return region.bins(plane);
    } catch (const UsageError& error) {
        refuse(target.edit, "'" + std::string(target.path) + "': " + error.what());
    }
}

/// As much energy as NaN cannot be drawn.
void requireFinite(std::span<const Complex> filter, const Target& target, Index channel)
{
    const auto isFinite = [](const Complex& k) { return std::isfinite(k.real()) && std::isfinite(k.imag()); };
    if (!std::ranges::all_of(filter, isFinite))
        refuse(target.edit,
            "channel " + std::to_string(channel) + " of '" + std::string(target.path)
                + "' holds NaN or infinity: no coefficients have the same energy");
}

/// fn(touched) for each selected channel of each sample of the filter that `value` was before the stroke.
template <class Fn>
void eachChannel(const Tensor& value, const Target& target, Fn fn)
{
    const FrequencyPlane plane = planeOf(value, target);
    const FrequencyRegion region = strokeOf(target.edit).region;
    const bool isDrawn = region.draw != FrequencyRegion::Draw::None;
    const Bins fixed = fixedBins(region, plane, target);
    const auto values = value.values<Complex>();
    const auto count = static_cast<std::size_t>(plane.count());
    for (const Selection& selection : target.selections)
        for (Index i = 0; i < value.dim(0) * value.dim(1); ++i) {
            const Index channel = i % value.dim(1);
            if (selection[1] >= 0 && selection[1] != channel)
                continue;
            const std::size_t first = static_cast<std::size_t>(i) * count;
            if (region.draw == FrequencyRegion::Draw::EqualEnergy)
                requireFinite(values.subspan(first, count), target, channel);
            Touched touched{plane, channel, first,
                isDrawn ? region.bins(plane, values.subspan(first, count), target.path, channel) : fixed};
            keepNamed(touched.bins, plane, selection);
            fn(touched);
        }
}

/// fn(coefficient, touched, bin) for each bin that a stroke on `before` touches.
template <class Fn>
void eachBin(Tensor& value, const Tensor& before, const Target& target, Fn fn)
{
    const auto values = value.writable<Complex>();
    eachChannel(before, target, [&](const Touched& touched) {
        for (Index bin = 0; bin < touched.plane.count(); ++bin)
            if (touched.has(bin))
                fn(values[touched.at(bin)], touched, bin);
    });
}

float factorOf(const Target& target) { return *numberIn(strokeOf(target.edit).own); }

/// exp(i t) of a bin, its conjugate at the mirror.
Complex turnOf(const Touched& touched, Index bin, const RandomPlace& place)
{
    const Index mirror = touched.plane.mirror(bin);
    const bool isSecond = mirror >= 0 && mirror < bin;
    const float drawn = place.uniform(static_cast<std::uint64_t>(isSecond ? mirror : bin));
    if (mirror == bin)
        return drawn < 0.5F ? 1.0F : -1.0F;
    const float angle = 2 * std::numbers::pi_v<float> * drawn;
    return std::polar(1.0F, isSecond ? -angle : angle);
}

void turn(Tensor& value, const Tensor& before, const Target& target, bool isBack)
{
    const std::uint64_t seed = *seedIn(strokeOf(target.edit).own);
    eachBin(value, before, target, [&](Complex& k, const Touched& touched, Index bin) {
        const RandomPlace place{
            seed, 1, hashOf(target.path), static_cast<std::uint64_t>(touched.channel)}; // regions: step 0
        const Complex by = turnOf(touched, bin, place);
        k *= isBack ? std::conj(by) : by;
    });
}

}

bool isSpectrum(const SignalInfo& signal)
{
    return signal.kind == Kind::Filter && signal.domain.ends_with("spectrum");
}

void lowpass(Tensor& value, const Target& target) { zero(value, target); }
void lowpassBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    zeroBack(gradient, value, target);
}

void zero(Tensor& value, const Target& target) { zeroBack(value, value.clone(), target); }

void zeroBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    eachBin(gradient, value, target, [](Complex& k, const Touched&, Index) { k = 0; });
}

void gain(Tensor& value, const Target& target) { gainBack(value, value.clone(), target); }

void gainBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    const float factor = factorOf(target);
    // times 0 would keep NaN alive
    eachBin(gradient, value, target,
        [factor](Complex& k, const Touched&, Index) { k = factor == 0 ? Complex() : k * factor; });
}

void randomPhase(Tensor& value, const Target& target) { turn(value, value.clone(), target, false); }

void randomPhaseBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    turn(gradient, value, target, true);
}

void magnitude(Tensor& value, const Target& target)
{
    const Tensor before = value.clone();
    const auto old = before.values<Complex>();
    eachBin(value, before, target, [&](Complex& k, const Touched& touched, Index bin) {
        const auto channel = old.subspan(touched.first, touched.bins.size());
        k = static_cast<float>(std::abs(actingAt(touched.plane, channel, bin)));
    });
}

/// d|R| = Re(conj(R) dR) / |R| with R = (K(f) + conj K(-f)) / 2 where both are stored; at R = 0 nothing
/// flows.
void magnitudeBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    const Tensor given = gradient.clone();
    const auto from = given.values<Complex>(), old = value.values<Complex>();
    eachBin(gradient, value, target, [](Complex& k, const Touched&, Index) { k = 0; });
    const auto to = gradient.writable<Complex>();
    eachChannel(value, target, [&](const Touched& touched) {
        const auto channel = old.subspan(touched.first, touched.bins.size());
        for (Index bin = 0; bin < touched.plane.count(); ++bin) {
            const std::complex<double> acting = actingAt(touched.plane, channel, bin);
            if (!touched.has(bin) || std::abs(acting) == 0)
                continue;
            const Complex share(
                acting / std::abs(acting) * static_cast<double>(from[touched.at(bin)].real()));
            const Index mirror = touched.plane.mirror(bin);
            to[touched.at(bin)] += mirror < 0 ? share : share * 0.5F;
            if (mirror >= 0)
                to[touched.at(mirror)] += std::conj(share) * 0.5F;
        }
    });
}

void from(Tensor& value, const Target& target)
{
    if (!target.other)
        refuse(target.edit, "the filters of other blocks are not at hand here");
    const Tensor& other = target.other->value;
    if (other.shape() != value.shape().tail())
        refuse(target.edit,
            "the filter is " + value.shape().tail().text() + ", that of block '" + blockOf(target.edit)
                + "' is " + other.shape().text());
    const auto source = other.values<Complex>();
    eachBin(value, value.clone(), target,
        [&](Complex& k, const Touched& touched, Index bin) { k = source[touched.at(bin) % source.size()]; });
}

void requireStroke(const Edit& edit, std::string_view argument)
{
    Stroke stroke;
    try {
        stroke = strokeOf(edit);
    } catch (const UsageError& error) {
        refuse(edit, error.what());
    }
    const bool fits = argument.starts_with("NUMBER") ? numberIn(stroke.own).has_value()
        : argument.starts_with("SEED")               ? seedIn(stroke.own).has_value()
        : argument.starts_with("BLOCK")              ? !stroke.own.empty()
                                                     : true;
    if (!fits)
        refuse(edit,
            "expected " + edit.verb + ":" + std::string(argument) + ", REGION one of "
                + FrequencyRegion::forms());
}

std::string blockOf(const Edit& edit) { return strokeOf(edit).own; }

}
