// The recording probe: keeps what it was asked to keep, applies edits, hands out a Trace. It runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/edit.h"
#include "core/trace/probe.h"
#include "core/trace/trace.h"

#include <map>
#include <string>
#include <vector>

namespace fovea {

struct RecorderOptions {
    std::vector<std::string> patterns{"*"}; ///< paths to keep
    EditPlan edits;
    TracePtr base; ///< its records are shared for blocks that are not run again; empty: those get none
    std::size_t budget = std::size_t{256}
        << 20; ///< bytes of attention patterns; beyond it factors are kept, or nothing
    Index sample = 0; ///< the watched sample; of a signal that all samples share (batch 1) the only one
    Index step = 0; ///< of a lab
    bool keepStates = true; ///< the state before each block, so that any block can be run again
};

class FOVEA_API Recorder final : public Probe {
public:
    Recorder(std::vector<SignalInfo> infos, RecorderOptions options);

    Want wants(std::string_view path, std::size_t bytes) override;
    Tensor show(const Shown& shown, const Tensor& value) override;
    void showFactors(const Shown& shown, const AttentionFactors& factors) override;
    bool wantsState(std::string_view block) override;
    void enter(std::string_view block, const State& before) override;
    void leave(std::string_view block, double seconds) override;
    void reuse(std::string_view block) override;
    State handOn(std::string_view block, const State& before, State after) override;
    Tensor pullBack(const Shown& shown, const Tensor& value, const Tensor& gradient) override;
    std::pair<Tensor, Tensor> pullBackBlock(
        std::string_view block, const Tensor& before, const Tensor& after, const Tensor& gradient) override;

    const EditPlan& edits() const { return options_.edits; }
    /// The finished trace of one step; the recorder is empty afterwards. `output` has a batch axis.
    TracePtr finish(Provenance provenance, Tensor input, const Tensor& output);

private:
    bool isAsked(std::string_view path) const;
    const SignalInfo* infoOf(std::string_view path) const;
    std::shared_ptr<Record> describe(const Shown& shown) const;
    Tensor cut(const Tensor& batched) const;

    std::vector<SignalInfo> signals_;
    std::map<std::string, std::size_t, std::less<>> byPath_;
    RecorderOptions options_;
    std::size_t spent_ = 0;
    std::shared_ptr<StepRecords> records_;
    std::vector<BlockMark> blocks_;
    std::vector<std::string> tooLarge_; ///< in the order asked for; some are kept as factors
};

}
