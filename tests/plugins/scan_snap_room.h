// What the tests of Scan and Snap share: configs from the fixtures' runs, and recorded traces. It expects
// nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/scan_snap.h"

#include "core/source/recording.h"

#include "tests/support/json_fixture.h"

namespace fovea::test {

inline const plugin::scan_snap::ScanSnap scanSnap;

inline void setOne(Config& config, const std::string& name, const QJsonValue& value)
{
    if (value.isBool())
        config.set(name, value.toBool());
    else if (value.isString())
        config.set(name, value.toString().toStdString());
    else if (std::holds_alternative<double>(findField(config.schema(), name)->standard))
        config.set(name, value.toDouble());
    else
        config.set(name, std::int64_t{value.toInt()});
}

/// A run of tools/make_scan_snap_goldens.py as a config; its seed is apart.
inline Config configOf(const QJsonObject& run)
{
    Config config(scanSnap.schema());
    for (auto field = run.begin(); field != run.end(); ++field)
        if (field.key() != "seed")
            setOne(config, field.key().toStdString(), field.value());
    return config;
}

/// The default config with fields set, as the command line sets them.
inline Config configWith(const std::vector<std::pair<std::string, std::string>>& fields)
{
    Config config(scanSnap.schema());
    for (const auto& [name, value] : fields)
        config.setText(name, value);
    return config;
}

inline LabRunPtr walked(const Config& config, std::uint64_t seed, Index steps,
    const std::vector<std::string>& signalPaths = {"*"})
{
    RecordingOptions options;
    options.record = signalPaths;
    LabWalk walk(startRun(scanSnap, config, seed, options), options);
    while (walk.done() < steps)
        walk.step();
    return walk.run();
}

inline std::vector<double> valuesAt(const LabRun& run, Index step, const std::string& path)
{
    return run.trace->steps[static_cast<std::size_t>(step)]->find(path)->value.toDoubles();
}

/// A scalar at every recorded step.
inline std::vector<double> courseOf(const LabRun& run, const std::string& path)
{
    std::vector<double> course;
    for (const StepPtr& step : run.trace->steps)
        course.push_back(step->find(path)->value.toDoubles().front());
    return course;
}

/// A fixture of shared/reference/data.
inline QJsonObject sharedReference()
{
    return QJsonDocument::fromJson(contentOf(FOVEA_SHARED "/reference/data/scan_snap_reference.json"))
        .object();
}

}
