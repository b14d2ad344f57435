// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/attention_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fovea::train {

namespace {

bool isPattern(const SignalInfo& signal)
{
    return signal.kind == Kind::Attention && signal.path.ends_with("pattern");
}

}

bool hasPatterns(const std::vector<SignalInfo>& signals) { return std::ranges::any_of(signals, isPattern); }

AttentionEntropy::AttentionEntropy(const std::vector<SignalInfo>& signals)
{
    int lowest = std::numeric_limits<int>::max();
    for (const SignalInfo& signal : signals)
        if (isPattern(signal))
            lowest = std::min(lowest, signal.depth);
    for (const SignalInfo& signal : signals)
        if (isPattern(signal) && signal.depth == lowest)
            paths_.push_back(signal.path);
}

Want AttentionEntropy::wants(std::string_view path, std::size_t)
{
    return std::ranges::find(paths_, path) == paths_.end() ? Want::Nothing : Want::Value;
}

Tensor AttentionEntropy::show(const Shown& shown, const Tensor& value)
{
    if (wants(shown.path, 0) == Want::Nothing)
        return value;
    for (const float p : value.values<float>())
        if (p != 0) // 0 ln 0 = 0; NaN shows
            sum_ -= static_cast<double>(p) * std::log(static_cast<double>(p));
    rows_ += value.count() / value.dim(-1);
    return value;
}

double AttentionEntropy::mean() const { return rows_ > 0 ? sum_ / static_cast<double>(rows_) : 0; }

}
