// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"

#include "core/train/pairwise_sum.h"

#include <cmath>

namespace fovea::train {

namespace {

constexpr Index rowsPerTask = 8;

/// Calls fn(row) for each row of the last axis, in parallel; the mean of what it returns.
template <class Fn>
double meanOverRows(Run& run, Index rows, Fn fn)
{
    std::vector<double> values(static_cast<std::size_t>(rows));
    run.parallel((rows + rowsPerTask - 1) / rowsPerTask, [&](Index task) {
        const Index end = std::min(rows, (task + 1) * rowsPerTask);
        for (Index row = task * rowsPerTask; row < end; ++row)
            values[static_cast<std::size_t>(row)] = fn(row);
    });
    return pairwiseSum(values) / static_cast<double>(rows);
}

/// log softmax of a row: z - top - log sum e^(z - top).
struct LogSoftmax {
    std::span<const float> z;
    double shift;

    explicit LogSoftmax(std::span<const float> row)
        : z(row)
    {
        double top = -INFINITY, sum = 0;
        for (const float v : z)
            top = std::max(top, static_cast<double>(v));
        for (const float v : z)
            sum += std::exp(static_cast<double>(v) - top);
        shift = top + std::log(sum);
    }
    double at(std::size_t c) const { return static_cast<double>(z[c]) - shift; }
};

void checkLabels(const Tensor& labels, Index classes)
{
    const auto values = labels.values<std::int32_t>();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] < 0 || values[i] >= classes)
            throw Error("label " + std::to_string(values[i]) + " of sample " + std::to_string(i)
                + " of the batch: expected 0 to " + std::to_string(classes - 1) + ", since the output has "
                + std::to_string(classes) + " classes");
}

}

Loss crossEntropy(Run& run, const Tensor& logits, const Tensor& labels, double smoothing)
{
    const Index classes = logits.dim(-1), rows = labels.count();
    assert(logits.count() == rows * classes);
    checkLabels(labels, classes);
    Loss loss;
    loss.rows = rows;
    loss.gradient = run.make(logits.shape());
    std::vector<char> isRight(static_cast<std::size_t>(rows));
    const auto n = static_cast<std::size_t>(classes);
    const auto all = logits.values<float>();
    const auto gradients = loss.gradient.writable();
    const double rest = smoothing / static_cast<double>(classes), share = 1.0 / static_cast<double>(rows);
    loss.value = meanOverRows(run, rows, [&](Index row) {
        const auto r = static_cast<std::size_t>(row);
        const auto label = static_cast<std::size_t>(labels.values<std::int32_t>()[r]);
        const LogSoftmax logs(all.subspan(r * n, n));
        double value = 0;
        for (std::size_t c = 0; c < n; ++c) {
            const double wanted = rest + (c == label ? 1 - smoothing : 0);
            if (wanted > 0)
                value -= wanted * logs.at(c);
            gradients[r * n + c] = static_cast<float>((std::exp(logs.at(c)) - wanted) * share);
        }
        isRight[r] = std::ranges::max_element(logs.z) - logs.z.begin() == static_cast<Index>(label);
        return value;
    });
    loss.right = std::ranges::count(isRight, 1);
    return loss;
}

Loss klDivergence(Run& run, const Tensor& logits, const Tensor& target)
{
    assert(logits.shape() == target.shape());
    Loss loss;
    loss.rows = logits.count() / logits.dim(-1);
    loss.gradient = run.make(logits.shape());
    const auto n = static_cast<std::size_t>(logits.dim(-1));
    const auto all = logits.values<float>(), targets = target.values<float>();
    const auto gradients = loss.gradient.writable();
    loss.value = meanOverRows(run, loss.rows, [&](Index row) {
        const auto first = static_cast<std::size_t>(row) * n;
        const LogSoftmax logs(all.subspan(first, n));
        double value = 0, mass = 0;
        for (std::size_t c = 0; c < n; ++c) {
            const double t = static_cast<double>(targets[first + c]);
            mass += t;
            if (t > 0)
                value += t * (std::log(t) - logs.at(c));
        }
        for (std::size_t c = 0; c < n; ++c)
            gradients[first + c]
                = static_cast<float>((mass * std::exp(logs.at(c)) - static_cast<double>(targets[first + c]))
                    / static_cast<double>(loss.rows));
        return value;
    });
    return loss;
}

Loss meanSquaredError(Run& run, const Tensor& output, const Tensor& target)
{
    assert(output.shape() == target.shape());
    Loss loss;
    loss.rows = output.count() / output.dim(-1);
    loss.gradient = run.make(output.shape());
    const auto n = static_cast<std::size_t>(output.dim(-1));
    const auto all = output.values<float>(), targets = target.values<float>();
    const auto gradients = loss.gradient.writable();
    const double scale = 2.0 / static_cast<double>(output.count());
    const double sum = meanOverRows(run, loss.rows, [&](Index row) {
        double square = 0;
        for (std::size_t i = static_cast<std::size_t>(row) * n; i < (static_cast<std::size_t>(row) + 1) * n;
             ++i) {
            const double difference = static_cast<double>(all[i]) - static_cast<double>(targets[i]);
            square += difference * difference;
            gradients[i] = static_cast<float>(scale * difference);
        }
        return square;
    });
    loss.value = sum / static_cast<double>(n);
    return loss;
}

}
