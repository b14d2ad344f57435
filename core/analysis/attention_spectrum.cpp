// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_spectrum.h"

#include "core/analysis/derived_record.h"
#include "core/fft/transform.h"
#include "core/tensor/error.h"

#include <cmath>

namespace fovea::analysis {

namespace {

/// The cell of the token at each position of a group; -1: special.
std::vector<int> cellsOf(const Record& record, int group, bool isQuery)
{
    const Shape shape = shapeOf(record);
    const TokenLayout& layout = isQuery || !record.keys ? *record.queries : *record.keys;
    std::vector<int> cells;
    for (int i = 0; i < shape[isQuery ? 2 : 3]; ++i) {
        const int token = (isQuery ? queryToken : keyToken)(record, group, i);
        const auto covered = layout.cells(token);
        cells.push_back(covered.empty() ? -1 : covered.front());
    }
    return cells;
}

bool isOfCells(const TokenLayout& layout)
{
    int patches = 0;
    for (int token = 0; token < layout.tokens(); ++token) {
        if (layout.isSpecial(token))
            continue;
        if (layout.cells(token).size() != 1)
            return false;
        ++patches;
    }
    return patches > 0;
}

/// Sums of one map [query, key] into `shifts` [H, W], d = 0 first; how many patch queries there were.
Index addShifts(std::span<double> shifts, const Tensor& map, const std::vector<int>& from,
    const std::vector<int>& to, int rows, int cols)
{
    Index queries = 0;
    const float* a = map.data();
    for (const int query : from) {
        queries += query >= 0 ? 1 : 0;
        for (const int key : to) {
            if (query >= 0 && key >= 0) {
                const int dy = (key / cols - query / cols + rows) % rows,
                          dx = (key % cols - query % cols + cols) % cols;
                shifts[static_cast<std::size_t>(dy * cols + dx)] += static_cast<double>(*a);
            }
            ++a;
        }
    }
    return queries;
}

}

bool hasShifts(const Record& attention)
{
    if (attention.kind() != Kind::Attention || !attention.queries)
        return false;
    const TokenLayout& queries = *attention.queries;
    const TokenLayout& keys = attention.keys ? *attention.keys : queries;
    if (queries.domain() != TokenLayout::Domain::Image || queries.gridRows() != keys.gridRows()
        || queries.gridCols() != keys.gridCols() || !isOfCells(queries) || !isOfCells(keys))
        return false;
    for (int group = 0; group < shapeOf(attention)[0]; ++group)
        for (const int cell : cellsOf(attention, group, true))
            if (cell >= 0)
                return true;
    return false; // class attention: the class token alone asks
}

Record attentionKernel(const Record& attention)
{
    if (!hasShifts(attention))
        throw Error("signal '" + attention.path() + "': expected queries and keys on one grid of patches");
    const Shape shape = shapeOf(attention);
    const int rows = attention.queries->gridRows(), cols = attention.queries->gridCols();
    const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    Record record = derivedRecord(attention, "kernel", Kind::Grid, "mean attention by shift");
    record.axes = {
        {"head", {}, {}, {}}, axisFromMiddle("y", rows, 1, "token"), axisFromMiddle("x", cols, 1, "token")};
    record.value = Tensor({shape[1], rows, cols});
    for (int head = 0; head < shape[1]; ++head) {
        std::vector<double> shifts(size, 0.0);
        Index queries = 0;
        for (int group = 0; group < shape[0]; ++group)
            queries += addShifts(shifts, attentionMap(attention, {group, head}),
                cellsOf(attention, group, true), cellsOf(attention, group, false), rows, cols);
        float* to = record.value.writable().data() + static_cast<std::size_t>(head) * size;
        for (int y = 0; y < rows; ++y)
            for (int x = 0; x < cols; ++x)
                to[(y + rows / 2) % rows * cols + (x + cols / 2) % cols] = static_cast<float>(
                    shifts[static_cast<std::size_t>(y * cols + x)] / static_cast<double>(queries));
    }
    return record;
}

Record attentionSpectrum(const Record& attention)
{
    Record record = attentionKernel(attention);
    const Index heads = record.value.dim(0), rows = record.value.dim(1), cols = record.value.dim(2);
    Tensor planes(record.value.shape(), DType::C64); // about the middle: a shift turns phases alone
    std::ranges::copy(record.value.values<float>(), planes.writable<fft::Complex>().begin());
    const Tensor spectrum = fft::fft2(planes);
    const fft::Complex* from = spectrum.values<fft::Complex>().data();
    record.info.path = attention.path() + ".magnitude";
    record.info.role = "magnitude";
    record.axes
        = {{"head", {}, {}, {}}, axisFromMiddle("ky", rows, static_cast<double>(rows), "cycles/token"),
            axisFromMiddle("kx", cols, static_cast<double>(cols), "cycles/token")};
    record.value = Tensor(spectrum.shape());
    float* to = record.value.writable().data();
    for (Index h = 0; h < heads; ++h)
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < cols; ++x)
                to[(h * rows + (y + rows / 2) % rows) * cols + (x + cols / 2) % cols] = std::abs(*from++);
    return record;
}

}
