// A value per token drawn over the picture that the tokens come from, and where each token lies there.
// The painter of the overlay, the rollout, kept tokens and the thumbnails; it knows no Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/value_scale.h"

#include "core/trace/token_layout.h"

#include <QImage>
#include <QPainter>
#include <QRectF>

#include <optional>
#include <span>
#include <vector>

namespace fovea {

/// One pixel for each cell of the grid: the colour of its token's value; transparent where no token is or
/// the value is NaN.
QImage gridImage(const TokenLayout& tokens, std::span<const float> values, const ValueScale& scale);

/// u8 [y, x, 3] as an image.
QImage pictureImage(const Tensor& picture);

struct TokenMap {
    QImage picture; ///< null: nothing beneath the map
    const TokenLayout* tokens = nullptr; ///< of the values
    std::vector<float> values; ///< one per token; NaN: left out
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
    QRectF bar; ///< the colour bar
    QRectF specials; ///< a row of squares, one per special token of `anchorTokens`; may be empty
    double special = 0; ///< step from one square to the next

    static TokenMapPlaces within(const QRectF& rect, const TokenMap& map, const Style& style);
    QRectF rectOf(const Area& area, const TokenLayout& tokens) const;
    /// The token of `tokens` under a point, or -1.
    int tokenAt(QPointF point, const TokenLayout& tokens) const;
    /// The middle of a token: tokenAt() of it is the token.
    QPointF pointOf(const TokenLayout& tokens, int token) const;
};

void paintTokenMap(QPainter& painter, const QRectF& rect, const TokenMap& map, const Style& style);

}
