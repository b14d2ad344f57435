// A value per token drawn over the picture that the tokens come from, and where each token lies there.
// The painter of the overlay, the rollout, kept tokens and the thumbnails; it knows no Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/color_bar.h"
#include "widgets/plots/value_scale.h"
#include "widgets/views/cell_table.h"

#include "core/trace/token_layout.h"

#include <QImage>
#include <QPainter>
#include <QRectF>

#include <optional>
#include <vector>

namespace fovea {

/// The value of each token; `isMet` (empty: all) tells those that have none from those that hold no number.
struct TokenValues {
    std::vector<float> values;
    std::vector<bool> isMet = {}; ///< false: left out, because it is in another window or was dropped
    bool meets(std::size_t token) const { return isMet.empty() || isMet[token]; }
    /// Of what is not left out.
    ValueRange range() const;
};

/// One pixel for each cell of the grid: the colour of its token's value, ColorMap::missing where that is no
/// number; transparent where no token is or it is left out.
QImage gridImage(const TokenLayout& tokens, const TokenValues& values, const ValueScale& scale);

/// u8 [y, x, 3] as an image.
QImage pictureImage(const Tensor& picture);

/// The tokens as a table: special tokens in a row on top, then the grid.
struct TokenCells {
    const TokenLayout* tokens;
    QSize size() const;
    /// The token of a cell, or -1: none was there, or it was dropped.
    int tokenAt(QPoint cell) const;
    QPoint cellOf(int token) const; ///< the first cell that it covers; CellTable::none for -1
};

struct TokenMap {
    QImage picture; ///< null: nothing beneath the map
    const TokenLayout* tokens = nullptr; ///< of the values
    TokenValues values;
    ValueScale scale;
    double opacity = 1;
    bool grid = false;
    const TokenLayout* anchorTokens = nullptr; ///< of the outlined token; may differ from `tokens`
    int anchor = -1;
    int other = -1; ///< of `tokens`; outlined with dashes
};

/// Where the parts of a TokenMap lie.
struct TokenMapPlaces {
    QRectF picture; ///< the extent of the input
    ColorBarRoom barRoom; ///< of the colour bar
    QRectF all; ///< with it
    QRectF specials; ///< a row of squares, one per special token of `anchorTokens`; may be empty
    double special = 0; ///< step from one square to the next

    static TokenMapPlaces within(const QRectF& rect, const TokenMap& map, const Style& style);
    /// The height that the map fills at that width.
    static double heightFor(double width, const TokenMap& map, const Style& style);
    QRectF rectOf(const Area& area, const TokenLayout& tokens) const;
    /// The token of `tokens` under a point, or -1.
    int tokenAt(QPointF point, const TokenLayout& tokens) const;
    /// The middle of a token: tokenAt() of it is the token.
    QPointF pointOf(const TokenLayout& tokens, int token) const;
    /// Where a cell of a map's table lies, and the cell under a point. Special tokens lie where those of the
    /// same name of `anchorTokens` do.
    QRectF rectOf(QPoint cell, const TokenMap& map) const;
    QPoint cellAt(QPointF point, const TokenMap& map) const;
};

/// The picture of a map with the tokens' colours over it, pixel by pixel: one opaque image for screen and
/// figure.
QImage veiledPicture(const TokenMap& map);

/// The lines between the cells of a grid, over a picture.
void paintTokenGrid(QPainter& painter, const QRectF& picture, const TokenLayout& tokens, const Style& style);

void paintTokenMap(QPainter& painter, const QRectF& rect, const TokenMap& map, const Style& style);

}
