// How spread out the attention of a model's lowest layer is, over all that runs by. It keeps no pattern.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"

namespace fovea::train {

/// Whether a model shows attention patterns at all.
bool hasPatterns(const std::vector<SignalInfo>& signals);

/// Watches the patterns of the lowest layer that has any, of whole batches.
class FOVEA_API AttentionEntropy final : public Probe {
public:
    explicit AttentionEntropy(const std::vector<SignalInfo>& signals);
    Want wants(std::string_view path, std::size_t bytes) override;
    Tensor show(const Shown& shown, const Tensor& value) override;
    /// The mean over samples, groups, heads and queries of - sum_j p_j ln p_j, in nats; 0 where nothing came.
    double mean() const;

private:
    std::vector<std::string> paths_;
    double sum_ = 0; // of the rows' entropies
    Index rows_ = 0;
};

}
