// Training as a lab: any architecture that is registered, on any data set, step by step, watched while it
// learns. What a step does is core/train/trainer.h's; this says it in the words of a Lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"
#include "core/train/trainer.h"

#include <list>
#include <mutex>

namespace fovea::train {

/// State: `seed` and `step` (i64 [1]), `parameter.<name>` and `moment.<name>` (f32). Each step shows `loss`
/// and `accuracy` of its batch before the update, `rate` and `gradient_norm`; then, with the new parameters,
/// `test.loss` and `test.accuracy` of the first test samples, and every signal of the architecture for one
/// watched test sample. A series has no accuracy.
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
    std::shared_ptr<const Trainer> trainer(const Config& config, std::uint64_t seed) const;
    std::shared_ptr<const Trainer> made(const Config& config, std::uint64_t seed) const;
    /// A data set, and its pixels' mean and deviation as `fovea train` measures them.
    struct Data {
        std::string text;
        DataSetPtr set;
        Preprocess preprocess;
    };
    const Data& opened(const std::string& text) const;
    void showTest(Run& run, const Trainer& trainer, const Weights& weights, Index samples) const;

    const Registry& registry_;
    OpenDataOptions data_;
    mutable std::mutex mutex_; // of the caches below: what a config says takes a while to make
    mutable std::list<Data> sets_;
    mutable std::list<std::pair<std::string, std::shared_ptr<const Trainer>>> trainers_;
};

/// Adds the lab `train` where there is an architecture to train.
FOVEA_API void addTrainingLab(Registry& registry, OpenDataOptions data = {});

}
