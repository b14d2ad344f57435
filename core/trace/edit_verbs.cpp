// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit_verbs.h"

#include "core/tensor/error.h"
#include "core/trace/edit_filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace fovea::edits {

namespace {

/// The value as floats; complex numbers get a trailing axis of two. Other types cannot be edited.
struct Floats {
    float* data;
    Shape shape;
};

Floats floatsOf(Tensor& value, const Target& target)
{
    if (value.dtype() == DType::F32)
        return {value.writable().data(), value.shape()};
    if (value.dtype() != DType::C64)
        refuse(target.edit, "values of type " + std::string(nameOf(value.dtype())));
    std::vector<Index> extents(value.shape().extents().begin(), value.shape().extents().end());
    extents.push_back(2);
    return {reinterpret_cast<float*>(value.writable<std::complex<float>>().data()), Shape(extents)};
}

/// Calls fn(flat index) for each element that the selection names.
template <class Fn>
void forEach(const Shape& shape, const Selection& selection, int axis, Index offset, Fn& fn)
{
    if (axis == shape.rank()) {
        fn(offset);
        return;
    }
    const auto slot = static_cast<std::size_t>(axis);
    const Index only = slot < selection.size() ? selection[slot] : -1;
    for (Index i = only < 0 ? 0 : only; i < (only < 0 ? shape[axis] : only + 1); ++i)
        forEach(shape, selection, axis + 1, offset * shape[axis] + i, fn);
}

/// fn(element) for each selected element.
template <class Fn>
void forEach(Tensor& value, const Target& target, Fn fn)
{
    const Floats f = floatsOf(value, target);
    const auto at = [&](Index i) { fn(f.data[i], i); };
    for (const Selection& selection : target.selections)
        forEach(f.shape, selection, 0, 0, at);
}

/// fn(row) for each row of keys that holds a selected edge.
template <class Fn>
void forEachRow(Tensor& value, const Target& target, Fn fn)
{
    const auto keys = static_cast<std::size_t>(value.dim(-1));
    float* data = floatsOf(value, target).data;
    const auto at = [&](Index first) { fn(std::span(data + first, keys)); };
    for (Selection row : target.selections) {
        row.back() = 0;
        forEach(value.shape(), row, 0, 0, at);
    }
}

/// The places that a mean runs over: the tokens, or the pixels of a grid.
struct Places {
    Index count, stride;
};

Places placesOf(Kind kind, const Shape& shape)
{
    const int first = kind == Kind::Grid ? 2 : *tokenAxis(kind) + 1, last = kind == Kind::Grid ? 3 : first;
    Places places{1, 1};
    for (int i = first; i < shape.rank(); ++i)
        (i <= last ? places.count : places.stride) *= shape[i];
    return places;
}

void scale(Tensor& value, const Target& target)
{
    const float factor = *numberIn(target.edit.args[0]);
    // times 0 would keep NaN alive
    forEach(value, target, [&](float& x, Index) { x = factor == 0 ? 0 : x * factor; });
}

void set(Tensor& value, const Target& target)
{
    const float constant = *numberIn(target.edit.args[0]);
    forEach(value, target, [&](float& x, Index) { x = constant; });
}

void off(Tensor& value, const Target& target)
{
    forEach(value, target, [](float& x, Index) { x = 0; });
}

/// Each selected element becomes the mean over the places at its other coordinates.
void mean(Tensor& value, const Target& target)
{
    Tensor copy = value.clone();
    const Floats before = floatsOf(copy, target);
    const Places places = placesOf(target.kind, before.shape);
    forEach(value, target, [&](float& x, Index i) {
        const float* line = before.data + (i - i / places.stride % places.count * places.stride);
        double sum = 0;
        for (Index t = 0; t < places.count; ++t)
            sum += line[t * places.stride];
        x = static_cast<float>(sum / static_cast<double>(places.count));
    });
}

void patch(Tensor& value, const Target& target)
{
    if (!target.other || !target.other->value.defined())
        throw Error("edit '" + target.edit.text() + "': the other trace did not record this signal");
    Tensor other = target.other->value.clone();
    if (other.shape() != value.shape().tail() || other.dtype() != value.dtype())
        throw Error("edit '" + target.edit.text() + "': expected " + std::string(nameOf(value.dtype())) + " "
            + value.shape().tail().text() + ", the other trace has " + std::string(nameOf(other.dtype()))
            + " " + other.shape().text());
    const Floats source = floatsOf(other, target);
    const Index sampleSize = source.shape.count();
    forEach(value, target, [&](float& x, Index i) { x = source.data[i % sampleSize]; });
}

/// With `renorm` each row that lost an edge is scaled back to sum 1, unless nothing is left of it.
void cut(Tensor& value, const Target& target)
{
    off(value, target);
    if (target.edit.args.empty())
        return;
    forEachRow(value, target, [](std::span<float> row) {
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (float& x : row)
            x = sum > 0 ? static_cast<float>(x / sum) : 0;
    });
}

/// The softmax gives such an edge nothing and shares the row among the others.
void mask(Tensor& value, const Target& target)
{
    constexpr float never = -std::numeric_limits<float>::infinity();
    forEach(value, target, [](float& x, Index) { x = never; });
    forEachRow(value, target, [&](std::span<float> row) {
        if (std::ranges::all_of(row, [](float x) { return x == never; }))
            refuse(target.edit, "a query would have no key left to look at");
    });
}

/// Of values that became constants.
void toNothing(Tensor& gradient, const Tensor&, const Target& target) { off(gradient, target); }

void scaleBack(Tensor& gradient, const Tensor&, const Target& target) { scale(gradient, target); }

/// A mean gives each of its places an equal share of its gradient.
void meanBack(Tensor& gradient, const Tensor&, const Target& target)
{
    Tensor copy = gradient.clone();
    const Floats before = floatsOf(copy, target);
    const Places places = placesOf(target.kind, before.shape);
    off(gradient, target);
    float* data = floatsOf(gradient, target).data;
    forEach(gradient, target, [&](float&, Index i) {
        float* line = data + (i - i / places.stride % places.count * places.stride);
        for (Index t = 0; t < places.count; ++t)
            line[t * places.stride] += before.data[i] / static_cast<float>(places.count);
    });
}

/// With `renorm` a row is y = x / s where s is the sum of what was not cut: dx_j = (g_j - sum_k g_k y_k) / s.
void cutBack(Tensor& gradient, const Tensor& value, const Target& target)
{
    off(gradient, target);
    if (target.edit.args.empty())
        return;
    Tensor rest = value.clone();
    off(rest, target);
    const float *first = gradient.data(), *values = rest.data();
    forEachRow(gradient, target, [&](std::span<float> g) {
        const std::span x(values + (g.data() - first), g.size());
        const double sum = std::accumulate(x.begin(), x.end(), 0.0);
        double shared = 0;
        for (std::size_t j = 0; j < g.size() && sum > 0; ++j)
            shared += static_cast<double>(g[j]) * static_cast<double>(x[j]) / sum;
        for (float& v : g)
            v = sum > 0 ? static_cast<float>((static_cast<double>(v) - shared) / sum) : 0;
    });
    off(gradient, target);
}

/// The selected tokens' field `kept` of a Keep record, which follows the score.
Target fatesOf(const Target& target)
{
    Target fate = target;
    for (Selection& selection : fate.selections)
        selection.back() = 1;
    return fate;
}

void keep(Tensor& value, const Target& target)
{
    forEach(value, fatesOf(target), [](float& x, Index) { x = 1; });
}

void drop(Tensor& value, const Target& target)
{
    forEach(value, fatesOf(target), [](float& x, Index) { x = 0; });
}

/// Every token stays whose score is above: what another threshold would have decided.
void threshold(Tensor& value, const Target& target)
{
    const float least = *numberIn(target.edit.args[0]);
    float* data = value.writable().data();
    const Target fate = fatesOf(target);
    forEach(value, fate, [&](float& x, Index i) { x = data[i - 1] > least ? 1 : 0; });
}

bool isKeep(const SignalInfo& signal) { return signal.kind == Kind::Keep; }
// A Keep record is read back as fates alone.
bool isValue(const SignalInfo& signal) { return signal.kind != Kind::Keep; }
bool hasPlaces(const SignalInfo& signal)
{
    return isValue(signal) && (tokenAxis(signal.kind) || signal.kind == Kind::Grid);
}
bool isPattern(const SignalInfo& signal)
{
    return signal.kind == Kind::Attention && signal.path.ends_with("pattern");
}
bool isScores(const SignalInfo& signal) { return signal.kind == Kind::Attention && !isPattern(signal); }

constexpr std::string_view spectra = "filters in the frequency domain";
constexpr std::array<Verb, 16> table{{
    {"off", "", "values", isValue, off, toNothing, true},
    {"mean", "", "values that have tokens or pixels to average over", hasPlaces, mean, meanBack, true},
    {"scale", "NUMBER", "values", isValue, scale, scaleBack, true},
    {"set", "NUMBER", "values", isValue, set, toNothing},
    {"patch", "TRACE.h5", "values", isValue, patch, toNothing},
    {"cut", "[renorm]", "attention after softmax", isPattern, cut, cutBack},
    {"mask", "", "attention scores before softmax", isScores, mask, toNothing},
    {"keep", "", "kept tokens", isKeep, keep, toNothing},
    {"drop", "", "kept tokens", isKeep, drop, toNothing},
    {"threshold", "SHARE", "kept tokens", isKeep, threshold, toNothing},
    {"lowpass", "RADIUS", spectra, isSpectrum, lowpass, lowpassBack, false, ".weight"},
    {"zero", "[REGION]", spectra, isSpectrum, zero, zeroBack, false, ".weight"},
    {"gain", "NUMBER[:REGION]", spectra, isSpectrum, gain, gainBack, false, ".weight"},
    {"phase", "SEED[:REGION]", spectra, isSpectrum, randomPhase, randomPhaseBack, false, ".weight"},
    {"magnitude", "[REGION]", spectra, isSpectrum, magnitude, magnitudeBack, false, ".weight"},
    {"from", "BLOCK[:REGION]", spectra, isSpectrum, from, zeroBack, false, ".weight"},
}};

bool takes(const Verb& verb, const Edit& edit)
{
    if (edit.args.empty())
        return verb.argument.empty() || verb.argument.front() == '[';
    const std::string& argument = edit.args[0];
    if (verb.argument.ends_with("REGION]")) {
        requireStroke(edit, verb.argument);
        return true;
    }
    if (verb.argument == "NUMBER")
        return numberIn(argument).has_value();
    if (verb.argument == "SHARE") {
        const float share = numberIn(argument).value_or(-1);
        return share > 0 && share < 1;
    }
    if (verb.argument == "RADIUS")
        return numberIn(argument).value_or(-1) >= 0;
    return verb.argument == "TRACE.h5" ? !argument.empty() : "[" + argument + "]" == verb.argument;
}

}

std::span<const Verb> verbs() { return table; }

std::optional<float> numberIn(const std::string& text)
{
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNumber = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    return isNumber ? std::optional(value) : std::nullopt;
}

std::string textOf(const Verb& verb)
{
    const std::string name(verb.name), argument(verb.argument);
    if (argument.empty() || argument.front() != '[')
        return name + (argument.empty() ? "" : ":") + argument;
    return name + "[:" + argument.substr(1);
}

const Verb& verbOf(const Edit& edit)
{
    const auto verb = std::ranges::find(table, edit.verb, &Verb::name);
    if (verb != table.end() && takes(*verb, edit))
        return *verb;
    const std::string found = "'" + edit.text().substr(edit.path.size() + 1) + "'";
    if (verb != table.end() && edit.verb != "mean")
        refuse(edit,
            "expected " + textOf(*verb) + (verb->argument == "SHARE" ? ", between 0 and 1" : "") + ", found "
                + found);
    std::string all;
    for (const Verb& known : table)
        all += (all.empty() ? "; there are " : ", ") + std::string(known.name);
    refuse(
        edit, (edit.verb == "mean" ? found + " is not there yet" : "unknown verb '" + edit.verb + "'") + all);
}

void refuse(const Edit& edit, const std::string& why)
{
    throw UsageError("edit '" + edit.text() + "': " + why);
}

}
