// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tape.h"

#include "core/run/pieces.h"
#include "core/trace/patterns.h"

#include <algorithm>
#include <cstring>

namespace fovea {

namespace {

const std::byte* address(const Tensor& tensor) { return static_cast<const std::byte*>(tensor.bytes()); }

bool canHaveGradient(const Tensor& tensor)
{
    return tensor.defined() && tensor.count() > 0
        && (tensor.dtype() == DType::F32 || tensor.dtype() == DType::C64);
}

/// f32 as they are, c64 as pairs.
Index floatsOf(const Tensor& tensor) { return static_cast<Index>(tensor.byteSize() / sizeof(float)); }

void addTo(Run& run, float* to, const float* from, Index count)
{
    eachPiece(run, count, [=](Index begin, Index end) {
        for (Index i = begin; i < end; ++i)
            to[i] += from[i];
    });
}

void fillZero(Run& run, float* to, Index count)
{
    eachPiece(run, count, [=](Index begin, Index end) { std::fill(to + begin, to + end, 0.0F); });
}

/// While it lives, nothing is recorded.
class Rewinding {
public:
    explicit Rewinding(bool& flag)
        : flag_(flag)
    {
        flag_ = true;
    }
    ~Rewinding() { flag_ = false; }
    Rewinding(const Rewinding&) = delete;
    Rewinding& operator=(const Rewinding&) = delete;

private:
    bool& flag_;
};

}

Tape::Tape(GradientRequest request)
    : request_(std::move(request))
{
}

const Tape::Region* Tape::regionOf(const Tensor& tensor) const
{
    const std::byte* first = address(tensor);
    auto next = regions_.upper_bound(first);
    if (next == regions_.begin())
        return nullptr;
    const auto& [begin, region] = *--next;
    return first < begin + region.value.byteSize() ? &region : nullptr;
}

void Tape::add(const Tensor& value)
{
    assert(canHaveGradient(value));
    regions_.try_emplace(address(value)).first->second.value = value;
}

void Tape::watch(const Tensor& leaf)
{
    if (canHaveGradient(leaf) && !reaches(leaf))
        add(leaf);
}

void Tape::watchParameter(std::string_view name, const Tensor& value)
{
    if (isRewinding_ || !matchesAny(request_.parameters, name))
        return;
    const auto isKnown = [&](const auto& entry) { return entry.first == name; };
    if (std::ranges::any_of(parameters_, isKnown))
        return;
    watch(value);
    parameters_.emplace_back(name, value);
}

void Tape::record(const Tensor& output, Backward backward)
{
    if (isRewinding_)
        return;
    assert(!reaches(output));
    add(output);
    nodes_.push_back(Node{address(output), std::move(backward)});
}

bool Tape::wants(std::string_view signal) const
{
    return !isRewinding_ && matchesAny(request_.signalPaths, signal);
}

void Tape::follow(std::string_view signal, const Tensor& value, const Shown& shown, SignalView view)
{
    if (!canHaveGradient(value))
        return;
    watch(value);
    Region* region = regionOf(value);
    region->marks.push_back(Mark{std::string(signal), value, shown, std::move(view)});
    region->marks.back().shown.path = {}; // it would outlive what it points at
}

Tensor Tape::partOf(const Region& region, const Tensor& view)
{
    const auto offset = static_cast<std::size_t>(address(view) - address(region.value));
    return region.gradient.window(offset, view.shape(), view.dtype());
}

void Tape::showMarks(Run& run, const Region& region)
{
    if (!region.gradient.defined())
        return;
    for (const Mark& mark : region.marks)
        if (run.wantsGradient(mark.path, mark.value.byteSize())) {
            const Tensor part = partOf(region, mark.value);
            run.showGradient(mark.path, mark.view ? mark.view(run, part) : part, mark.shown);
        }
}

void Tape::backward(Run& run, const Tensor& output, const Tensor& cotangent)
{
    const Rewinding rewinding(isRewinding_);
    give(run, output, cotangent);
    while (!nodes_.empty()) {
        Node node = std::move(nodes_.back());
        nodes_.pop_back();
        auto found = regions_.find(node.output);
        Region region = std::move(found->second);
        regions_.erase(found);
        if (!region.gradient.defined())
            continue;
        showMarks(run, region);
        Tensor gradient = partOf(region, region.value);
        region = {};
        node.backward(run, *this, std::move(gradient));
    }
    for (const auto& [begin, region] : regions_)
        showMarks(run, region);
}

GradientSink Tape::sink(Run& run, const Tensor& input)
{
    Region* region = input.defined() ? regionOf(input) : nullptr;
    if (!region)
        return {};
    const Index all = floatsOf(region->value);
    const bool isFirst = !region->gradient.defined(), isWhole = floatsOf(input) == all;
    if (isFirst) {
        region->gradient = run.make({all});
        if (!isWhole)
            fillZero(run, region->gradient.writable().data(), all);
    } else if (!region->gradient.isUnique()) {
        Tensor own = run.make({all});
        std::memcpy(own.writable().data(), region->gradient.data(), own.byteSize());
        region->gradient = own;
    }
    const auto offset
        = (address(input) - address(region->value)) / static_cast<std::ptrdiff_t>(sizeof(float));
    return {region->gradient.writable().data() + offset, !isFirst || !isWhole};
}

void Tape::give(Run& run, const Tensor& input, const Tensor& gradient)
{
    Region* region = input.defined() && gradient.defined() ? regionOf(input) : nullptr;
    if (!region)
        return;
    assert(gradient.count() == input.count() && gradient.dtype() == input.dtype());
    const Index count = floatsOf(input);
    const Tensor flat = gradient.window(0, {count}, DType::F32);
    if (!region->gradient.defined() && count == floatsOf(region->value)) {
        region->gradient = flat;
        return;
    }
    addTo(run, sink(run, input).data, flat.data(), count);
}

Tensor Tape::gradient(const Tensor& leaf) const
{
    const Region* region = leaf.defined() ? regionOf(leaf) : nullptr;
    return region && region->gradient.defined() ? partOf(*region, leaf) : Tensor();
}

NamedTensors Tape::parameterGradients() const
{
    NamedTensors all;
    for (const auto& [name, value] : parameters_)
        if (const Tensor found = gradient(value); found.defined())
            all.set(name, found);
    return all;
}

}
