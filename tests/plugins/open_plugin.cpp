// open_plugin FOLDER ID: loads the plugins of a folder as the program does and checks the contract of one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plugin_host.h"

#include "core/source/contract.h"

#include <cstdio>

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    fovea::Registry registry;
    const auto report = fovea::app::loadPlugins(registry, {argv[1]});
    for (const auto& [file, message] : report.failures)
        std::fprintf(stderr, "%s: %s\n", file.c_str(), message.c_str());
    const fovea::Architecture* architecture = registry.architecture(argv[2]);
    if (!architecture)
        return 1;
    const auto findings = checkContract(*architecture);
    for (const fovea::Finding& finding : findings)
        std::fprintf(stderr, "%s: %s\n", finding.rule.c_str(), finding.problem.c_str());
    return findings.empty() ? 0 : 1;
}
