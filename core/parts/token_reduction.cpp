// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/token_reduction.h"

#include "core/nn/tokens.h"
#include "core/parts/signal_list.h"
#include "core/parts/vit/config.h"
#include "core/source/field_list.h"

#include <algorithm>

namespace fovea::parts {

namespace {

/// [B, all, 2] over all tokens: the score of those that stand, and whether they are kept.
Tensor keepRecord(Run& run, const StandingTokens& t, const Tensor& score, const Tensor& kept)
{
    Tensor record = run.make({t.batch, t.all, 2});
    const auto out = record.writable();
    std::ranges::fill(out, 0.0F);
    for (Index i = 0; i < t.batch * t.n; ++i) {
        if (t.number(i) < 0)
            continue;
        const auto at = static_cast<std::size_t>((i / t.n * t.all + t.number(i)) * 2);
        out[at] = t.isKept(i) ? score.data()[i] : 0;
        out[at + 1] = kept.data()[i];
    }
    return record;
}

}

StandingTokens::StandingTokens(Run& run, const State& before, Index allTokens, Index specialTokens)
    : batch(before.x.dim(0))
    , n(before.x.dim(1))
    , all(allTokens)
    , specials(specialTokens)
{
    if (const Tensor* known = before.more.find(flow::kept)) {
        kept = *known;
    } else {
        kept = run.make({batch, n});
        std::ranges::fill(kept.writable(), 1.0F);
    }
    if (const Tensor* known = before.more.find(flow::numbers)) {
        numbers = *known;
    } else {
        numbers = run.make({batch, n}, DType::I32);
        const auto out = numbers.writable<std::int32_t>();
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::int32_t>(static_cast<Index>(i) % n);
    }
}

Index StandingTokens::patches(Index b) const
{
    Index count = 0;
    for (Index i = b * n + specials; i < (b + 1) * n; ++i)
        count += isKept(i) ? 1 : 0;
    return count;
}

Tensor StandingTokens::chosen(Run& run, const std::function<bool(Index)>& stays) const
{
    Tensor fates = run.make({batch, n});
    for (Index i = 0; i < batch * n; ++i)
        fates.writable().data()[i] = isSpecial(i) || (isKept(i) && stays(i)) ? 1.0F : 0.0F;
    return fates;
}

Tensor StandingTokens::highest(Run& run, const Tensor& score, const std::function<Index(Index)>& count) const
{
    std::vector<char> stays(static_cast<std::size_t>(batch * n));
    for (Index b = 0; b < batch; ++b) {
        std::vector<Index> order;
        for (Index i = b * n + specials; i < (b + 1) * n; ++i)
            if (isKept(i))
                order.push_back(i);
        std::ranges::stable_sort(order, std::greater<>(), [&](Index i) { return score.data()[i]; });
        for (std::size_t k = 0; k < std::min(order.size(), static_cast<std::size_t>(count(b))); ++k)
            stays[static_cast<std::size_t>(order[k])] = 1;
    }
    return chosen(run, [&](Index i) { return stays[static_cast<std::size_t>(i)] != 0; });
}

std::vector<std::int32_t> StandingTokens::positions(const Tensor& keptNow, Index b) const
{
    std::vector<std::int32_t> found;
    for (Index j = 0; j < n; ++j)
        if (keptNow.data()[b * n + j] != 0)
            found.push_back(static_cast<std::int32_t>(j));
    return found;
}

std::string stagePath(int stage) { return "stages." + std::to_string(stage); }

void addStageSignals(
    std::vector<SignalInfo>& list, int stage, const std::string& block, int depth, const std::string& score)
{
    SignalList signals{list, block, stagePath(stage) + ".", depth};
    signals.add("keep", Kind::Keep, "kept tokens", score).fields = {"score", "kept"};
    signals.add(
        "left", Kind::Vector, "survivors", "numbers of the tokens that are left, the class token being 0");
}

Tensor showKeep(Run& run, const StandingTokens& t, const Tensor& score, const Tensor& kept,
    const std::function<LayoutPtr()>& layout)
{
    if (run.wants("keep") == Want::Nothing)
        return kept;
    const Tensor record = keepRecord(run, t, score, kept);
    const Tensor decided = run.show("keep", record, {.queries = layout()});
    if (decided.same(record))
        return kept;
    return t.chosen(run, [&](Index i) { // an edit had its say
        return t.number(i) < 0 ? kept.data()[i] != 0
                               : decided.data()[(i / t.n * t.all + t.number(i)) * 2 + 1] != 0;
    });
}

void showLeft(Run& run, const StandingTokens& t, const Tensor& kept)
{
    if (run.wants("left") == Want::Nothing)
        return;
    const Index b = std::min(run.watched(), t.batch - 1);
    std::vector<std::int32_t> numbers;
    for (const std::int32_t position : t.positions(kept, b))
        if (const Index number = t.number(b * t.n + position); number >= 0)
            numbers.push_back(static_cast<std::int32_t>(number));
    run.show("left",
        Tensor::of<std::int32_t>(
            {1, static_cast<Index>(numbers.size())}, std::span<const std::int32_t>(numbers)));
}

Shortened shortened(Run& run, const StandingTokens& t, const Tensor& kept)
{
    std::vector<std::vector<std::int32_t>> own;
    std::size_t most = 0, fewest = static_cast<std::size_t>(t.n);
    for (Index b = 0; b < t.batch; ++b) {
        own.push_back(t.positions(kept, b));
        most = std::max(most, own.back().size());
        fewest = std::min(fewest, own.back().size());
    }
    const auto count = static_cast<Index>(most);
    Shortened s{run.make({t.batch, count}, DType::I32), run.make({t.batch, count}, DType::I32), {}};
    if (fewest < most)
        s.kept = run.make({t.batch, count});
    for (Index b = 0; b < t.batch; ++b) {
        auto& positions = own[static_cast<std::size_t>(b)];
        const auto counting = static_cast<Index>(positions.size());
        for (Index j = 0; static_cast<Index>(positions.size()) < count; ++j)
            if (kept.data()[b * t.n + j] == 0)
                positions.push_back(static_cast<std::int32_t>(j));
        for (Index k = 0; k < count; ++k) {
            const auto at = static_cast<std::size_t>(b * count + k);
            const std::int32_t position = positions[static_cast<std::size_t>(k)];
            s.positions.writable<std::int32_t>()[at] = position;
            s.numbers.writable<std::int32_t>()[at] = static_cast<std::int32_t>(t.number(b * t.n + position));
            if (s.kept.defined())
                s.kept.writable()[at] = k < counting ? 1.0F : 0.0F;
        }
    }
    return s;
}

void flowOn(NamedTensors& more, const Tensor& numbers, const Tensor& kept)
{
    NamedTensors next;
    for (const auto& [name, value] : more)
        if (name != flow::numbers && name != flow::kept)
            next.set(name, value);
    next.set(flow::numbers, numbers);
    if (kept.defined())
        next.set(flow::kept, kept);
    more = next;
}

State selected(Run& run, const State& before, const Shortened& shorter)
{
    const Index m = shorter.positions.dim(1), b = std::min(run.watched(), before.x.dim(0) - 1);
    State after{nn::selectTokens(run, before.x, shorter.positions), {}, before.more}; // [B, m, C]
    after.layout = before.layout->selected(shorter.positions.values<std::int32_t>().subspan(
        static_cast<std::size_t>(b * m), static_cast<std::size_t>(m)));
    flowOn(after.more, shorter.numbers, shorter.kept);
    return after;
}

Field dropAtField(const std::string& help) { return {"drop_at", std::string("3,6,9"), help}; }

std::vector<int> dropBlocks(const Config& config, int depth)
{
    std::vector<int> blocks = countsIn(config.text("drop_at"), "drop_at");
    const bool ascend = std::ranges::adjacent_find(blocks, std::greater_equal<>()) == blocks.end();
    if (!ascend || blocks.back() >= depth)
        throw Error("field 'drop_at': expected numbers of blocks that ascend, below depth, "
            + std::to_string(depth) + ", found " + config.text("drop_at"));
    return blocks;
}

std::vector<Preset> droppingPresets()
{
    constexpr int microDepth = 6;
    std::vector<Preset> all;
    for (Preset& preset : vit::presets()) {
        if (preset.name.starts_with("vit"))
            continue;
        std::string blocks;
        for (int quarter = 1; preset.name.starts_with("micro") && quarter < 4; ++quarter)
            blocks += (quarter > 1 ? "," : "") + std::to_string(microDepth * quarter / 4);
        if (!blocks.empty())
            preset.values.emplace_back("drop_at", blocks);
        all.push_back(std::move(preset));
    }
    return all;
}

}
