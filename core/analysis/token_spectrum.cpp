// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/token_spectrum.h"

#include "core/analysis/derived_record.h"
#include "core/fft/transform.h"
#include "core/tensor/error.h"

#include <cmath>

namespace fovea::analysis {

namespace {

/// The token of each cell; empty when they do not fill the grid.
std::vector<int> tokenOfCell(const Record& record)
{
    if (record.kind() != Kind::Tokens || !record.queries || record.value.rank() != 2
        || record.queries->tokens() != record.value.dim(0))
        return {};
    const TokenLayout& layout = *record.queries;
    std::vector<int> tokens(static_cast<std::size_t>(layout.gridRows() * layout.gridCols()), -1);
    for (int token = 0; token < layout.tokens(); ++token) {
        if (layout.isSpecial(token))
            continue;
        const auto cells = layout.cells(token);
        if (cells.size() != 1)
            return {};
        tokens[static_cast<std::size_t>(cells.front())] = token;
    }
    for (const int token : tokens)
        if (token < 0)
            return {};
    return tokens;
}

/// fft2 of each channel, c64 [channel, H, W], not normalised.
Tensor transformed(const Record& record)
{
    if (!fillsGrid(record))
        throw Error("signal '" + record.path() + "': expected tokens that fill a grid");
    if (record.kind() == Kind::Grid) {
        Tensor planes(record.value.shape(), DType::C64);
        std::ranges::copy(record.value.values<float>(), planes.writable<fft::Complex>().begin());
        return fft::fft2(planes);
    }
    const std::vector<int> tokens = tokenOfCell(record);
    const Index channels = record.value.dim(1), size = static_cast<Index>(tokens.size());
    Tensor planes({channels, record.queries->gridRows(), record.queries->gridCols()}, DType::C64);
    const auto out = planes.writable<fft::Complex>();
    for (Index cell = 0; cell < size; ++cell)
        for (Index c = 0; c < channels; ++c)
            out[static_cast<std::size_t>(c * size + cell)]
                = record.value.data()[tokens[static_cast<std::size_t>(cell)] * channels + c];
    return fft::fft2(planes);
}

}

bool fillsGrid(const Record& record)
{
    if (record.kind() == Kind::Grid)
        return record.value.rank() == 3 && record.value.dtype() == DType::F32 && record.value.count() > 0;
    return record.value.defined() && record.value.dtype() == DType::F32 && !tokenOfCell(record).empty();
}

Record tokenSpectrum(const Record& tokens)
{
    const Tensor spectrum = transformed(tokens);
    const Index channels = spectrum.dim(0), rows = spectrum.dim(1), cols = spectrum.dim(2);
    Record record = derivedRecord(tokens, "spectrum", Kind::Grid, "magnitude of the spectrum");
    record.axes
        = {{"channel", {}, {}, {}}, axisFromMiddle("ky", rows, static_cast<double>(rows), "cycles/token"),
            axisFromMiddle("kx", cols, static_cast<double>(cols), "cycles/token")};
    record.value = Tensor(spectrum.shape());
    const float factor = 1 / std::sqrt(static_cast<float>(rows * cols));
    const fft::Complex* from = spectrum.values<fft::Complex>().data();
    float* to = record.value.writable().data();
    for (Index c = 0; c < channels; ++c)
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < cols; ++x)
                to[(c * rows + (y + rows / 2) % rows) * cols + (x + cols / 2) % cols]
                    = std::abs(*from++) * factor;
    return record;
}

Record relativeLogAmplitude(const Record& tokens)
{
    const Tensor spectrum = transformed(tokens);
    const Index channels = spectrum.dim(0), n = spectrum.dim(1), count = (n + 1) / 2;
    if (spectrum.dim(2) != n)
        throw Error("signal '" + tokens.path() + "': expected a square grid, found " + std::to_string(n)
            + " x " + std::to_string(spectrum.dim(2)));
    Record record
        = derivedRecord(tokens, "log_amplitude", Kind::Vector, "log amplitude relative to frequency 0");
    Axis axis{"frequency", "cycles/token", {}, {}};
    record.value = Tensor({count});
    double atZero = 0;
    for (Index k = 0; k < count; ++k) {
        double sum = 0;
        for (Index c = 0; c < channels; ++c)
            sum += std::log(
                static_cast<double>(
                    std::abs(spectrum.values<fft::Complex>()[static_cast<std::size_t>((c * n + k) * n + k)]))
                + 1e-6);
        const double mean = sum / static_cast<double>(channels);
        atZero = k == 0 ? mean : atZero;
        record.value.writable()[static_cast<std::size_t>(k)] = static_cast<float>(mean - atZero);
        axis.values.push_back(static_cast<double>(k) / static_cast<double>(n));
    }
    record.axes = {std::move(axis)};
    return record;
}

}
