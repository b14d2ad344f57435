// The whole model in one picture: how far each block mixes tokens, filters and attention on one scale.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/computed_view.h"
#include "widgets/views/mixers.h"

namespace fovea {

/// Depth across; up, of each channel or head, the distance over that of mixing all tokens alike
/// (analysis::mixingDistance()). Spectral blocks and attention blocks differ in colour and shape, a line
/// joins the medians. A click selects the layer and the channel or head.
class MixingView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    MixingView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }

private:
    struct Layer {
        Mixer mixer;
        Record mixing; ///< Points; the last field is drawn
        std::vector<double> relative; ///< by channel or head
        double median = 0; ///< NaN: none has a number
    };

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    PlotFrame frameIn(const QRectF& body, const Style& style) const;
    /// Where an item stands: items of a layer lie beside one another in their order.
    QPointF placeOf(const PlotFrame& frame, int layer, int item) const;
    int chosen() const;
    void drawLayer(QPainter& painter, const PlotFrame& frame, int layer, const Style& style) const;
    void drawLegend(QPainter& painter, const QRectF& line, const Style& style) const;

    static std::vector<Layer> layersOf(const Trace& trace, std::size_t step, const StopToken& stop);

    std::vector<Layer> layers_;
};

}
