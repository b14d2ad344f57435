// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/parity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fovea {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// A reference of attention may leave out the group axis; any may keep a batch axis of one.
ParityRow compareRecord(const std::string& path, const RecordPtr& record, Tensor expected)
{
    if (!record || !record->value.defined())
        return {path, "not recorded by this model", infinite, infinite, 0};
    const Tensor& found = record->value;
    if (expected.count() == found.count())
        expected = expected.reshaped(found.shape());
    if (expected.shape() != found.shape())
        return {path, "expected " + expected.shape().text() + ", found " + found.shape().text(), infinite,
            infinite, 0};
    return compareValues(path, found, expected);
}

}

double Parity::worst() const
{
    double most = 0;
    for (const ParityRow& row : rows)
        most = std::max(most, row.relative);
    return most;
}

const ParityRow* Parity::firstDivergence() const
{
    const auto found
        = std::ranges::find_if(rows, [](const ParityRow& row) { return !(row.relative <= tolerance); });
    return found == rows.end() ? nullptr : &*found;
}

ParityRow compareValues(const std::string& path, const Tensor& found, const Tensor& expected)
{
    ParityRow row{path, {}, 0, 0, 0};
    const auto a = found.toDoubles(), b = expected.toDoubles();
    double square = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        square += b[i] * b[i];
        const double difference = std::isnan(a[i] - b[i]) ? infinite : std::abs(a[i] - b[i]);
        if (difference > row.absolute) {
            row.absolute = difference;
            row.where = static_cast<Index>(i);
        }
    }
    const double rms = std::sqrt(square / static_cast<double>(std::max<std::size_t>(b.size(), 1)));
    row.relative = rms > 0 ? row.absolute / rms : row.absolute;
    return row;
}

Parity checkParity(const Architecture& architecture, const Weights& weights, const ExecuteOptions& options)
{
    const Reference& reference = weights.parts().reference;
    if (!reference.input.defined())
        throw Error("the weights bring no reference to compare with");
    ExecuteOptions runWith = options;
    runWith.edits.clear();
    runWith.record = {"logits"};
    for (const auto& [path, tensor] : reference.records)
        runWith.record.push_back(path);
    const TracePtr trace = execute(architecture, weights, reference.input, runWith);

    Parity parity;
    for (const SignalInfo& signal : architecture.signalInfos(weights.config()))
        if (const Tensor* expected = reference.records.find(signal.path))
            parity.rows.push_back(compareRecord(signal.path, trace->find(signal.path), *expected));
    for (const auto& [path, tensor] : reference.records)
        if (std::ranges::find(parity.rows, path, &ParityRow::path) == parity.rows.end())
            parity.rows.push_back(compareRecord(path, nullptr, tensor));
    if (reference.logits.defined())
        parity.rows.push_back(
            compareValues("logits", trace->output, reference.logits.reshaped(trace->output.shape())));
    return parity;
}

}
