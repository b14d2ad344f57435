// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fovea {

namespace {

constexpr QChar minus(0x2212);

/// The multiples of a step that lie within an axis: first and last factor.
struct Multiples {
    long long first, last;
};

Multiples multiplesWithin(const AxisSpec& axis, double step)
{
    return {
        std::llround(std::ceil(axis.min / step - 1e-9)), std::llround(std::floor(axis.max / step + 1e-9))};
}

/// The smallest nice step of which at most `atMost` multiples lie within the axis. Of cells two at least are
/// numbered, where there are two: one tick tells no direction.
double niceStep(const AxisSpec& axis, int atMost)
{
    for (const double part : {45.0, 90.0, 180.0})
        if (const Multiples within = multiplesWithin(axis, part);
            axis.degrees && within.last - within.first < atMost)
            return part;
    double power = std::pow(10, std::floor(std::log10((axis.max - axis.min) / atMost)) - 1);
    if (axis.whole)
        power = std::max(power, 1.0);
    double finer = 0;
    for (;; power *= 10)
        for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
            const double step = factor * power;
            if (axis.whole && std::floor(step) != step)
                continue;
            const Multiples within = multiplesWithin(axis, step);
            if (within.last - within.first < atMost)
                return axis.whole && finer > 0 && within.last == within.first ? finer : step;
            finer = step;
        }
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

/// A number of C as people write it: a short exponent, a true minus.
QString withoutPadding(QString text)
{
    text.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e");
    return text.replace('-', minus);
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

/// The values of an axis that are one of the factors times a power of ten.
std::vector<Tick> withinDecades(const AxisSpec& axis, const std::vector<int>& factors)
{
    const int first = static_cast<int>(std::floor(std::log10(axis.min)));
    const int last = static_cast<int>(std::floor(std::log10(axis.max) + 1e-9));
    std::vector<Tick> ticks;
    for (int exponent = first; exponent <= last; ++exponent)
        for (const int factor : factors) {
            const double value = factor * std::pow(10, exponent);
            if (value >= axis.min * (1 - 1e-9) && value <= axis.max * (1 + 1e-9))
                ticks.push_back(Tick{value, numberText(value)});
        }
    return ticks;
}

/// None where multiples of a step serve: over a short part of a decade they lie nearly as evenly.
std::vector<Tick> logarithmicTicks(const AxisSpec& axis, int atMost)
{
    const double span = axis.max / axis.min;
    if (span >= 100)
        return decades(axis, atMost);
    for (const std::vector<int>& factors : {std::vector{1, 2, 5}, {1, 3}, {1}, {3}})
        if (auto ticks = withinDecades(axis, factors);
            span >= 5 && ticks.size() >= 2 && static_cast<int>(ticks.size()) <= atMost)
            return ticks;
    return {};
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
        if (std::vector<Tick> ticks = logarithmicTicks(axis, atMost); ticks.size() >= 2)
            return ticks;
    const double step = axis.hasFewNames() // no number among them is rounder than another
        ? static_cast<double>((axis.names.size() + atMost - 1) / atMost)
        : niceStep(axis, atMost);
    const auto [first, last] = multiplesWithin(axis, step);
    std::vector<Tick> ticks;
    for (long long i = first; i <= last; ++i) {
        const double value = static_cast<double>(i) * step;
        ticks.push_back(Tick{value, tickText(axis, value, step)});
    }
    return ticks;
}

QString signedText(double value, int digits)
{
    return (value > 0 ? QStringLiteral("+") : QString()) + readingText(value, digits);
}

QString numberText(double value, int digits)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "∞" : minus + QString("∞");
    return withoutPadding(QString::number(value, 'g', digits));
}

QString readingText(double value, int digits)
{
    if (!std::isfinite(value) || value == 0)
        return numberText(value, digits);
    const QString scientific = QString::number(value, 'e', digits - 1); // knows the exponent once rounded
    const int exponent = scientific.mid(scientific.indexOf('e') + 1).toInt();
    const bool isPlain = exponent >= -4 && exponent < digits;
    return withoutPadding(isPlain ? QString::number(value, 'f', digits - 1 - exponent) : scientific);
}

}
