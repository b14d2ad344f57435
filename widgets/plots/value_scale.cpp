// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/value_scale.h"

#include <array>
#include <cmath>
#include <numbers>

namespace fovea {

namespace {

/// f(the elements as they are)
template <class F>
void withValues(const Tensor& values, F&& f)
{
    switch (values.dtype()) {
    case DType::F32:
        return f(values.values<float>());
    case DType::F64:
        return f(values.values<double>());
    case DType::I32:
        return f(values.values<std::int32_t>());
    case DType::I64:
        return f(values.values<std::int64_t>());
    case DType::U8:
        return f(values.values<std::uint8_t>());
    case DType::C64:
        break;
    }
    assert(false && "a map shows real numbers");
}

template <class F>
void forEachValue(const Tensor& values, F&& f)
{
    withValues(values, [&](auto elements) {
        for (const auto value : elements)
            f(static_cast<double>(value));
    });
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

namespace {

/// A picture in a tensor's memory: a large one in huge pages, for 4 KiB pages take longer than its colours.
QImage pictureOf(int width, int height)
{
    auto* pixels = new Tensor({height, width}, DType::I32);
    return {reinterpret_cast<uchar*>(pixels->writable<std::int32_t>().data()), width, height, 4 * width,
        QImage::Format_RGB32, [](void* tensor) { delete static_cast<Tensor*>(tensor); }, pixels};
}

/// Colours without logarithm, in two loops: the first is one of vectors.
class LinearColors {
public:
    explicit LinearColors(const ValueScale& scale)
        : min_(scale.min)
        , factor_(ColorMap::size / (scale.max - scale.min))
    {
        for (int i = 0; i < ColorMap::size; ++i)
            table_[static_cast<std::size_t>(i)] = (*scale.colors)[i];
        table_.back() = ColorMap::missing;
    }
    /// Not where the colours are closer than numbers can tell.
    bool isExact() const { return std::isfinite(factor_) && factor_ > 0; }

    template <class T>
    void paint(std::span<const T> values, QRgb* pixels) const
    {
        constexpr std::size_t atOnce = 1024;
        constexpr double last = ColorMap::size - 1.0;
        std::array<std::int32_t, atOnce> indices{};
        for (; !values.empty(); values = values.subspan(std::min(atOnce, values.size()))) {
            const std::size_t n = std::min(atOnce, values.size());
            for (std::size_t i = 0; i < n; ++i) {
                const auto value = static_cast<double>(values[i]);
                const double index = (value - min_) * factor_, above = index > 0 ? index : 0;
                const double within = above < last ? above : last;
                indices[i] = static_cast<std::int32_t>(value - value == 0 ? within : last + 1);
            }
            for (std::size_t i = 0; i < n; ++i)
                *pixels++ = table_[static_cast<std::size_t>(indices[i])];
        }
    }

private:
    double min_, factor_;
    std::array<QRgb, ColorMap::size + 1> table_{};
};

}

QImage mapImage(const Tensor& matrix, const ValueScale& scale)
{
    assert(matrix.rank() == 2);
    if (matrix.count() == 0)
        return {};
    QImage image = pictureOf(static_cast<int>(matrix.dim(1)), static_cast<int>(matrix.dim(0)));
    auto* pixel = reinterpret_cast<QRgb*>(image.bits()); // rows of 32-bit pixels have no padding
    if (const LinearColors colors(scale); !scale.logarithmic && !scale.isFlat() && colors.isExact())
        withValues(matrix, [&](auto values) { colors.paint(values, pixel); });
    else
        forEachValue(matrix, [&](double value) { *pixel++ = scale.color(value); });
    return image;
}

}
