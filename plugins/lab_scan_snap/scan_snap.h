// Scan and Snap (Tian et al., NeurIPS 2023) as a lab: how a one-layer transformer learns which tokens to
// attend to. Three simulators behind one form; what they compute is in model.h and reduced.h, what is said of
// it in theory.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::scan_snap {

/// Step s shows what the official checkpoint iter-s holds: the weights before update s, beside `loss`, that
/// of the batch which makes the update. State: `step` (i64 [1]), `Y` f64 [M, M] (the transpose of the
/// official K1.weight), `Z` f64 [query, M] (rows of K2.weight), `Z.start`, the moments of both; `python` and
/// `torch` (i32 [625]): the official random streams. The reduced equations have `Z`, `Z.start` and `reduced`,
/// the rest of Reduced's vector.
class ScanSnap final : public Lab {
public:
    Identity identity() const override;
    Schema schema() const override;
    /// Throws Error naming the field where the layout of tokens is impossible.
    std::vector<SignalInfo> signalInfos(const Config& config) const override;
    NamedTensors start(const Config& config, std::uint64_t seed) const override;
    /// Throws Error naming the step when loss or weights are out of bounds: rates that diverge.
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override;
    std::vector<Record> theory(const Config& config) const override;
    bool canChange(std::string_view field) const override;
};

}
