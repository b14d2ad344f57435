// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/frequency_region.h"

#include "core/run/random.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace fovea {

namespace {

constexpr double slack = 1e-6; // an edge that is meant, as 3/14 written in decimals, is met

struct Frequency {
    double y, x;
};

/// The frequencies that a bin stands for: f and -f, and with -1/2 for 1/2.
std::vector<Frequency> namesOf(const FrequencyPlane& plane, Index bin)
{
    const double y = cyclesPerToken(bin / plane.bins, plane.rows),
                 x = cyclesPerToken(bin % plane.bins, plane.cols);
    std::vector<Frequency> names{{y, x}, {-y, -x}};
    if (y == 0.5 || x == 0.5)
        names.insert(names.end(), {{-y, x}, {y, -x}});
    return names;
}

bool isInRing(const std::vector<double>& edges, Frequency f)
{
    const double radius = std::hypot(f.y, f.x);
    return (radius > edges[0] + slack || (edges[0] == 0 && radius == 0)) && radius <= edges[1] + slack;
}

/// Frequency 0 has no angle: it is in the half turn alone.
bool isInWedge(const std::vector<double>& edges, Frequency f)
{
    const double width = edges[1] - edges[0];
    if (width >= 180 - slack)
        return true;
    if (f.y == 0 && f.x == 0)
        return false;
    const double angle = std::atan2(f.y, f.x) * 180 / std::numbers::pi;
    const double from = std::fmod(std::fmod(angle - edges[0] + slack, 180) + 180, 180);
    return from < width;
}

bool isInBox(const std::vector<double>& edges, Frequency f)
{
    const auto isWithin
        = [](double v, double low, double high) { return v >= low - slack && v <= high + slack; };
    return isWithin(f.y, edges[0], edges[1]) && isWithin(f.x, edges[2], edges[3]);
}

int digitOf(char digit) { return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10; }

Bins binsOfMask(const FrequencyPlane& plane, const std::string& mask)
{
    const Index digits = (plane.count() + 3) / 4;
    if (static_cast<Index>(mask.size()) != digits)
        throw UsageError("mask of " + std::to_string(mask.size()) + " digits: the filter's "
            + std::to_string(plane.rows) + " x " + std::to_string(plane.bins) + " bins take "
            + std::to_string(digits));
    Bins bins(static_cast<std::size_t>(plane.count()));
    for (Index bin = 0; bin < plane.count(); ++bin)
        if ((digitOf(mask[static_cast<std::size_t>(bin / 4)]) >> (3 - bin % 4)) & 1) {
            bins[static_cast<std::size_t>(bin)] = 1;
            if (const Index other = plane.mirror(bin); other >= 0)
                bins[static_cast<std::size_t>(other)] = 1;
        }
    return bins;
}

/// A frequency and its mirror image, which a real filter has together, or one that is its own.
struct Orbit {
    Index bin, mirror; ///< stored bins; the mirror may be -1, or the bin itself
    std::uint32_t order;
    bool isAlone() const { return mirror == bin; }
};

/// All of a plane, in an order at random.
std::vector<Orbit> drawnOrbits(const FrequencyPlane& plane, const RandomPlace& place)
{
    std::vector<Orbit> orbits;
    for (Index bin = 0; bin < plane.count(); ++bin) {
        const Index mirror = plane.mirror(bin);
        if (mirror < 0 || mirror >= bin)
            orbits.push_back(Orbit{bin, mirror, place.word(static_cast<std::uint64_t>(bin))});
    }
    std::ranges::stable_sort(orbits, {}, &Orbit::order);
    return orbits;
}

void take(Bins& bins, const Orbit& orbit)
{
    bins[static_cast<std::size_t>(orbit.bin)] = 1;
    if (orbit.mirror >= 0)
        bins[static_cast<std::size_t>(orbit.mirror)] = 1;
}

Bins drawNumber(const std::vector<Orbit>& orbits, const Bins& region)
{
    const auto isIn = [&](const Orbit& o) { return region[static_cast<std::size_t>(o.bin)] != 0; };
    auto alone = std::ranges::count_if(orbits, [&](const Orbit&o) { return isIn(o) && o.isAlone(); }),
         pairs = std::ranges::count_if(orbits, [&](const Orbit&o) { return isIn(o) && !o.isAlone(); });
    Bins drawn(region.size());
    for (const Orbit& orbit : orbits)
        if ((orbit.isAlone() ? alone : pairs)-- > 0)
            take(drawn, orbit);
    return drawn;
}

Bins drawEnergy(const std::vector<Orbit>& orbits, const Bins& region, const FrequencyPlane& plane,
    std::span<const std::complex<float>> filter)
{
    const double wanted = tallyOf(plane, filter, region).energy;
    const auto energyOf = [&](const Orbit& orbit) {
        return (orbit.isAlone() ? 1 : 2) * std::norm(actingAt(plane, filter, orbit.bin));
    };
    Bins drawn(region.size());
    double missing = wanted;
    for (auto orbit = orbits.begin(); orbit != orbits.end(); ++orbit) {
        const double energy = energyOf(*orbit);
        if (energy >= 2 * missing || energy <= 0)
            continue; // without it the sum is nearer
        if (energy > missing) { // the last one: that of the rest that comes nearest
            const auto off = [&](const Orbit& one) { return std::abs(energyOf(one) - missing); };
            take(drawn, *std::min_element(orbit, orbits.end(), [&](const Orbit& a, const Orbit& b) {
                return off(a) < off(b);
            }));
            break;
        }
        take(drawn, *orbit);
        missing -= energy;
    }
    return drawn;
}

}

Index FrequencyPlane::mirror(Index bin) const
{
    const Index y = bin / bins, x = bin % bins;
    const Index toX = (cols - x) % cols;
    return toX < bins ? (rows - y) % rows * bins + toX : -1;
}

std::complex<double> actingAt(
    const FrequencyPlane& plane, std::span<const std::complex<float>> filter, Index bin)
{
    const std::complex<double> stored(filter[static_cast<std::size_t>(bin)]);
    const Index mirror = plane.mirror(bin);
    if (mirror < 0)
        return stored;
    return (stored + std::conj(std::complex<double>(filter[static_cast<std::size_t>(mirror)]))) * 0.5;
}

BinTally tallyOf(const FrequencyPlane& plane, std::span<const std::complex<float>> filter, const Bins& bins)
{
    BinTally tally;
    for (Index bin = 0; bin < plane.count(); ++bin)
        if (bins[static_cast<std::size_t>(bin)]) {
            tally.frequencies += plane.weight(bin);
            tally.energy += plane.weight(bin) * std::norm(actingAt(plane, filter, bin));
        }
    return tally;
}

Bins FrequencyRegion::bins(const FrequencyPlane& plane) const
{
    if (shape == Shape::Mask)
        return binsOfMask(plane, mask);
    Bins all(static_cast<std::size_t>(plane.count()), 1);
    if (shape == Shape::All)
        return all;
    const auto isIn = shape == Shape::Ring ? isInRing : shape == Shape::Wedge ? isInWedge : isInBox;
    for (Index bin = 0; bin < plane.count(); ++bin)
        all[static_cast<std::size_t>(bin)]
            = std::ranges::any_of(namesOf(plane, bin), [&](Frequency f) { return isIn(edges, f); });
    return all;
}

Bins FrequencyRegion::bins(const FrequencyPlane& plane, std::span<const std::complex<float>> filter,
    std::string_view path, Index channel) const
{
    Bins region = bins(plane);
    if (draw == Draw::None)
        return region;
    const auto orbits
        = drawnOrbits(plane, RandomPlace{seed, 0, hashOf(path), static_cast<std::uint64_t>(channel)});
    return draw == Draw::EqualNumber ? drawNumber(orbits, region) : drawEnergy(orbits, region, plane, filter);
}

}
