// What the project's own timings are given, and how they report. For the sources of `fovea bench` only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

#include <QString>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fovea::app {

constexpr double none = INFINITY;

/// What must be stayed under.
struct Limit {
    double median = none, worst = none;
};

struct Setup {
    Tool& tool;
    QString model, input;
    bool isJson;
    Json results = Json::array();
    bool isWithin = true;

    void report(const QString& name, const char* unit, std::vector<double> values, Limit limit)
    {
        std::ranges::sort(values);
        const double median = values[values.size() / 2], high = values[values.size() * 99 / 100],
                     worst = values.back();
        double load = 0; // of the machine, all its processes
        ::getloadavg(&load, 1);
        const bool fits = median < limit.median && worst < limit.worst;
        isWithin &= fits;
        results.push_back({{"name", name.toStdString()}, {"unit", unit}, {"median", median}, {"p99", high},
            {"worst", worst}, {"n", values.size()}, {"load", load}, {"within", fits}});
        QString text = QString::asprintf("%-26s median %8.2f  99 %% %8.2f  worst %8.2f %s  n %zu  load %.1f",
            qPrintable(name), median, high, worst, unit, values.size(), load);
        for (const auto& [what, most] : {std::pair("median", limit.median), std::pair("worst", limit.worst)})
            if (most < none)
                text += QStringLiteral(", %1 under %2").arg(QLatin1String(what)).arg(most);
        if (!isJson)
            Tool::print((text + (fits ? "" : "  MISSED")).toStdString());
    }
};

/// A lab that trains in the window: how evenly the window turns, how soon a stop is heard, how long a scrub
/// takes.
void benchLab(Setup& setup);
/// The same of scan_snap at full speed, its heat maps in sight.
void benchScanSnapWindow(Setup& setup);

/// The lab scan_snap beside the official loop in PyTorch, one thread each, in turns: what share of its time a
/// step takes; and the time of the 640 runs of the paper's Figure 6.
void benchScanSnap(Setup& setup);

}
