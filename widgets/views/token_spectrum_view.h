// What a block's mixing does to the spectrum of the open picture's tokens: before it and after it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/mixers.h"

#include <array>

namespace fovea {

/// Of the selected filter or attention: analysis::tokenSpectrum() of the tokens that were shown last before
/// it and first after it, for the selected channel and as the mean over channels; beside them the means over
/// rings.
class TokenSpectrumView final : public ComputedView {
    Q_OBJECT

public:
    TokenSpectrumView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;

private:
    /// Before and after. Grids [channel, ky, kx], their means over channels, and the rings of both.
    struct Side {
        RecordPtr tokens;
        Record spectrum, mean, rings, meanRings;
    };
    struct Row; ///< of panels: a channel, or the mean

    static std::array<Side, 2> sidesOf(const std::vector<RecordPtr>& records, const Record& mixer);
    Index channel(const Side& side) const;
    Row rowOf(bool isMean) const;
    void drawMaps(QPainter& painter, const Row& row, const QRectF& before, const QRectF& after,
        const Style& style) const;
    void drawCurves(QPainter& painter, const Row& row, const QRectF& place, const Style& style) const;

    Mixer asked_; ///< what is wanted: shown, or under way
    std::array<Side, 2> sides_;
    Mixer mixer_; ///< that the sides are of
};

}
