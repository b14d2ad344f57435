// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fovea {

namespace {

constexpr QChar minus(0x2212);

/// The smallest nice step that divides `extent` into fewer than `atMost` parts.
double niceStep(double extent, int atMost, bool whole)
{
    const double rough = extent / (atMost - 1);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        const double step = factor * power;
        const bool fits = !whole || (step >= 1 && std::floor(step) == step);
        if (fits && step >= rough * (1 - 1e-9))
            return step;
    }
    return whole ? 1 : 10 * power;
}

int decimalsOf(double step)
{
    int decimals = 0;
    for (double s = step; decimals < 12 && std::abs(s - std::round(s)) > 1e-6 * s; s *= 10)
        ++decimals;
    return decimals;
}

QString fixedText(double value, int decimals)
{
    return QString::number(value, 'f', decimals).replace('-', minus);
}

std::vector<Tick> decades(const AxisSpec& axis, int atMost)
{
    const int first = static_cast<int>(std::ceil(std::log10(axis.min) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(axis.max) + 1e-9));
    const int step = std::max(1, (last - first + atMost - 1) / atMost);
    std::vector<Tick> ticks;
    for (int exponent = first; exponent <= last; exponent += step) {
        const double value = std::pow(10, exponent);
        ticks.push_back(Tick{value, numberText(value)});
    }
    return ticks;
}

QString tickText(const AxisSpec& axis, double value, double step)
{
    const auto index = static_cast<qsizetype>(std::llround(value));
    if (!axis.names.isEmpty())
        return index >= 0 && index < axis.names.size() ? axis.names[index] : QString();
    const double largest = std::max(std::abs(axis.min), std::abs(axis.max));
    if (largest >= 1e5 || largest < 1e-3)
        return numberText(std::abs(value) < step / 2 ? 0 : value);
    return fixedText(value, decimalsOf(step));
}

}

AxisSpec AxisSpec::ofCells(QString label, qsizetype n, QStringList names)
{
    AxisSpec axis;
    axis.label = std::move(label);
    axis.min = -0.5;
    axis.max = static_cast<double>(n) - 0.5;
    axis.whole = true;
    axis.names = std::move(names);
    return axis;
}

double AxisSpec::position(double value) const
{
    if (!(max > min))
        return 0.5;
    return logarithmic ? std::log(value / min) / std::log(max / min) : (value - min) / (max - min);
}

std::vector<Tick> ticksOf(const AxisSpec& axis, int atMost)
{
    assert(atMost >= 2);
    if (!(axis.max > axis.min) || !std::isfinite(axis.max - axis.min))
        return {Tick{axis.min, numberText(axis.min)}};
    if (axis.logarithmic)
        if (std::vector<Tick> ticks = decades(axis, atMost); ticks.size() >= 2)
            return ticks;
    const double step = niceStep(axis.max - axis.min, atMost, axis.whole);
    const auto first = static_cast<long long>(std::ceil(axis.min / step - 1e-9));
    const auto last = static_cast<long long>(std::floor(axis.max / step + 1e-9));
    std::vector<Tick> ticks;
    for (long long i = first; i <= last; ++i) {
        const double value = static_cast<double>(i) * step;
        ticks.push_back(Tick{value, tickText(axis, value, step)});
    }
    return ticks;
}

QString numberText(double value, int digits)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "∞" : minus + QString("∞");
    QString text = QString::number(value, 'g', digits);
    text.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e");
    return text.replace('-', minus);
}

}
