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

/// What a row's logits are held against: sum_c q_c is `mass`, and `own` is added to the row's value.
struct Wanted {
    double mass = 1, own = 0;
};

/// The mean over rows of own - sum_c q_c log softmax(z)_c, where want(row, log softmax, q) fills in the row's
/// q. A term with q_c = 0 is 0.
template <class Want>
Loss softmaxLoss(Run& run, const Tensor& logits, Want want)
{
    const auto n = static_cast<std::size_t>(logits.dim(-1));
    Loss loss;
    loss.rows = logits.count() / logits.dim(-1);
    loss.gradient = run.make(logits.shape());
    const auto all = logits.values<float>();
    const auto gradients = loss.gradient.writable();
    const double share = 1.0 / static_cast<double>(loss.rows);
    loss.value = meanOverRows(run, loss.rows, [&](Index row) {
        const auto first = static_cast<std::size_t>(row) * n;
        const LogSoftmax logs(all.subspan(first, n));
        std::vector<double> q(n);
        const Wanted wanted = want(row, logs, std::span(q));
        double value = wanted.own;
        for (std::size_t c = 0; c < n; ++c) {
            if (q[c] > 0)
                value -= q[c] * logs.at(c);
            gradients[first + c] = static_cast<float>((wanted.mass * std::exp(logs.at(c)) - q[c]) * share);
        }
        return value;
    });
    return loss;
}

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
    const auto label = [all = labels.values<std::int32_t>()](Index row) {
        return static_cast<std::size_t>(all[static_cast<std::size_t>(row)]);
    };
    const double rest = smoothing / static_cast<double>(classes);
    std::vector<char> isRight(static_cast<std::size_t>(rows));
    Loss loss = softmaxLoss(run, logits, [&](Index row, const LogSoftmax& logs, std::span<double> q) {
        std::ranges::fill(q, rest);
        q[label(row)] = rest + (1 - smoothing);
        isRight[static_cast<std::size_t>(row)]
            = std::ranges::max_element(logs.z) - logs.z.begin() == static_cast<Index>(label(row));
        return Wanted{};
    });
    loss.right = std::ranges::count(isRight, 1);
    return loss;
}

Loss klDivergence(Run& run, const Tensor& logits, const Tensor& target)
{
    assert(logits.shape() == target.shape());
    const auto targets = target.values<float>();
    return softmaxLoss(run, logits, [&](Index row, const LogSoftmax&, std::span<double> q) {
        Wanted wanted{0, 0};
        for (std::size_t c = 0; c < q.size(); ++c) {
            q[c] = static_cast<double>(targets[static_cast<std::size_t>(row) * q.size() + c]);
            wanted.mass += q[c];
            wanted.own += q[c] > 0 ? q[c] * std::log(q[c]) : 0;
        }
        return wanted;
    });
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

Loss lossOf(Run& run, const Tensor& output, const Batch& batch, double smoothing)
{
    const Tensor& target = batch.labels.defined() ? batch.labels : batch.target;
    const bool isCounted = target.dtype() == DType::I32;
    if (isCounted ? output.count() != target.count() * output.dim(-1) : output.shape() != target.shape())
        throw Error("the output of the architecture is " + output.shape().text()
            + ", and the data set asks for " + target.shape().text()
            + (isCounted ? " with a number for each class" : ""));
    return isCounted ? crossEntropy(run, output, target, smoothing) : meanSquaredError(run, output, target);
}

}
