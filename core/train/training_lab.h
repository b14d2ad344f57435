// Training as a lab: any architecture that is registered, on any data set, step by step, watched while it
// learns. What a step does is core/train/trainer.h's; this says it in the words of a Lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"
#include "core/train/beginning.h"
#include "core/train/measured_data.h"
#include "core/train/trainer.h"

#include <list>
#include <mutex>

namespace fovea::train {

/// State: `seed` and `step` (i64 [1]), `parameter.<name>` and `moment.<name>` (f32). Each step shows `loss`
/// and `accuracy` of its batch before the update, `rate` and `gradient_norm`; then, with the new parameters,
/// `test.loss` and `test.accuracy` of the first test samples (of a text also `test.attention_entropy`, of the
/// lowest layer), and every signal of the architecture for one watched test sample. A series has no accuracy.
/// What takes a while, measuring the pictures, is left to the first step, which can be stopped.
class FOVEA_API TrainingLab final : public Lab {
public:
    /// `registry` outlives it. Both may still grow until the lab is asked.
    explicit TrainingLab(const Registry& registry, OpenDataOptions data = {});

    Identity identity() const override;
    Schema schema() const override;
    std::vector<SignalInfo> signalInfos(const Config& config) const override;
    /// Throws Error or UsageError naming the field where data, architecture and settings do not fit.
    NamedTensors start(const Config& config, std::uint64_t seed) const override;
    /// Throws Diverged naming the step and the first tensor that is not finite.
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override;
    bool canChange(std::string_view field) const override;
    Tensor picture(const Config& config, const NamedTensors& state) const override;

private:
    /// What a config says, without the preprocessing: only a step needs it.
    TrainingTask task(const Config& config, std::uint64_t seed) const;
    std::shared_ptr<const Trainer> trainer(
        const Config& config, std::uint64_t seed, const StopToken& stop) const;
    /// What the field `init` brings.
    Beginning begun(const Config& config) const;
    std::shared_ptr<const MeasuredData> opened(const std::string& text) const;
    void showTest(Run& run, const Trainer& trainer, const Weights& weights, Index samples) const;

    const Registry& registry_;
    OpenDataOptions data_;
    mutable std::mutex mutex_; // of the caches below
    mutable std::list<std::pair<std::string, std::shared_ptr<const MeasuredData>>> sets_;
    mutable std::list<std::pair<std::string, std::shared_ptr<const Trainer>>> trainers_;
    mutable std::list<std::pair<std::string, Beginning>> beginnings_;
};

/// Adds the lab `train` where there is an architecture to train.
FOVEA_API void addTrainingLab(Registry& registry, OpenDataOptions data = {});

}
