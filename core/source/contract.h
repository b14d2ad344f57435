// The plugin contract as a function: what every source must keep, whoever wrote it. `fovea check` and the
// contract test call it; it needs no weights but fresh ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea {

/// A broken rule of the contract.
struct Finding {
    std::string rule; ///< "signals"
    std::string problem; ///< "blocks.3.attn.pattern is shown but not declared"
};

/// Everything that can be said of an architecture without knowing its purpose, on its tinyConfig():
/// identity, schema and presets are sane; the manifest is what forward asks for; what is declared is what is
/// shown, with its Kind, layouts and normalisation; watching, repeating, threads, replays and batches do not
/// change results; what is missing is refused by name; stopping stops. Empty: the contract is kept. Throws
/// Cancelled soon after `stop` is stopped.
FOVEA_API std::vector<Finding> checkContract(const Architecture& architecture, const StopToken& stop = {});
/// The same of a lab.
FOVEA_API std::vector<Finding> checkContract(const Lab& lab, const StopToken& stop = {});

}
