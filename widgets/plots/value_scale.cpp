// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/value_scale.h"

#include <cmath>
#include <numbers>

namespace fovea {

namespace {

template <class T, class F>
void forEach(const Tensor& values, F&& f)
{
    for (const T value : values.values<T>())
        f(static_cast<double>(value));
}

template <class F>
void forEachValue(const Tensor& values, F&& f)
{
    switch (values.dtype()) {
    case DType::F32:
        return forEach<float>(values, f);
    case DType::F64:
        return forEach<double>(values, f);
    case DType::I32:
        return forEach<std::int32_t>(values, f);
    case DType::I64:
        return forEach<std::int64_t>(values, f);
    case DType::U8:
        return forEach<std::uint8_t>(values, f);
    case DType::C64:
        break;
    }
    assert(false && "a map shows real numbers");
}

}

void ValueRange::include(double value)
{
    if (!std::isfinite(value)) {
        hasGaps = true;
        return;
    }
    min = std::min(min, value);
    max = std::max(max, value);
    if (value > 0)
        minPositive = std::min(minPositive, value);
}

void ValueRange::include(const Tensor& values)
{
    forEachValue(values, [this](double value) { include(value); });
}

void ValueRange::include(const ValueRange& other)
{
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    minPositive = std::min(minPositive, other.minPositive);
    hasGaps = hasGaps || other.hasGaps;
}

void ValueScale::fit(const ValueRange& range)
{
    data = range;
    if (mode == ScaleMode::Fixed || range.empty())
        return;
    switch (colors->kind()) {
    case ColorMap::Kind::Sequential:
        min = logarithmic && range.min <= 0 ? std::min(range.minPositive, std::abs(range.max)) : range.min;
        max = range.max;
        return;
    case ColorMap::Kind::Diverging:
        max = std::max(std::abs(range.min), std::abs(range.max));
        min = -max;
        return;
    case ColorMap::Kind::Cyclic:
        max = std::numbers::pi;
        min = -max;
    }
}

double ValueScale::position(double value) const
{
    if (!std::isfinite(value))
        return NAN;
    if (isFlat())
        return colors->kind() == ColorMap::Kind::Sequential ? 0 : 0.5;
    if (!logarithmic || min <= 0)
        return (value - min) / (max - min);
    return value > 0 ? std::log(value / min) / std::log(max / min) : -1;
}

QString ValueScale::label() const { return unit.isEmpty() ? quantity : quantity + " (" + unit + ")"; }

QImage mapImage(const Tensor& matrix, const ValueScale& scale)
{
    assert(matrix.rank() == 2);
    const auto rows = static_cast<int>(matrix.dim(0)), cols = static_cast<int>(matrix.dim(1));
    QImage image(cols, rows, QImage::Format_RGB32);
    auto* pixel = reinterpret_cast<QRgb*>(image.bits()); // rows of 32-bit pixels have no padding
    const ColorMap& colors = *scale.colors;
    if (scale.logarithmic || scale.isFlat()) {
        forEachValue(matrix, [&](double value) { *pixel++ = scale.color(value); });
        return image;
    }
    const double factor = ColorMap::size / (scale.max - scale.min), offset = -scale.min * factor;
    forEachValue(matrix, [&](double value) {
        const double index = std::min(std::max(value * factor + offset, 0.0), ColorMap::size - 1.0);
        *pixel++ = std::isfinite(value) ? colors[static_cast<int>(index)] : ColorMap::missing;
    });
    return image;
}

}
