// The low-pass sweep: accuracy and logit over many pictures while each layer's filter keeps more and more of
// its frequencies, beside coefficients at random. Cuts by hand are the brush's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/asked_view.h"

#include "core/analysis/low_pass_sweep.h"

namespace fovea {

/// A place for each layer and one for all of them, with two panels over the radius: accuracy, and the change
/// of the label's logit. Begun when somebody asks; forgotten when the model or the pictures change.
class LowPassSweepView final : public AskedView {
    Q_OBJECT

public:
    LowPassSweepView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; } // the model as it is, on other pictures
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    QString missing() const override;
    bool isIncomplete() const override { return asked_.weights && !sweep_; }
    QString buttonText() const override { return tr("Sweep the radius"); }

private:
    struct Asked {
        WeightsPtr weights;
        StudyOptions study;
        bool operator==(const Asked&) const = default;
    };
    using SweepPtr = std::shared_ptr<const analysis::LowPassSweep>;

    /// A column for each radius, a row for each place.
    QSize cells() const override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    static QString nameOf(analysis::Cut cut);
    int rows() const { return static_cast<int>(sweep_->rows.size()); }
    QRectF placeOf(int row, const QRectF& body, const Style& style) const;
    AxisSpec valueAxis(bool isAccuracy) const;
    PlotFrame frameOf(int row, bool isAccuracy, const QRectF& body, const Style& style) const;
    void drawKey(QPainter& painter, const QRectF& body, const Style& style) const;
    void drawPanel(QPainter& painter, int row, bool isAccuracy, const QRectF& body, const Style& style) const;
    void drawCurve(QPainter& painter, int row, analysis::Cut cut, bool isAccuracy, const PlotFrame& frame,
        const Style& style) const;

    Asked asked_; ///< of what is shown, or is being computed
    SweepPtr sweep_;
};

}
