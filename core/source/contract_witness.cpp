// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/contract_witness.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea {

Witness::Witness(std::vector<SignalInfo> infos, std::vector<std::string> blocks, Index batch)
    : infos_(std::move(infos))
    , blocks_(std::move(blocks))
    , batch_(batch)
{
}

void Witness::require(bool kept, const Shown& shown, const std::string& problem)
{
    if (!kept)
        problems_.push_back(std::string(shown.path) + " " + problem);
}

void Witness::enter(std::string_view block, const State&)
{
    entered_.push_back(std::string(block));
    block_ = block;
}

void Witness::leave(std::string_view, double) { block_.clear(); }

Tensor Witness::show(const Shown& shown, const Tensor& value)
{
    const auto info = std::ranges::find(infos_, shown.path, &SignalInfo::path);
    if (info == infos_.end()) {
        require(false, shown, "is shown but not declared");
        return value;
    }
    require(seen_.insert(info->path).second, shown, "is shown twice");
    require(info->block == block_, shown,
        "is declared of block '" + info->block + "', shown in '" + block_ + "'");
    const bool isAfterBlocks = !info->block.empty() || entered_.size() == blocks_.size();
    require(isAfterBlocks, shown, "belongs to no block and is shown before the last one ended");
    checkShape(*info, shown, value);
    return value;
}

void Witness::checkShape(const SignalInfo& info, const Shown& shown, const Tensor& value)
{
    const int rank = static_cast<int>(axesOf(info.kind).size()) + 1;
    if (value.rank() != rank) {
        require(false, shown,
            "is " + value.shape().text() + ": with its batch a " + std::string(nameOf(info.kind))
                + " has rank " + std::to_string(rank));
        return;
    }
    require(
        value.dim(0) == batch_ || value.dim(0) == 1, shown, "has a batch of " + std::to_string(value.dim(0)));
    require((value.dtype() == DType::C64) == (info.kind == Kind::Filter), shown,
        "is " + std::string(nameOf(value.dtype())));
    const auto fields = static_cast<Index>(info.fields.size());
    require(fields == 0 || value.dim(-1) == fields, shown, "has not the fields it declares");
    checkTokens(info, shown, value);
    checkValues(info, shown, value);
}

void Witness::checkTokens(const SignalInfo& info, const Shown& shown, const Tensor& value)
{
    const bool isAttention = info.kind == Kind::Attention;
    const bool speaksOfTokens
        = isAttention || info.kind == Kind::Heads || info.kind == Kind::Tokens || info.kind == Kind::Keep;
    require(!speaksOfTokens || shown.queries, shown, "speaks of tokens without a layout");
    if (!speaksOfTokens || !shown.queries)
        return;
    if (!isAttention) {
        const Index tokens = value.dim(info.kind == Kind::Heads ? 2 : 1);
        require(tokens == shown.queries->tokens(), shown,
            "has " + std::to_string(tokens) + " tokens, its layout "
                + std::to_string(shown.queries->tokens()));
        return;
    }
    checkIndex(shown, shown.queryIndex, *shown.queries, {value.dim(1), value.dim(3)});
    checkIndex(
        shown, shown.keyIndex, shown.keys ? *shown.keys : *shown.queries, {value.dim(1), value.dim(4)});
}

void Witness::checkIndex(const Shown& shown, const Tensor& index, const TokenLayout& layout, Shape expected)
{
    if (!index.defined()) {
        require(expected[1] == layout.tokens(), shown,
            "has " + std::to_string(expected[1]) + " queries or keys, its layout "
                + std::to_string(layout.tokens()) + " and no index says which");
        return;
    }
    if (index.dtype() != DType::I32 || index.shape() != expected) {
        require(false, shown, "has an index that is not i32 " + expected.text());
        return;
    }
    const bool fits = std::ranges::all_of(
        index.values<std::int32_t>(), [&](int token) { return token >= 0 && token < layout.tokens(); });
    require(fits, shown, "has an index outside its layout");
}

void Witness::checkValues(const SignalInfo& info, const Shown& shown, const Tensor& value)
{
    require(allFinite(value), shown, "holds NaN or infinity");
    const std::vector<double> values = value.toDoubles();
    if (info.kind == Kind::Keep)
        for (std::size_t i = 1; i < values.size(); i += static_cast<std::size_t>(value.dim(-1)))
            if (values[i] != 0 && values[i] != 1)
                return require(false, shown, "has tokens that are neither kept (1) nor dropped (0)");
    if (info.kind != Kind::Attention || !info.path.ends_with("pattern"))
        return;
    constexpr double tolerance = 1e-4;
    const auto keys = value.dim(4);
    for (auto row = values.begin(); row != values.end(); row += keys)
        if (const double sum = std::accumulate(row, row + keys, 0.0); std::abs(sum - 1) > tolerance)
            return require(false, shown, "has a row that sums to " + std::to_string(sum));
}

std::vector<std::string> Witness::problems()
{
    for (const SignalInfo& info : infos_)
        if (!seen_.contains(info.path))
            problems_.push_back(info.path + " is declared but not shown");
    if (entered_ != blocks_) {
        std::string chain;
        for (const std::string& block : entered_)
            chain += (chain.empty() ? "" : ", ") + block;
        problems_.push_back("the blocks that ran are not those declared, but " + chain);
    }
    return problems_;
}

}
