// What `fovea train` says while it works: a line that changes on a terminal, one a minute elsewhere, and a
// line for each epoch. It computes nothing that is kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

#include "core/train/training.h"

#include <chrono>

namespace fovea::app {

/// "test accuracy 91.23 % (90.66 to 91.77 with 95 % confidence, 9123 of 10000)"; "test loss 0.0123" of a
/// series.
std::string testText(const train::DataSet& data, const train::Accuracy& accuracy);
/// right, count, accuracy, low, high, loss; of a series count and loss; null when there are no samples.
Json jsonOf(const train::DataSet& data, const train::Accuracy& accuracy);

class TrainMeter {
public:
    /// `begun`: steps made before.
    TrainMeter(const train::Trainer& trainer, Index begun);
    void addStep(const train::StepResult& result);
    void addEpoch(const train::EpochRow& row);
    const Json& epochs() const { return epochs_; }
    /// Of the steps alone; 0 when there was none.
    double samplesPerSecond() const { return seconds_ > 0 ? static_cast<double>(samples_) / seconds_ : 0; }

private:
    using Clock = std::chrono::steady_clock;

    const train::DataSet& data() const { return *trainer_.task().data; }

    const train::Trainer& trainer_;
    Index begun_, samples_ = 0;
    double seconds_ = 0;
    double loss_ = 0, share_ = 0, weight_ = 0; // of late steps, the newest most
    Clock::time_point since_ = Clock::now(), shown_ = since_;
    Json epochs_ = Json::array();
};

}
