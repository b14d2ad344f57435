// A probe that checks what is shown against what was declared. Only the contract uses it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"

#include <set>
#include <string>
#include <vector>

namespace fovea {

class Witness final : public Probe {
public:
    /// `batch`: the size of the batch that will run.
    Witness(std::vector<SignalInfo> infos, std::vector<std::string> blocks, Index batch);

    Want wants(std::string_view, std::size_t) override { return Want::Value; }
    Tensor show(const Shown& shown, const Tensor& value) override;
    void enter(std::string_view block, const State& before) override;
    void leave(std::string_view block, double seconds) override;

    /// What was wrong, with what was declared and not shown; to be called after the run.
    std::vector<std::string> problems();

private:
    void require(bool kept, const Shown& shown, const std::string& problem);
    void checkShape(const SignalInfo& info, const Shown& shown, const Tensor& value);
    void checkTokens(const SignalInfo& info, const Shown& shown, const Tensor& value);
    void checkIndex(const Shown& shown, const Tensor& index, const TokenLayout& layout, Shape expected);
    void checkValues(const SignalInfo& info, const Shown& shown, const Tensor& value);

    std::vector<SignalInfo> infos_;
    std::vector<std::string> blocks_, entered_, problems_;
    std::set<std::string, std::less<>> seen_;
    std::string block_; // the present one
    Index batch_;
};

}
