// Which token speaks of which part of the input. The only bridge between token numbers and places;
// no view takes the square root of a token count.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fovea {

/// A place in the input: pixels of the prepared picture (x to the right, y down, from the top left
/// corner); for text and series x is the index of the word or sample and y is 0.
struct Place {
    double x = 0, y = 0;
    bool operator==(const Place&) const = default;
};

/// A rectangle of the input, in the units of Place.
struct Area {
    double x = 0, y = 0, width = 0, height = 0;
    bool contains(Place p) const { return p.x >= x && p.x < x + width && p.y >= y && p.y < y + height; }
    Place centre() const { return {x + width / 2, y + height / 2}; }
    bool operator==(const Area&) const = default;
};

class TokenLayout;
using LayoutPtr = std::shared_ptr<const TokenLayout>;

/// The tokens of one signal: each is either special (cls, dist, a register) or covers one or more
/// cells of a grid laid over the input. A stage that merges or drops tokens makes a layout of its own.
class FOVEA_API TokenLayout {
public:
    enum class Domain { Image, Text, Series };

    /// rows x cols cells over the whole of an image of width x height pixels, row-major,
    /// after the named special tokens (which come first).
    static LayoutPtr image(
        int rows, int cols, double width, double height, std::vector<std::string> specials = {});
    /// One token per word; `words` label them.
    static LayoutPtr text(std::vector<std::string> words);
    /// One token per `samplesPerToken` samples of a series.
    static LayoutPtr series(int tokens, double samplesPerToken);

    /// This layout with only the tokens named by `tokens` (indices, in the new order).
    LayoutPtr selected(std::span<const int> tokens) const;
    /// One token for each list of this layout's tokens (none is empty); it covers all their cells. A list
    /// that begins with a special token is that special token and covers nothing.
    LayoutPtr merged(const std::vector<std::vector<int>>& groups) const;

    int tokens() const { return static_cast<int>(special_.size()); }
    Domain domain() const { return domain_; }
    int gridRows() const { return rows_; }
    int gridCols() const { return cols_; }
    /// The part of the input that the grid covers.
    const Area& extent() const { return extent_; }

    bool isSpecial(int token) const { return special_[static_cast<std::size_t>(token)] >= 0; }
    int specialCount() const;
    /// The cells of a token (row * cols + col); empty for a special token.
    std::span<const int> cells(int token) const;
    Area cellArea(int cell) const;
    /// The centre of all that a token covers. Must not be special.
    Place centre(int token) const;
    /// "cls", "(7,4)" as row and column of the first cell, or the word.
    std::string name(int token) const;
    /// The token that covers a place, or -1 (outside, or dropped).
    int tokenAt(Place place) const;
    /// The special token of that name, or -1.
    int specialNamed(const std::string& name) const;
    const std::vector<std::string>& specialNames() const { return specialNames_; }
    const std::vector<std::string>& words() const { return words_; }

    bool operator==(const TokenLayout&) const = default;

    /// Everything in plain arrays: how a trace file keeps a layout.
    struct Plain {
        Domain domain = Domain::Image;
        int rows = 0, cols = 0;
        Area extent;
        std::vector<int> special; ///< per token: index into specialNames, or -1
        std::vector<int> offsets; ///< per token + 1: where its cells begin in `cells`
        std::vector<int> cells;
        std::vector<std::string> specialNames, words;
    };
    Plain plain() const;
    /// Throws Error when the arrays contradict one another.
    static LayoutPtr fromPlain(Plain plain);

private:
    void indexCells();

    Domain domain_ = Domain::Image;
    int rows_ = 0, cols_ = 0;
    Area extent_;
    std::vector<int> special_, offsets_{0}, cells_;
    std::vector<std::string> specialNames_, words_;
    std::vector<int> tokenOfCell_; // -1: no token covers the cell
};

}
