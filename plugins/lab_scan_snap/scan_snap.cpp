// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/scan_snap.h"

#include "plugins/lab_scan_snap/records.h"
#include "plugins/lab_scan_snap/simulate.h"

namespace fovea::plugin::scan_snap {

Identity ScanSnap::identity() const
{
    return {"scan_snap", "Scan and Snap", "training dynamics", "simulation",
        {"Scan and Snap: Understanding Training Dynamics and Token Composition in 1-layer Transformer", 2023,
            "2305.16380"},
        "How a one-layer transformer learns which tokens to attend to, beside what theory says of it."};
}

Schema ScanSnap::schema() const { return settingsSchema(); }

std::vector<SignalInfo> ScanSnap::signalInfos(const Config& config) const
{
    const Settings settings(config);
    return signalsOf(settings, Layout(settings.language));
}

NamedTensors ScanSnap::start(const Config& config, std::uint64_t seed) const
{
    const Settings settings(config);
    return startOf(settings, Layout(settings.language), seed);
}

NamedTensors ScanSnap::advance(Run& run, const Config& config, const NamedTensors& state) const
{
    const Settings settings(config);
    const Layout layout(settings.language);
    Step step = stepOf(run, settings, layout, state);
    showStep(run, settings, layout, state, step.loss);
    return std::move(step.state);
}

std::vector<Record> ScanSnap::theory(const Config& config) const
{
    const Settings settings(config);
    return theoryRecords(settings, Layout(settings.language));
}

bool ScanSnap::canChange(std::string_view field) const { return canChangeSetting(field); }

}
