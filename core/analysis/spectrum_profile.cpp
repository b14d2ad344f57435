// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/spectrum_profile.h"

#include "core/analysis/derived_record.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fovea::analysis {

namespace {

constexpr Index sectors = 12;

void requireSpectrum(const Record& spectrum)
{
    if (spectrum.kind() != Kind::Grid || spectrum.value.rank() != 3 || spectrum.value.count() == 0)
        throw Error("signal '" + spectrum.path() + "': expected a spectrum [channel, ky, kx]");
}

/// A Matrix [channel, bin] of means: binOf(ky, kx), in cycles per token, says where a frequency counts; -1:
/// nowhere.
template <class BinOf>
Tensor means(const Record& spectrum, Index bins, BinOf binOf)
{
    const Index channels = spectrum.value.dim(0), rows = spectrum.value.dim(1), cols = spectrum.value.dim(2);
    std::vector<Index> binsAt; // the same for every channel
    for (Index y = 0; y < rows; ++y)
        for (Index x = 0; x < cols; ++x)
            binsAt.push_back(binOf(static_cast<double>(y - rows / 2) / static_cast<double>(rows),
                static_cast<double>(x - cols / 2) / static_cast<double>(cols)));
    Tensor out({channels, bins});
    const float* m = spectrum.value.data();
    for (Index c = 0; c < channels; ++c) {
        std::vector<double> sum(static_cast<std::size_t>(bins)), count(sum);
        for (const Index bin : binsAt) {
            const auto value = static_cast<double>(*m++);
            if (bin < 0)
                continue;
            sum[static_cast<std::size_t>(bin)] += value;
            count[static_cast<std::size_t>(bin)] += 1;
        }
        float* to = out.writable().data() + c * bins;
        for (std::size_t bin = 0; bin < sum.size(); ++bin)
            to[bin] = static_cast<float>(sum[bin] / count[bin]); // 0 / 0: NaN
    }
    return out;
}

}

Record radialProfile(const Record& spectrum)
{
    requireSpectrum(spectrum);
    const Index longest = std::max(spectrum.value.dim(1), spectrum.value.dim(2)), rings = longest / 2 + 1;
    Record record = derivedRecord(spectrum, "radial", Kind::Matrix, "mean magnitude of a ring");
    Axis radius{"radius", "cycles/token", {}, {}};
    for (Index ring = 0; ring < rings; ++ring)
        radius.values.push_back(static_cast<double>(ring) / static_cast<double>(longest));
    record.axes = {{"channel", {}, {}, {}}, std::move(radius)};
    record.value = means(spectrum, rings, [longest, rings](double ky, double kx) {
        const double distance = std::hypot(ky, kx);
        return distance > 0.5 + 1e-9
            ? Index{-1}
            : std::min(
                rings - 1, static_cast<Index>(std::floor(distance * static_cast<double>(longest) + 0.5)));
    });
    return record;
}

Record angularProfile(const Record& spectrum)
{
    requireSpectrum(spectrum);
    Record record = derivedRecord(spectrum, "angular", Kind::Matrix, "mean magnitude of a sector");
    Axis angle{"orientation", "degree", {}, {}};
    for (Index sector = 0; sector < sectors; ++sector)
        angle.values.push_back(180.0 * static_cast<double>(sector) / static_cast<double>(sectors));
    record.axes = {{"channel", {}, {}, {}}, std::move(angle)};
    record.value = means(spectrum, sectors, [](double ky, double kx) {
        const double distance = std::hypot(ky, kx);
        if (distance > 0.5 + 1e-9 || distance == 0)
            return Index{-1};
        const double turns = std::atan2(ky, kx) / std::numbers::pi; // of half turns, -1 to 1
        const auto sector = static_cast<Index>(std::floor(turns * static_cast<double>(sectors) + 0.5));
        return (sector + 2 * sectors) % sectors;
    });
    return record;
}

Record relativeProfile(const Record& spectrum)
{
    Record record = radialProfile(spectrum);
    record.info.path = spectrum.path() + ".relative";
    record.info.role = "mean magnitude of a ring, over that of a flat spectrum";
    const Index channels = spectrum.value.dim(0), rings = record.value.dim(1);
    float* out = record.value.writable().data();
    for (Index c = 0; c < channels; ++c) {
        double energy = 0;
        const Tensor channel = spectrum.value.at(c);
        for (const float m : channel.values<float>())
            energy += static_cast<double>(m) * static_cast<double>(m);
        const double level = std::sqrt(energy / static_cast<double>(channel.count()));
        for (Index ring = 0; ring < rings; ++ring, ++out)
            *out = level > 0 ? static_cast<float>(static_cast<double>(*out) / level)
                             : std::numeric_limits<float>::quiet_NaN();
    }
    return record;
}

Record channelMean(const Record& record)
{
    Record mean = record;
    mean.info.path += ".mean";
    const Index channels = record.value.dim(0), size = record.value.count() / channels;
    mean.value = record.value.rank() == 3 ? Tensor({1, record.value.dim(1), record.value.dim(2)})
                                          : Tensor({1, size});
    for (Index i = 0; i < size; ++i) {
        double sum = 0, count = 0;
        for (Index c = 0; c < channels; ++c)
            if (const float value = record.value.data()[c * size + i]; !std::isnan(value)) {
                sum += static_cast<double>(value);
                count += 1;
            }
        mean.value.writable()[static_cast<std::size_t>(i)] = static_cast<float>(sum / count);
    }
    return mean;
}

}
