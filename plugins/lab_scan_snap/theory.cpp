// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/theory.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

double heightAt(double u, double vocabulary)
{
    // x = M h of exp(x) - 1 + (M - 1) x = M u, whose left side is convex and rises: from a point above the
    // root Newton falls onto it
    const double goal = vocabulary * u, rest = vocabulary - 1;
    double x = std::min(std::log1p(goal), goal / std::max(rest, 1.0));
    for (int i = 0; i < 100; ++i) {
        const double step = (std::expm1(x) + rest * x - goal) / (std::exp(x) + rest);
        x -= step;
        if (std::abs(step) <= 1e-15 * x)
            break;
    }
    return x / vocabulary;
}

std::vector<double> heightSteps(double rateY, double vocabulary, int count)
{
    std::vector<double> heights(static_cast<std::size_t>(count));
    for (std::size_t s = 1; s < heights.size(); ++s)
        heights[s] = heights[s - 1] + rateY / ((vocabulary - 1) + std::exp(vocabulary * heights[s - 1]));
    return heights;
}

double speedOf(double height, double vocabulary)
{
    return (vocabulary - 1) * (vocabulary - 1) * height / ((vocabulary - 1) + std::exp(vocabulary * height));
}

double travelAt(const Setting& setting, double t)
{
    const double reach
        = (setting.vocabulary - 1) * heightAt(setting.rateY * t / setting.classes, setting.vocabulary);
    return setting.rateY > 0 ? setting.rateZ / setting.rateY * setting.classes * reach * reach / 2 : 0;
}

double growthAt(const Setting& setting, double t, bool isAsPrinted)
{
    const double travel = 4 * travelAt(setting, t);
    return isAsPrinted ? std::log(setting.constant + travel) / 4 : std::log1p(travel / setting.constant) / 4;
}

double drawAt(const Setting& setting, double t)
{
    const double height = heightAt(setting.rateY * t / setting.classes, setting.vocabulary);
    return speedOf(height, setting.vocabulary) / (setting.constant + 4 * travelAt(setting, t));
}

double omegaOf(double vocabulary)
{
    const double logM = std::log(vocabulary), scale = (vocabulary - 1) / vocabulary * logM;
    double low = 0, high = 1; // at 0 the left side is less, at 1 it is more, for M > 3
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (std::exp(middle * logM) < (1 + middle) * scale ? low : high) = middle;
    }
    return low;
}

double scanEnd(const Setting& setting)
{
    return setting.classes * std::log(setting.vocabulary) / setting.rateY;
}

double snapBegin(const Setting& setting) { return 2 * (1 + omegaOf(setting.vocabulary)) * scanEnd(setting); }

Bounds growthBounds(double growth, double f) { return {std::exp(2 * f * f * growth), std::exp(2 * growth)}; }

}
