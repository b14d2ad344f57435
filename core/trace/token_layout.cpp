// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/token_layout.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fovea {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}

LayoutPtr TokenLayout::image(
    int rows, int cols, double width, double height, std::vector<std::string> specials)
{
    auto layout = std::make_shared<TokenLayout>();
    layout->rows_ = rows;
    layout->cols_ = cols;
    layout->extent_ = {0, 0, width, height};
    for (int i = 0; i < static_cast<int>(specials.size()); ++i) {
        layout->special_.push_back(i);
        layout->offsets_.push_back(0);
    }
    layout->specialNames_ = std::move(specials);
    for (int cell = 0; cell < rows * cols; ++cell) {
        layout->special_.push_back(-1);
        layout->cells_.push_back(cell);
        layout->offsets_.push_back(cell + 1);
    }
    layout->indexCells();
    return layout;
}

LayoutPtr TokenLayout::text(std::vector<std::string> words)
{
    const int n = static_cast<int>(words.size());
    auto layout = std::make_shared<TokenLayout>(*image(1, n, n, 1));
    layout->domain_ = Domain::Text;
    layout->words_ = std::move(words);
    return layout;
}

LayoutPtr TokenLayout::series(int tokens, double samplesPerToken)
{
    auto layout = std::make_shared<TokenLayout>(*image(1, tokens, tokens * samplesPerToken, 1));
    layout->domain_ = Domain::Series;
    return layout;
}

LayoutPtr TokenLayout::selected(std::span<const int> tokens) const
{
    std::vector<std::vector<int>> groups;
    for (const int token : tokens)
        groups.push_back({token});
    return merged(groups);
}

LayoutPtr TokenLayout::merged(const std::vector<std::vector<int>>& groups) const
{
    auto layout = std::make_shared<TokenLayout>(*this);
    layout->special_.clear();
    layout->offsets_ = {0};
    layout->cells_.clear();
    for (const auto& group : groups) {
        assert(!group.empty());
        layout->special_.push_back(special_[at(group.front())]);
        for (const int token : group)
            if (!isSpecial(group.front()))
                layout->cells_.insert(layout->cells_.end(), cells(token).begin(), cells(token).end());
        layout->offsets_.push_back(static_cast<int>(layout->cells_.size()));
    }
    layout->indexCells();
    return layout;
}

int TokenLayout::specialCount() const
{
    return static_cast<int>(std::ranges::count_if(special_, [](int s) { return s >= 0; }));
}

std::span<const int> TokenLayout::cells(int token) const
{
    const auto begin = at(offsets_[at(token)]), end = at(offsets_[at(token) + 1]);
    return {cells_.data() + begin, end - begin};
}

Area TokenLayout::cellArea(int cell) const
{
    const double w = extent_.width / cols_, h = extent_.height / rows_;
    const int row = cell / cols_, column = cell % cols_;
    return {extent_.x + column * w, extent_.y + row * h, w, h};
}

Place TokenLayout::centre(int token) const
{
    Place sum;
    const auto own = cells(token);
    for (const int cell : own) {
        const Place c = cellArea(cell).centre();
        sum.x += c.x;
        sum.y += c.y;
    }
    const auto n = static_cast<double>(std::max<std::size_t>(own.size(), 1));
    return {sum.x / n, sum.y / n};
}

std::string TokenLayout::name(int token) const
{
    if (isSpecial(token))
        return specialNames_[at(special_[at(token)])];
    const auto own = cells(token);
    if (own.empty())
        return "-";
    const int cell = own.front();
    if (domain_ == Domain::Text)
        return at(cell) < words_.size() ? words_[at(cell)] : std::to_string(cell);
    if (domain_ == Domain::Series)
        return std::to_string(cell);
    return "(" + std::to_string(cell / cols_) + "," + std::to_string(cell % cols_) + ")";
}

int TokenLayout::tokenAt(Place place) const
{
    if (!extent_.contains(place) || rows_ == 0 || cols_ == 0)
        return -1;
    const int col = std::min(cols_ - 1, static_cast<int>((place.x - extent_.x) * cols_ / extent_.width));
    const int row = std::min(rows_ - 1, static_cast<int>((place.y - extent_.y) * rows_ / extent_.height));
    return tokenOfCell_[at(row * cols_ + col)];
}

int TokenLayout::specialNamed(const std::string& name) const
{
    for (int token = 0; token < tokens(); ++token)
        if (isSpecial(token) && specialNames_[at(special_[at(token)])] == name)
            return token;
    return -1;
}

TokenLayout::Plain TokenLayout::plain() const
{
    return {domain_, rows_, cols_, extent_, special_, offsets_, cells_, specialNames_, words_};
}

LayoutPtr TokenLayout::fromPlain(Plain plain)
{
    const auto within = [](const std::vector<int>& values, int low, std::size_t high) {
        return std::ranges::all_of(
            values, [&](int v) { return v >= low && (v < 0 || static_cast<std::size_t>(v) < high); });
    };
    const Area& e = plain.extent;
    const bool extentFits = std::isfinite(e.x) && std::isfinite(e.y) && std::isfinite(e.width)
        && std::isfinite(e.height) && e.width >= 0 && e.height >= 0;
    if (!extentFits)
        throw Error("token layout: the grid's extent is no rectangle");
    constexpr std::int64_t maxCells = 1 << 24;
    if (plain.rows < 0 || plain.cols < 0 || static_cast<std::int64_t>(plain.rows) * plain.cols > maxCells)
        throw Error(
            "token layout: a grid of " + std::to_string(plain.rows) + " x " + std::to_string(plain.cols));
    if (plain.offsets.size() != plain.special.size() + 1 || plain.offsets.front() != 0
        || !std::ranges::is_sorted(plain.offsets) || at(plain.offsets.back()) != plain.cells.size())
        throw Error("token layout: offsets do not fit the tokens and cells");
    if (!within(plain.special, -1, plain.specialNames.size()))
        throw Error("token layout: a special token without a name");
    if (!within(plain.cells, 0, at(plain.rows) * at(plain.cols)))
        throw Error("token layout: a cell outside the grid");
    for (std::size_t token = 0; token < plain.special.size(); ++token)
        if (plain.special[token] >= 0 && plain.offsets[token] != plain.offsets[token + 1])
            throw Error("token layout: special token " + std::to_string(token) + " covers cells");
    auto layout = std::make_shared<TokenLayout>();
    layout->domain_ = plain.domain;
    layout->rows_ = plain.rows;
    layout->cols_ = plain.cols;
    layout->extent_ = plain.extent;
    layout->special_ = std::move(plain.special);
    layout->offsets_ = std::move(plain.offsets);
    layout->cells_ = std::move(plain.cells);
    layout->specialNames_ = std::move(plain.specialNames);
    layout->words_ = std::move(plain.words);
    layout->indexCells();
    return layout;
}

void TokenLayout::indexCells()
{
    tokenOfCell_.assign(at(rows_) * at(cols_), -1);
    for (int token = 0; token < tokens(); ++token)
        for (const int cell : cells(token))
            tokenOfCell_[at(cell)] = token;
}

}
