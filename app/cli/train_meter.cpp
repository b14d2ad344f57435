// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_meter.h"

#include <array>
#include <cstdio>

namespace fovea::app {

namespace {

template <class... Values>
std::string formatted(const char* format, Values... values)
{
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

/// "1:02:03" or "2:03"
std::string clockText(double seconds)
{
    const auto all = static_cast<long>(seconds);
    return all < 3600 ? formatted("%ld:%02ld", all / 60, all % 60)
                      : formatted("%ld:%02ld:%02ld", all / 3600, all / 60 % 60, all % 60);
}

}

std::string testText(const train::DataSet& data, const train::Accuracy& accuracy)
{
    if (accuracy.count == 0)
        return "no test, for there are no test samples";
    if (!data.hasAnswers())
        return formatted("test loss %.6g", accuracy.loss);
    const auto [low, high] = accuracy.interval();
    return formatted("test accuracy %.2f %% (%.2f to %.2f with 95 %% confidence, %lld of %lld)",
        100 * accuracy.share(), 100 * low, 100 * high, static_cast<long long>(accuracy.right),
        static_cast<long long>(accuracy.count));
}

Json jsonOf(const train::DataSet& data, const train::Accuracy& accuracy)
{
    if (accuracy.count == 0)
        return {};
    if (!data.hasAnswers())
        return {{"count", accuracy.count}, {"loss", accuracy.loss}};
    const auto [low, high] = accuracy.interval();
    return {{"right", accuracy.right}, {"count", accuracy.count}, {"accuracy", accuracy.share()},
        {"low", low}, {"high", high}, {"loss", accuracy.loss}};
}

TrainMeter::TrainMeter(const train::Trainer& trainer, Index begun)
    : trainer_(trainer)
    , begun_(begun)
{
}

void TrainMeter::addStep(const train::StepResult& result)
{
    constexpr double stays = 0.98;
    const std::chrono::milliseconds pause(Tool::isOnTerminal() ? 200 : 60'000); // between lines
    const auto now = Clock::now();
    loss_ = stays * loss_ + (1 - stays) * result.loss;
    share_ = stays * share_
        + (1 - stays) * static_cast<double>(result.right)
            / static_cast<double>(std::max<Index>(result.samples, 1));
    weight_ = stays * weight_ + (1 - stays);
    samples_ += result.samples;
    seconds_ += std::chrono::duration<double>(now - since_).count();
    since_ = now;
    if (now - shown_ < pause)
        return;
    shown_ = now;
    const Index step = result.state.step, perEpoch = trainer_.stepsPerEpoch();
    const double left
        = seconds_ / static_cast<double>(step - begun_) * static_cast<double>(trainer_.steps() - step);
    Tool::status(formatted("epoch %lld/%lld  step %lld/%lld  loss %.4f",
                     static_cast<long long>((step - 1) / perEpoch + 1),
                     static_cast<long long>((trainer_.steps() - 1) / perEpoch + 1),
                     static_cast<long long>(step), static_cast<long long>(trainer_.steps()), loss_ / weight_)
        + (data().hasAnswers() ? formatted("  right %.1f %%", 100 * share_ / weight_) : "")
        + (result.reward
                ? formatted("  reward %.3f  kept %.1f %%", result.reward->drawn, 100 * result.reward->kept)
                : "")
        + formatted("  %.0f samples/s  %s left", samplesPerSecond(), clockText(left).c_str()));
}

void TrainMeter::addEpoch(const train::EpochRow& row)
{
    since_ = Clock::now(); // the evaluation is no step
    epochs_.push_back({{"epoch", row.epoch}, {"step", row.step}, {"loss", row.loss},
        {"test", jsonOf(data(), row.test)}, {"seconds", row.seconds},
        {"samples_per_second", row.seconds > 0 ? static_cast<double>(row.samples) / row.seconds : 0}});
    Tool::say(formatted("epoch %lld, step %lld: loss %.4f, ", static_cast<long long>(row.epoch),
                  static_cast<long long>(row.step), row.loss)
        + testText(data(), row.test)
        + formatted(
            ", %.0f samples/s", row.seconds > 0 ? static_cast<double>(row.samples) / row.seconds : 0.0));
}

}
