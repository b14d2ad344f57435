// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/course.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>

namespace fovea::analysis {

namespace {

double elementOf(const Tensor& value, Index element)
{
    const auto at = static_cast<std::size_t>(element);
    switch (value.dtype()) {
    case DType::F32:
        return static_cast<double>(value.values<float>()[at]);
    case DType::F64:
        return value.values<double>()[at];
    default:
        return value.toDoubles()[at];
    }
}

template <class T>
Tensor subtracted(const Tensor& a, const Tensor& b)
{
    Tensor result(a.shape(), a.dtype());
    std::ranges::transform(a.values<T>(), b.values<T>(), result.writable<T>().begin(), std::minus<T>());
    return result;
}

}

Course::Course(std::string path, Index element)
    : path_(std::move(path))
    , element_(element)
{
}

void Course::keepOnly(const StepList& steps)
{
    std::size_t kept = 0;
    for (std::size_t i = 0, at = 0; i < numbers_.size(); ++i) {
        while (at < steps.size() && static_cast<double>(steps[at]->step()) < numbers_[i])
            ++at;
        if (at == steps.size() || static_cast<double>(steps[at]->step()) != numbers_[i])
            continue;
        numbers_[kept] = numbers_[i];
        values_[kept++] = values_[i];
    }
    numbers_.resize(kept);
    values_.resize(kept);
}

void Course::follow(const TracePtr& trace)
{
    if (const RunIdentity run(trace); !(run == run_)) {
        *this = Course(std::move(path_), element_);
        run_ = run;
    }
    if (!trace)
        return;
    const StepList& steps = trace->steps;
    std::size_t at = steps.lowerBound(last_ + 1);
    if (at < seen_)
        keepOnly(steps);
    for (; at < steps.size(); ++at) {
        const RecordPtr record = steps[at]->find(path_);
        if (!record || !record->value.defined() || record->value.count() <= element_)
            continue;
        numbers_.push_back(static_cast<double>(steps[at]->step()));
        values_.push_back(elementOf(record->value, element_));
    }
    seen_ = steps.size();
    last_ = steps.empty() ? -1 : steps.back()->step();
}

double Course::at(Index step) const
{
    const auto number = static_cast<double>(step);
    const auto found = std::ranges::lower_bound(numbers_, number);
    return found != numbers_.end() && *found == number
        ? values_[static_cast<std::size_t>(found - numbers_.begin())]
        : NAN;
}

std::vector<double> smoothed(const std::vector<double>& values, double weight)
{
    std::vector<double> result = values;
    double mean = 0, share = 1;
    for (double& value : result) {
        if (!std::isfinite(value))
            continue;
        mean = weight * mean + (1 - weight) * value;
        share *= weight;
        value = mean / (1 - share);
    }
    return result;
}

Points difference(const Course& a, const Course& b)
{
    Points points;
    std::size_t j = 0;
    for (std::size_t i = 0; i < a.steps().size(); ++i) {
        while (j < b.steps().size() && b.steps()[j] < a.steps()[i])
            ++j;
        if (j < b.steps().size() && b.steps()[j] == a.steps()[i]) {
            points.x.push_back(a.steps()[i]);
            points.y.push_back(a.values()[i] - b.values()[j]);
        }
    }
    return points;
}

Points thinned(const std::vector<double>& x, const std::vector<double>& y, std::size_t columns)
{
    constexpr std::size_t perColumn = 4;
    if (x.size() <= perColumn * columns || columns == 0)
        return {x, y};
    Points points;
    const double width = (x.back() - x.front()) / static_cast<double>(columns);
    for (std::size_t begin = 0; begin < x.size();) {
        const double end = x.front() + width * (std::floor((x[begin] - x.front()) / width) + 1);
        std::size_t after = begin + 1;
        while (after < x.size() && x[after] < end)
            ++after;
        const auto [low, high] = std::minmax_element(
            y.begin() + static_cast<std::ptrdiff_t>(begin), y.begin() + static_cast<std::ptrdiff_t>(after));
        std::vector<std::size_t> kept{begin, static_cast<std::size_t>(low - y.begin()),
            static_cast<std::size_t>(high - y.begin()), after - 1};
        std::ranges::sort(kept);
        const auto last = std::unique(kept.begin(), kept.end()); // clang 14 has no ranges::unique
        for (auto at = kept.begin(); at != last; ++at) {
            points.x.push_back(x[*at]);
            points.y.push_back(y[*at]);
        }
        begin = after;
    }
    return points;
}

Record difference(const Record& a, const Record& b)
{
    Record result = a;
    result.value = {};
    result.factors = {};
    const bool fits = a.kind() == b.kind() && a.value.defined() && b.value.defined()
        && a.value.shape() == b.value.shape() && a.value.dtype() == b.value.dtype();
    if (!fits)
        return result;
    switch (a.value.dtype()) {
    case DType::F32:
        result.value = subtracted<float>(a.value, b.value);
        break;
    case DType::F64:
        result.value = subtracted<double>(a.value, b.value);
        break;
    case DType::C64:
        result.value = subtracted<std::complex<float>>(a.value, b.value);
        break;
    case DType::I32:
        result.value = subtracted<std::int32_t>(a.value, b.value);
        break;
    case DType::I64:
        result.value = subtracted<std::int64_t>(a.value, b.value);
        break;
    case DType::U8:
        break; // a picture: no signed difference fits
    }
    result.info.role = "difference: " + (a.info.role.empty() ? a.path() : a.info.role);
    result.finite = !result.value.defined() || allFinite(result.value);
    return result;
}

}
