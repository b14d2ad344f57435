// A curve for each layer on one pair of axes, coloured by depth. What is measured of a layer is told by each
// of the two views below.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/computed_view.h"
#include "widgets/views/mixers.h"

namespace fovea {

/// Whole lines are filters, dashed ones attention; the selected
/// layer's is drawn in the accent. A click selects the layer.
class DepthCurvesView : public ComputedView, private CellTable {
    Q_OBJECT

public:
    struct DepthCurve {
        Record record; ///< its last axis is the frequency
        int number = 0; ///< of the layer
        bool isDashed = false;
    };
    /// Of a step; runs in a Job.
    using Gather = std::vector<DepthCurve> (*)(
        const Slot& slot, const Services& services, std::size_t step, const Job::Context& context);

    std::vector<Record> data() const override;
    QString caption() const override;
    QString missing() const override;

protected:
    DepthCurvesView(
        const QString& id, const QString& title, Gather curvesOf, Session& session, QWidget* parent);
    /// Of the values; of the sentence that says there are none.
    virtual AxisSpec valueAxis() const = 0;
    virtual QString nothing() const = 0;
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }
    const std::vector<DepthCurve>& curves() const { return curves_; }

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    PlotFrame frameIn(const QRectF& body, const Style& style) const;
    ValueScale depths(const Style& style) const;
    std::vector<double> xOf(const DepthCurve& curve) const { return curve.record.axes.back().values; }
    /// The curve of the selected layer; -1 when it has none.
    int chosen() const;

    Gather gather_;
    std::vector<DepthCurve> curves_;
    std::vector<Mixer> mixers_;
    int column_ = 0; // where the keyboard stands
};

}
