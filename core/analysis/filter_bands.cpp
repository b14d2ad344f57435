// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/filter_bands.h"

#include "core/analysis/filter_response.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>

namespace fovea::analysis {

namespace {

constexpr double middle = 0.25, oriented = 0.5, lowPass = 2.0 / 3, highPass = 1.0 / 3;

Band bandOf(const ChannelBand& c)
{
    return c.orientation >= oriented ? Band::Oriented
        : c.low >= lowPass           ? Band::LowPass
        : c.low <= highPass          ? Band::HighPass
                                     : Band::Other; // NaN too
}

ChannelBand classified(const Tensor& magnitude)
{
    const Index rows = magnitude.dim(0), cols = magnitude.dim(1);
    double inner = 0, outer = 0, innerCount = 0, outerCount = 0;
    std::complex<double> turn;
    const float* m = magnitude.data();
    for (Index y = 0; y < rows; ++y)
        for (Index x = 0; x < cols; ++x, ++m) {
            const double ky = static_cast<double>(y - rows / 2) / static_cast<double>(rows),
                         kx = static_cast<double>(x - cols / 2) / static_cast<double>(cols),
                         r = std::hypot(ky, kx), e = static_cast<double>(*m) * static_cast<double>(*m);
            (r < middle ? inner : outer) += e;
            (r < middle ? innerCount : outerCount) += 1;
            if (r > 0 && r <= 0.5 + 1e-9)
                turn += std::polar(e, 2 * std::atan2(ky, kx));
        }
    ChannelBand channel;
    const double low = inner / innerCount, high = outerCount > 0 ? outer / outerCount : 0;
    channel.low = low / (low + high);
    channel.orientation = std::abs(turn) / (inner + outer);
    const double angle = std::arg(turn) * 90 / std::numbers::pi; // -90 to 90
    channel.angle = std::fmod(std::round(angle * 1e3) / 1e3 + 180, 180); // what rounding leaves of 180 is 0
    channel.band = bandOf(channel);
    return channel;
}

/// Euclidean distances [channel, channel] of the magnitudes, each over its norm.
std::vector<double> distancesOf(const Tensor& magnitudes)
{
    const auto n = static_cast<std::size_t>(magnitudes.dim(0));
    std::vector<std::vector<double>> unit;
    for (std::size_t c = 0; c < n; ++c) {
        unit.push_back(magnitudes.at(static_cast<Index>(c)).toDoubles());
        const double norm
            = std::sqrt(std::inner_product(unit.back().begin(), unit.back().end(), unit.back().begin(), 0.0));
        for (double& value : unit.back())
            value /= norm > 0 ? norm : 1;
    }
    std::vector<double> distances(n * n, 0.0);
    for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < a; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < unit[a].size(); ++i)
                sum += (unit[a][i] - unit[b][i]) * (unit[a][i] - unit[b][i]);
            distances[a * n + b] = distances[b * n + a] = std::sqrt(sum);
        }
    return distances;
}

/// Groups that are joined, nearest neighbours first (the chain of Murtagh 1983: as many steps as squares of
/// n).
class Linkage {
public:
    explicit Linkage(const Tensor& magnitudes)
        : n_(static_cast<std::size_t>(magnitudes.dim(0)))
        , distance_(distancesOf(magnitudes))
        , members_(n_)
    {
        for (std::size_t c = 0; c < n_; ++c)
            members_[c] = {static_cast<int>(c)};
    }

    std::vector<int> order()
    {
        std::vector<std::size_t> chain;
        for (std::size_t joined = 1; joined < n_;) {
            if (chain.empty())
                chain.push_back(firstLeft());
            const std::size_t next = nearest(chain.back(), chain.size() > 1 ? chain[chain.size() - 2] : n_);
            if (chain.size() > 1 && next == chain[chain.size() - 2]) {
                join(next, chain.back());
                chain.resize(chain.size() - 2);
                ++joined;
            } else {
                chain.push_back(next);
            }
        }
        return n_ == 0 ? std::vector<int>() : members_[firstLeft()];
    }

private:
    std::size_t firstLeft() const
    {
        return static_cast<std::size_t>(
            std::ranges::find_if(members_, [](const auto& m) { return !m.empty(); }) - members_.begin());
    }
    /// The group nearest to one; `favoured` of equal ones, so that a chain ends.
    std::size_t nearest(std::size_t to, std::size_t favoured) const
    {
        std::size_t best = favoured;
        double least
            = favoured < n_ ? distance_[to * n_ + favoured] : std::numeric_limits<double>::infinity();
        for (std::size_t c = 0; c < n_; ++c)
            if (c != to && !members_[c].empty() && (best == n_ || distance_[to * n_ + c] < least)) {
                best = c;
                least = distance_[to * n_ + c];
            }
        return best;
    }
    /// The mean distance of all pairs of members.
    void join(std::size_t a, std::size_t b)
    {
        if (members_[b].front() < members_[a].front())
            std::swap(a, b);
        const auto sizeA = static_cast<double>(members_[a].size()),
                   sizeB = static_cast<double>(members_[b].size());
        for (std::size_t c = 0; c < n_; ++c)
            distance_[a * n_ + c] = distance_[c * n_ + a]
                = (sizeA * distance_[a * n_ + c] + sizeB * distance_[b * n_ + c]) / (sizeA + sizeB);
        members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
        members_[b].clear();
    }

    std::size_t n_;
    std::vector<double> distance_; // [group, group]
    std::vector<std::vector<int>> members_; // empty: joined to another
};

}

const char* bandName(Band band)
{
    static constexpr const char* names[bandCount]{"low-pass", "oriented", "high-pass", "other"};
    return names[static_cast<std::size_t>(band)];
}

std::vector<ChannelBand> filterBands(const Record& filter)
{
    const Record magnitude = filterMagnitude(filter);
    std::vector<ChannelBand> channels;
    for (Index c = 0; c < magnitude.value.dim(0); ++c)
        channels.push_back(classified(magnitude.value.at(c)));
    return channels;
}

std::array<double, bandCount> bandShares(const std::vector<ChannelBand>& channels)
{
    std::array<double, bandCount> shares{};
    for (const ChannelBand& channel : channels)
        ++shares[static_cast<std::size_t>(channel.band)];
    for (double& share : shares)
        share /= static_cast<double>(channels.size());
    return shares;
}

std::vector<int> orderByBand(const std::vector<ChannelBand>& channels)
{
    const auto key = [&](int c) {
        const ChannelBand& channel = channels[static_cast<std::size_t>(c)];
        const double within = channel.band == Band::Oriented ? channel.angle
            : channel.band == Band::HighPass                 ? channel.low
            : std::isnan(channel.low)                        ? 1.0
                                                             : -channel.low;
        return std::pair(channel.band, within);
    };
    std::vector<int> order(channels.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, key);
    return order;
}

std::vector<int> orderByLikeness(const Record& filter)
{
    return Linkage(filterMagnitude(filter).value).order();
}

}
